// Tickets run from 1 without gaps, one entry each, and everybody on a drawn list has exactly one: nobody was
// drawn twice, nobody was left out, no number was kept back.
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

type Bucket = {
  bucket: number;
  state: "frozen" | "reserved" | "drawn";
  count: number;
  firstTicket: number | null;
};
type Range = { lane: number; bucket: number; fromSeq: number; toSeq: number };
/** As of one statement: what comes later is the next look's. */
type Drawn = { buckets: Bucket[]; ranges: Range[]; nextTicket: number; nextBucket: number; drawnTo: number };

export async function ticketsWithoutGaps(look: Look): Promise<Verdict> {
  const drawn = await readDrawn(look);
  const evidence = new Evidence();
  for (const fault of faultsOfBuckets(drawn)) evidence.found(fault);
  for (const fault of faultsOfRanges(drawn.ranges)) evidence.found(fault);
  const tickets = await judgeTickets(look, drawn, evidence);
  const entries = await judgeEntries(look, drawn, evidence);
  return evidence.verdict(
    `tickets 1 to ${drawn.drawnTo} (${tickets} rows) for ${entries} entries of ${drawn.buckets.length} buckets`,
  );
}

async function readDrawn({ tx, sale }: Look): Promise<Drawn> {
  const { rows } = await tx.query<Drawn>(
    `SELECT s.next_ticket AS "nextTicket", s.next_bucket AS "nextBucket", s.drawn_to AS "drawnTo",
       (SELECT coalesce(json_agg(json_build_object('bucket', bucket, 'state', state, 'count', count,
          'firstTicket', first_ticket) ORDER BY first_ticket, bucket), '[]')
        FROM draw_buckets WHERE sale_id = s.id) AS buckets,
       (SELECT coalesce(json_agg(json_build_object('lane', lane, 'bucket', bucket, 'fromSeq', from_seq,
          'toSeq', to_seq) ORDER BY lane, from_seq, to_seq), '[]')
        FROM draw_bucket_ranges WHERE sale_id = s.id) AS ranges
     FROM sales s WHERE s.id = $1`,
    [sale.id],
  );
  return rows[0] ?? { buckets: [], ranges: [], nextTicket: 1, nextBucket: 0, drawnTo: 0 };
}

function faultsOfBuckets({ buckets, nextTicket, nextBucket, drawnTo }: Drawn): string[] {
  const faults: string[] = [];
  let next = 1;
  const sealed = buckets.filter((bucket) => bucket.firstTicket !== null);
  for (const { bucket, firstTicket, count } of sealed) {
    if (firstTicket !== next) faults.push(`bucket ${bucket} begins at ticket ${firstTicket}, not at ${next}`);
    next = (firstTicket ?? next) + count;
  }
  if (next !== nextTicket) {
    faults.push(`the buckets end before ticket ${next}, but the sale goes on with ${nextTicket}`);
  }
  if (drawnTo >= nextTicket) faults.push(`drawn to ${drawnTo}, beyond what buckets were given`);
  const numbers = sealed.map(({ bucket }) => bucket).toSorted((a, b) => a - b);
  if (numbers.length !== nextBucket || numbers.some((bucket, i) => bucket !== i)) {
    faults.push(`buckets ${numbers.slice(0, 10).join(", ")} are sealed, but the next one is ${nextBucket}`);
  }
  return faults;
}

function faultsOfRanges(ranges: readonly Range[]): string[] {
  return ranges.flatMap((range, i) => {
    const before = ranges[i - 1];
    if (before === undefined || before.lane !== range.lane || range.fromSeq >= before.toSeq) return [];
    return [
      `buckets ${before.bucket} and ${range.bucket} share arrivals ${range.fromSeq + 1} to ${before.toSeq} of lane ${range.lane}`,
    ];
  });
}

