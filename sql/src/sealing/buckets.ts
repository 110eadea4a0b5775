// The steps by which a bucket's list is frozen, its tickets reserved and its draw finished. Each may be repeated
// by anyone, after any death, with the same result: who comes second reads what is stored.
import type { Statements, Truth } from "../truth.ts";

export interface BucketRow {
  saleId: string;
  bucket: number;
  state: "frozen" | "reserved" | "drawn";
  count: number;
  digest: Buffer;
  seed: Buffer | null;
  firstTicket: number | null;
  recovered: boolean;
  sealedAt: Date | null;
  toldAt: Date | null;
}

const BUCKET_COLUMNS = `sale_id AS "saleId", bucket, state, count, digest, seed, first_ticket AS "firstTicket",
  recovered, sealed_at AS "sealedAt", told_at AS "toldAt"`;

/** The buckets that are not wholly done, in order. */
export async function readUnfinishedBuckets(truth: Statements, saleId: string): Promise<BucketRow[]> {
  const { rows } = await truth.query<BucketRow>(
    `SELECT ${BUCKET_COLUMNS} FROM draw_buckets WHERE sale_id = $1 AND told_at IS NULL ORDER BY bucket`,
    [saleId],
  );
  return rows;
}

/** The drawn buckets in order of their tickets, as the proof lists them: empty ones are not. */
export async function readDrawnBuckets(truth: Statements, saleId: string): Promise<BucketRow[]> {
  const { rows } = await truth.query<BucketRow>(
    `SELECT ${BUCKET_COLUMNS} FROM draw_buckets
     WHERE sale_id = $1 AND state = 'drawn' AND count > 0 ORDER BY first_ticket`,
    [saleId],
  );
  return rows;
}

export interface LaneRange {
  lane: number;
  fromSeq: number;
  toSeq: number;
}

/**
 * Where bucket n lies in each lane, once every lane has closed it in its present epoch; null before.
 */
export async function readClosedRanges(
  truth: Statements,
  saleId: string,
  bucket: number,
): Promise<LaneRange[] | null> {
  const { rows } = await truth.query<LaneRange & { closed: boolean }>(
    `SELECT l.lane, coalesce(before.to_seq, 0) AS "fromSeq", closing.to_seq AS "toSeq",
       closing.to_seq IS NOT NULL AND l.closed_to >= $2 AS closed
     FROM lanes l
       LEFT JOIN lane_closings closing ON closing.sale_id = l.sale_id AND closing.lane = l.lane AND closing.bucket = $2
       LEFT JOIN lane_closings before ON before.sale_id = l.sale_id AND before.lane = l.lane AND before.bucket = $2 - 1
     WHERE l.sale_id = $1 ORDER BY l.lane`,
    [saleId, bucket],
  );
  if (rows.length === 0 || rows.some((row) => !row.closed)) return null;
  return rows.map(({ lane, fromSeq, toSeq }) => ({ lane, fromSeq, toSeq }));
}

export async function readRanges(truth: Statements, saleId: string, bucket: number): Promise<LaneRange[]> {
  const { rows } = await truth.query<LaneRange>(
    `SELECT lane, from_seq AS "fromSeq", to_seq AS "toSeq" FROM draw_bucket_ranges
     WHERE sale_id = $1 AND bucket = $2 ORDER BY lane`,
    [saleId, bucket],
  );
  return rows;
}

