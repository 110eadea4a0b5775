// The draw, done again: from the entries on the frozen lists and the secret to digest, seed and order, as the
// published format says and by code that shares nothing with the sealing. A ticket was not chosen by anyone. It is
// done page by page, for it runs in a gateway: nothing is sorted, for what is in order only has to be walked along.
import { createHash, createHmac } from "node:crypto";
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

type Bucket = {
  bucket: number;
  state: "frozen" | "reserved" | "drawn";
  count: number;
  digest: Buffer;
  seed: Buffer | null;
  firstTicket: number | null;
};

export async function drawRecomputed(look: Look): Promise<Verdict> {
  const { tx, sale } = look;
  const evidence = new Evidence();
  if (!createHash("sha256").update(sale.secret).digest().equals(sale.commitment)) {
    evidence.found("the secret is not the one whose SHA-256 was published at the beginning");
  }
  const { rows: buckets } = await tx.query<Bucket>(
    `SELECT bucket, state, count, digest, seed, first_ticket AS "firstTicket" FROM draw_buckets
     WHERE sale_id = $1 ORDER BY bucket`,
    [sale.id],
  );
  let entries = 0;
  for (const bucket of buckets) {
    const list = await digestList(look, bucket.bucket);
    entries += list.count;
    const fault = faultOfList(bucket, list) ?? faultOfSeed(look, bucket);
    if (fault !== null) evidence.found(fault);
    else await judgeOrder(look, bucket, evidence);
  }
  return evidence.verdict(`${buckets.length} buckets of ${entries} entries come out as they were drawn`);
}

interface List {
  count: number;
  digest: Buffer;
}

/** The list in the order in which it is digested: lane by lane, each in order of arrival. */
async function digestList({ tx, sale }: Look, bucket: number): Promise<List> {
  type Row = { entryId: string; lane: number; seq: number };
  const hash = createHash("sha256");
  let count = 0;
  const read = async ([lane, seq]: [number, number]): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT e.entry_id AS "entryId", e.lane, e.seq
         FROM draw_bucket_ranges r JOIN entries e
           ON e.sale_id = r.sale_id AND e.lane = r.lane AND e.seq > r.from_seq AND e.seq <= r.to_seq
         WHERE r.sale_id = $1 AND r.bucket = $2 AND (e.lane, e.seq) > ($3::smallint, $4::bigint)
         ORDER BY e.lane, e.seq LIMIT $5`,
        [sale.id, bucket, lane, seq, PAGE_ROWS],
      )
    ).rows;
  const keyOf = (row: Row): [number, number] => [row.lane, row.seq];
  for await (const page of pages([-1, 0] as [number, number], keyOf, read)) {
    for (const { entryId } of page) hash.update(`${entryId}\n`);
    count += page.length;
  }
  return { count, digest: hash.digest() };
}

function faultOfList(bucket: Bucket, list: List): string | null {
  if (list.count !== bucket.count) {
    return `bucket ${bucket.bucket} says ${bucket.count} entries, its list has ${list.count}`;
  }
  return list.digest.equals(bucket.digest)
    ? null
    : `bucket ${bucket.bucket}'s list has another digest than was frozen`;
}

function faultOfSeed({ sale }: Look, { bucket, state, digest, seed }: Bucket): string | null {
  if (state === "frozen") return null;
  // The beacon counts for the lobby; later buckets are drawn without.
  const beacon = bucket === 0 ? (sale.beacon ?? "") : "";
  const due = createHmac("sha256", sale.secret)
    .update(`${sale.id}|${bucket}|${digest.toString("hex")}|${beacon}`)
    .digest();
  return seed?.equals(due) ? null : `bucket ${bucket} was drawn with another seed than its digest gives`;
}

type Ticket = { ticket: number; entryId: string };

/**
 * Along the tickets the keys go up, bytewise, then the ids. That these are the list's own entries, each once, and that
 * none is missing, tickets-without-gaps asks; together that is the order of the draw.
 */
async function judgeOrder(
  { tx, sale }: Look,
  { bucket, seed, firstTicket, count }: Bucket,
  evidence: Evidence,
): Promise<void> {
  if (seed === null || firstTicket === null) return;
  const read = async (after: number): Promise<Ticket[]> =>
    (
      await tx.query<Ticket>(
        `SELECT ticket, entry_id AS "entryId" FROM tickets
         WHERE sale_id = $1 AND ticket > $2 AND ticket < $3 ORDER BY ticket LIMIT $4`,
        [sale.id, after, firstTicket + count, PAGE_ROWS],
      )
    ).rows;
  let before: (Ticket & { key: Buffer }) | null = null;
  for await (const page of pages(firstTicket - 1, (row: Ticket) => row.ticket, read)) {
    for (const { ticket, entryId } of page) {
      const key = createHash("sha256").update(seed).update(entryId).digest();
      if (before !== null && (before.key.compare(key) || (before.entryId < entryId ? -1 : 1)) > 0) {
        evidence.found(
          `ticket ${ticket} of bucket ${bucket} is entry ${entryId}'s, the draw puts it before entry ${before.entryId} of ticket ${before.ticket}`,
        );
      }
      before = { ticket, entryId, key };
    }
  }
}
