// Cursors of paged lists: opaque to callers, a JSON array in base64url to us. They give no right to anything,
// so they need no signature; what does not read as one is refused.
import { ID_PATTERN } from "@dropgate/contracts/ids";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";

/** What a field of a cursor must look like, so that PostgreSQL takes it. */
export const CURSOR_NUMBER = /^\d{1,18}$/;
export const CURSOR_ID = ID_PATTERN;
/** Of the names that merchants bring. */
export const CURSOR_TEXT = /^[^\p{Cc}\p{Cs}]{1,128}$/u;
export const CURSOR_SKU = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

/** @returns null without one, `invalid` when it is none of ours */
export function readCursor<Field extends string>(
  text: string | undefined,
  fields: Readonly<Record<Field, RegExp>>,
): Record<Field, string> | null | "invalid" {
  if (text === undefined) return null;
  const names = Object.keys(fields) as Field[];
  try {
    const values: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (!Array.isArray(values) || values.length !== names.length) return "invalid";
    const read: Partial<Record<Field, string>> = {};
    for (const [i, name] of names.entries()) {
      const value: unknown = values[i];
      if (typeof value !== "string" || !fields[name].test(value)) return "invalid";
      read[name] = value;
    }
    return read as Record<Field, string>;
  } catch {
    return "invalid";
  }
}

/** @param values in the order of the fields that `readCursor` is given */
export function writeCursor(...values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values.map(String))).toString("base64url");
}

/**
 * @param rows one more than the limit where there is a next page
 * @param cursorOf what the next page begins behind, in the order of `readCursor`'s fields
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursorOf: (row: Row) => readonly (string | number)[],
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(view), nextCursor: last === undefined ? null : writeCursor(...cursorOf(last)) };
}

export function badCursor(): Refusal {
  return refuse("INVALID_REQUEST", {
    errors: [{ pointer: "/cursor", detail: "It is not a cursor that we gave." }],
  });
}