/** Writes the frozen list's digest, if nobody has; the row that stands is what counts. */
export function freezeBucket(
  truth: Truth,
  frozen: { saleId: string; bucket: number; ranges: readonly LaneRange[]; count: number; digest: Buffer },
): Promise<BucketRow> {
  return truth.transaction(async (tx) => {
    await tx.query("SELECT 1 FROM sales WHERE id = $1 FOR NO KEY UPDATE", [frozen.saleId]);
    const inserted = await tx.query(
      `INSERT INTO draw_buckets (sale_id, bucket, count, digest)
       SELECT $1, $2, $3, $4 FROM sales WHERE id = $1 AND next_bucket = $2 ON CONFLICT DO NOTHING RETURNING 1`,
      [frozen.saleId, frozen.bucket, frozen.count, frozen.digest],
    );
    if (inserted.rowCount === 1) {
      await tx.query(
        `INSERT INTO draw_bucket_ranges (sale_id, bucket, lane, from_seq, to_seq)
         SELECT $1, $2, * FROM unnest($3::smallint[], $4::bigint[], $5::bigint[])`,
        [
          frozen.saleId,
          frozen.bucket,
          frozen.ranges.map((r) => r.lane),
          frozen.ranges.map((r) => r.fromSeq),
          frozen.ranges.map((r) => r.toSeq),
        ],
      );
      await tx.query(
        `INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'bucket.frozen', 'worker', $2)`,
        [
          frozen.saleId,
          JSON.stringify({
            bucket: frozen.bucket,
            count: frozen.count,
            digest: frozen.digest.toString("hex"),
          }),
        ],
      );
    }
    const { rows } = await tx.query<BucketRow>(
      `SELECT ${BUCKET_COLUMNS} FROM draw_buckets WHERE sale_id = $1 AND bucket = $2`,
      [frozen.saleId, frozen.bucket],
    );
    const row = rows[0];
    if (!row) throw new Error(`bucket ${frozen.bucket} of ${frozen.saleId} is not the next one`);
    return row;
  });
}

/** Reserves the bucket's tickets and stores the seed; the second caller gets the first one's answer. */
export function reserveTickets(truth: Truth, bucket: BucketRow, seed: Buffer): Promise<BucketRow> {
  return truth.transaction(async (tx) => {
    const { rows } = await tx.query<{ firstTicket: number }>(
      `UPDATE sales SET next_bucket = next_bucket + 1, next_ticket = next_ticket + $3
       WHERE id = $1 AND next_bucket = $2 RETURNING next_ticket - $3 AS "firstTicket"`,
      [bucket.saleId, bucket.bucket, bucket.count],
    );
    const reserved = rows[0];
    if (reserved) {
      await tx.query(
        `UPDATE draw_buckets SET state = 'reserved', first_ticket = $3, seed = $4, sealed_at = clock_timestamp()
         WHERE sale_id = $1 AND bucket = $2 AND state = 'frozen'`,
        [bucket.saleId, bucket.bucket, reserved.firstTicket, seed],
      );
      await tx.query(
        `INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'bucket.drawn', 'worker', $2)`,
        [
          bucket.saleId,
          JSON.stringify({ bucket: bucket.bucket, firstTicket: reserved.firstTicket, count: bucket.count }),
        ],
      );
    }
    const now = await tx.query<BucketRow>(
      `SELECT ${BUCKET_COLUMNS} FROM draw_buckets WHERE sale_id = $1 AND bucket = $2`,
      [bucket.saleId, bucket.bucket],
    );
    const row = now.rows[0];
    if (!row || row.state === "frozen")
      throw new Error(`bucket ${bucket.bucket} of ${bucket.saleId} was skipped`);
    return row;
  });
}

/**
 * Raises `drawn_to` once the bucket's rows are whole. They are counted before the sale is locked, for what is
 * whole stays whole, and counting a million takes as long as a tick may.
 * @returns false when some are missing
 */
export async function finishBucket(
  truth: Truth,
  bucket: BucketRow & { firstTicket: number },
): Promise<boolean> {
  const { rows } = await truth.query<{ there: number }>(
    `SELECT count(*) AS there FROM tickets
     WHERE sale_id = $1 AND ticket >= $2 AND ticket < $2 + $3::bigint AND bucket = $4`,
    [bucket.saleId, bucket.firstTicket, bucket.count, bucket.bucket],
  );
  if (rows[0]?.there !== bucket.count) return false;
  return truth.transaction(async (tx) => {
    await tx.query("SELECT 1 FROM sales WHERE id = $1 FOR NO KEY UPDATE", [bucket.saleId]);
    await tx.query("UPDATE sales SET drawn_to = greatest(drawn_to, $2) WHERE id = $1", [
      bucket.saleId,
      bucket.firstTicket + bucket.count - 1,
    ]);
    await tx.query(
      `UPDATE draw_buckets SET state = 'drawn' WHERE sale_id = $1 AND bucket = $2 AND state = 'reserved'`,
      [bucket.saleId, bucket.bucket],
    );
    return true;
  });
}

export async function markTold(truth: Statements, saleId: string, bucket: number): Promise<void> {
  await truth.query(
    "UPDATE draw_buckets SET told_at = clock_timestamp() WHERE sale_id = $1 AND bucket = $2 AND told_at IS NULL",
    [saleId, bucket],
  );
}