/** By firstTicket, so that a walk along tickets and one along buckets go together. */
async function judgeTickets({ tx, sale }: Look, drawn: Drawn, evidence: Evidence): Promise<number> {
  type Row = { ticket: number; bucket: number };
  const sealed = drawn.buckets.filter((bucket) => bucket.firstTicket !== null);
  let at = 0;
  let count = 0;
  let last = 0;
  const missing = (before: number): void => {
    const to = Math.min(before - 1, drawn.drawnTo);
    if (to > last) evidence.found(`tickets ${last + 1} to ${to} are not there`);
  };
  const read = async (after: number): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT ticket, bucket FROM tickets WHERE sale_id = $1 AND ticket > $2 AND ticket < $3
         ORDER BY ticket LIMIT $4`,
        [sale.id, after, drawn.nextTicket, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages(0, (row: Row) => row.ticket, read)) {
    for (const { ticket, bucket } of page) {
      count++;
      missing(ticket);
      last = ticket;
      while (at < sealed.length && endOf(sealed[at]) <= ticket) at++;
      const due = sealed[at];
      if (due?.bucket !== bucket) {
        evidence.found(`ticket ${ticket} is of bucket ${bucket}, but lies in ${nameOf(due)}`);
      }
    }
  }
  missing(drawn.nextTicket);
  return count;
}

function endOf(bucket: Bucket | undefined): number {
  return bucket === undefined ? 0 : (bucket.firstTicket ?? 0) + bucket.count;
}

function nameOf(bucket: Bucket | undefined): string {
  return bucket === undefined ? "none" : `bucket ${bucket.bucket}`;
}

type EntryTickets = {
  entryId: string;
  lane: number;
  seq: number;
  tickets: { ticket: number; bucket: number }[];
};

async function judgeEntries({ tx, sale }: Look, drawn: Drawn, evidence: Evidence): Promise<number> {
  let count = 0;
  let at = 0;
  const read = async ([lane, seq]: [number, number]): Promise<EntryTickets[]> =>
    (
      await tx.query<EntryTickets>(
        `WITH page AS (
           SELECT entry_id, lane, seq FROM entries
           WHERE sale_id = $1 AND (lane, seq) > ($2::smallint, $3::bigint) ORDER BY lane, seq LIMIT $4)
         SELECT p.entry_id AS "entryId", p.lane, p.seq,
           coalesce(json_agg(json_build_object('ticket', t.ticket, 'bucket', t.bucket))
             FILTER (WHERE t.ticket IS NOT NULL), '[]') AS tickets
         FROM page p LEFT JOIN tickets t ON t.entry_id = p.entry_id AND t.sale_id = $1
         GROUP BY p.entry_id, p.lane, p.seq ORDER BY p.lane, p.seq`,
        [sale.id, lane, seq, PAGE_ROWS],
      )
    ).rows;
  const keyOf = (row: EntryTickets): [number, number] => [row.lane, row.seq];
  const stateOf = new Map(drawn.buckets.map(({ bucket, state }) => [bucket, state]));
  for await (const page of pages([-1, 0] as [number, number], keyOf, read)) {
    for (const entry of page) {
      // Ranges and entries are both in order of lane and sequence.
      while (isBefore(drawn.ranges[at], entry)) at++;
      const range = drawn.ranges[at];
      const isListed = range !== undefined && range.lane === entry.lane && range.fromSeq < entry.seq;
      const isPassed = range !== undefined && range.lane === entry.lane && !isListed;
      if (isListed) count++;
      const fault = isListed
        ? faultOfListed(entry, range.bucket, stateOf.get(range.bucket))
        : faultOfUnlisted(entry, isPassed, drawn.nextTicket);
      if (fault !== null) evidence.found(fault);
    }
  }
  return count;
}

function isBefore(range: Range | undefined, { lane, seq }: EntryTickets): boolean {
  return range !== undefined && (range.lane < lane || (range.lane === lane && range.toSeq < seq));
}

function faultOfListed(
  { entryId, tickets }: EntryTickets,
  bucket: number,
  state: Bucket["state"] | undefined,
): string | null {
  if (tickets.length > 1) {
    return `entry ${entryId} has tickets ${tickets.map((t) => t.ticket).join(" and ")}`;
  }
  const ticket = tickets[0];
  if (ticket === undefined) {
    return state === "drawn" ? `entry ${entryId} is on the list of bucket ${bucket} but has no ticket` : null;
  }
  if (ticket.bucket === bucket) return null;
  return `entry ${entryId} is on the list of bucket ${bucket} but has ticket ${ticket.ticket} of bucket ${ticket.bucket}`;
}

/** @param isPassed whether later arrivals of its lane are on a list */
function faultOfUnlisted(
  { entryId, lane, seq, tickets }: EntryTickets,
  isPassed: boolean,
  nextTicket: number,
): string | null {
  if (isPassed) return `entry ${entryId} (lane ${lane}, arrival ${seq}) is on no list, but later ones are`;
  // Its bucket may have been frozen and drawn since the lists were read.
  const early = tickets.find(({ ticket }) => ticket < nextTicket);
  return early === undefined ? null : `entry ${entryId} is on no list but has ticket ${early.ticket}`;
}
