// Reads one line of `GET /sales/{saleId}/draw/entries`. A million of them pass here, so the spelling that the gateway
// writes is matched as it stands, and any other spelling of the same JSON takes the slow way.

import { ID, MAX_TICKET } from "./draw-file.ts";

export type ParsedLine =
  | { ok: true; bucket: number; entryId: string; ticket: number }
  | { ok: false; refusal: "LINE_MALFORMED"; problem: string };

/** Longer than any line can be: 64 characters of id, two numbers, the names. */
export const MAX_LINE_CHARACTERS = 512;

const AS_WRITTEN =
  /^\{"bucket":(0|[1-9]\d{0,15}),"entryId":"([A-Za-z0-9_-]{1,64})","ticket":([1-9]\d{0,9})\}$/;

/** One line without its newline in, what it says or what is wrong with it out. */
export function parseEntryLine(line: string): ParsedLine {
  const match = AS_WRITTEN.exec(line);
  if (match !== null) {
    const [, bucket, entryId = "", ticket] = match;
    return checked(Number(bucket), entryId, Number(ticket));
  }
  if (line.length > MAX_LINE_CHARACTERS) return malformed("the line is too long");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return malformed(line.trim() === "" ? "the line is empty" : "the line is not JSON");
  }
  if (typeof value !== "object" || value === null) return malformed("the line is not an object");
  // JSON.parse keeps the last of two equal names, another reader may keep the first: such a line says two things.
  for (const name of ["bucket", "entryId", "ticket"]) {
    if (line.split(`"${name}"`).length > 2) return malformed(`${name} stands there twice`);
  }
  if (!("bucket" in value) || typeof value.bucket !== "number") return malformed("bucket is not a number");
  if (!("entryId" in value) || typeof value.entryId !== "string") return malformed("entryId is not a text");
  if (!("ticket" in value) || typeof value.ticket !== "number") return malformed("ticket is not a number");
  return checked(value.bucket, value.entryId, value.ticket);
}

function checked(bucket: number, entryId: string, ticket: number): ParsedLine {
  if (!Number.isSafeInteger(bucket) || bucket < 0) return malformed("bucket is not a whole number from 0");
  if (!ID.test(entryId)) return malformed("entryId is not an id of 1 to 64 letters, digits, _ or -");
  if (!Number.isInteger(ticket) || ticket < 1 || ticket > MAX_TICKET) {
    return malformed(`ticket is not a whole number from 1 to ${MAX_TICKET}`);
  }
  return { ok: true, bucket, entryId, ticket };
}

function malformed(problem: string): ParsedLine {
  return { ok: false, refusal: "LINE_MALFORMED", problem };
}
