// Checks one bucket's entries while they stream by: its count, its digest, its tickets and their order. It keeps
// 40 bytes an entry (key, ticket, line) and forgets them when the bucket ends, so memory follows the largest bucket.

import { type Bucket, bytesOfHex, hexOfBytes } from "./draw-file.ts";
import type { Hashes } from "./sha256.ts";

/** What one entry's line said. `id` is the entry id's bytes. */
export interface EntryLine {
  line: number;
  id: Uint8Array;
  ticket: number;
}

/** One entry's ticket, worked out anew from the seed. `recomputed` and `key` are null while there is no seed. */
export interface EntryProof {
  line: number;
  bucket: number;
  claimed: number;
  recomputed: number | null;
  key: string | null;
}

/** Told once for each thing that is wrong; the caller keeps as many sentences as it wants to show. */
export type Report = (check: "counts" | "digests" | "tickets" | "order", sentence: string) => void;

export interface BucketAudit {
  add(entry: EntryLine, isAsked: boolean): void;
  /** Reports what is wrong with the bucket as a whole, and answers the asked entry's proof if it was among them. */
  end(report: Report): EntryProof | null;
}

const NEWLINE = Uint8Array.of(10);

/** Begins the audit of one bucket as the draw file states it. */
export function beginBucketAudit(bucket: Bucket, hashes: Hashes): BucketAudit {
  const digest = hashes.begin();
  const seed = bucket.seed === null ? null : bytesOfHex(bucket.seed);
  const message = new Uint8Array(32 + 64);
  if (seed !== null) message.set(seed);
  let keys = new Uint8Array(seed === null ? 0 : 32 * 64);
  let tickets = new Uint32Array(64);
  let lines = new Uint32Array(64);
  let size = 0;
  let asked = -1;

  function widen(): void {
    const widerKeys = new Uint8Array(keys.length * 2);
    widerKeys.set(keys);
    keys = widerKeys;
    const widerTickets = new Uint32Array(tickets.length * 2);
    widerTickets.set(tickets);
    tickets = widerTickets;
    const widerLines = new Uint32Array(lines.length * 2);
    widerLines.set(lines);
    lines = widerLines;
  }

  function add(entry: EntryLine, isAsked: boolean): void {
    if (size === tickets.length) widen();
    digest.update(entry.id);
    digest.update(NEWLINE);
    if (seed !== null) {
      message.set(entry.id, 32);
      keys.set(hashes.sha256(message.subarray(0, 32 + entry.id.length)), size * 32);
    }
    tickets[size] = entry.ticket;
    lines[size] = entry.line;
    if (isAsked) asked = size;
    size++;
  }

  function end(report: Report): EntryProof | null {
    if (size !== bucket.count) {
      report("counts", `bucket ${bucket.bucket} has ${size} entries, the draw file says ${bucket.count}`);
    }
    const found = hexOfBytes(digest.digest());
    if (found !== bucket.digest) {
      report(
        "digests",
        `bucket ${bucket.bucket}: the list's digest is ${found}, the draw file says ${bucket.digest}`,
      );
    }
    const given = { tickets: tickets.subarray(0, size), lines, keys };
    checkTickets(bucket, given, report);
    if (seed !== null) checkOrder(bucket, given, report);
    if (asked < 0) return null;
    return {
      line: lines[asked] ?? 0,
      bucket: bucket.bucket,
      claimed: tickets[asked] ?? 0,
      recomputed: seed === null ? null : bucket.firstTicket + keysBelow(keys, size, asked),
      key: seed === null ? null : hexOfBytes(keys.subarray(asked * 32, asked * 32 + 32)),
    };
  }

  return { add, end };
}

/** What the bucket's lines said, side by side: entry i has tickets[i], lines[i] and 32 bytes of keys. */
interface Given {
  tickets: Uint32Array;
  lines: Uint32Array;
  keys: Uint8Array;
}

/** Each ticket of the bucket's range must be there exactly once. */
function checkTickets(bucket: Bucket, { tickets, lines }: Given, report: Report): void {
  const last = bucket.firstTicket + bucket.count - 1;
  const seen = new Uint8Array(tickets.length);
  let distinct = 0;
  tickets.forEach((ticket, index) => {
    const place = ticket - bucket.firstTicket;
    if (ticket < bucket.firstTicket || ticket > last) {
      report(
        "tickets",
        `line ${lines[index]}: ticket ${ticket} is not one of bucket ${bucket.bucket}'s (${bucket.firstTicket} to ${last})`,
      );
    } else if (seen[place] === 1) {
      report("tickets", `line ${lines[index]}: ticket ${ticket} has been given out before`);
    } else {
      distinct++;
    }
    if (place >= 0 && place < seen.length) seen[place] = 1;
  });
  if (distinct < bucket.count) {
    report("tickets", `bucket ${bucket.bucket} lacks ${bucket.count - distinct} of its tickets`);
  }
}

/** Tickets must rise with the keys. A whole bucket in order is seen in one pass; only a wrong one is sorted. */
function checkOrder(bucket: Bucket, { tickets, lines, keys }: Given, report: Report): void {
  const nobody = 0xffffffff;
  const byTicket = new Uint32Array(tickets.length).fill(nobody);
  tickets.forEach((ticket, index) => {
    const place = ticket - bucket.firstTicket;
    if (place >= 0 && place < byTicket.length) byTicket[place] = index;
  });
  const isInOrder = byTicket.every(
    (index, place) =>
      index !== nobody && (place === 0 || compareKeys(keys, byTicket[place - 1] ?? 0, index) <= 0),
  );
  if (isInOrder) return;
  // In place: a copy of a large bucket's order would be kept beside it, and older browsers know no other way.
  const byKey = Uint32Array.from(tickets.keys());
  byKey.sort((a, b) => compareKeys(keys, a, b));
  byKey.forEach((index, rank) => {
    const due = bucket.firstTicket + rank;
    if (tickets[index] !== due) {
      report(
        "order",
        `line ${lines[index]}: ticket ${tickets[index]} should be ${due} in bucket ${bucket.bucket}`,
      );
    }
  });
}

function compareKeys(keys: Uint8Array, a: number, b: number): number {
  for (let at = 0; at < 32; at++) {
    const difference = (keys[a * 32 + at] ?? 0) - (keys[b * 32 + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function keysBelow(keys: Uint8Array, size: number, own: number): number {
  let below = 0;
  for (let other = 0; other < size; other++) if (compareKeys(keys, other, own) < 0) below++;
  return below;
}
