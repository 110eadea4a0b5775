// What applied events change beside levels and ledger, each kind in one statement.
import type { Statements } from "../truth.ts";

export interface LineDelta {
  reservationId: string;
  line: number;
  picked: number;
  packed: number;
  shipped: number;
  released: number;
}

/** The reservations are locked. */
export async function writeLineDeltas(tx: Statements, deltas: readonly LineDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx.query(
    `UPDATE reservation_lines l SET picked = l.picked + d.picked, packed = l.packed + d.packed,
       shipped = l.shipped + d.shipped, released = l.released + d.released
     FROM (
       SELECT id, line, sum(picked)::int AS picked, sum(packed)::int AS packed, sum(shipped)::int AS shipped,
         sum(released)::int AS released
       FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
         AS d(id, line, picked, packed, shipped, released) GROUP BY id, line
     ) d WHERE l.reservation_id = d.id AND l.line = d.line`,
    [
      deltas.map((d) => d.reservationId),
      deltas.map((d) => d.line),
      deltas.map((d) => d.picked),
      deltas.map((d) => d.packed),
      deltas.map((d) => d.shipped),
      deltas.map((d) => d.released),
    ],
  );
}

export interface TransferDelta {
  transferId: string;
  fromLocationId: string;
  toLocationId: string;
  sku: string;
  shipped: number;
  received: number;
}

/** A transfer that nobody asked for is known from its first event on. */
export async function writeTransferDeltas(tx: Statements, deltas: readonly TransferDelta[]): Promise<void> {
  for (const { transferId, fromLocationId, toLocationId, sku, shipped, received } of deltas) {
    await tx.query(
      `INSERT INTO transfers (transfer_id, from_location_id, to_location_id) VALUES ($1, $2, $3)
       ON CONFLICT (transfer_id) DO NOTHING`,
      [transferId, fromLocationId, toLocationId],
    );
    await tx.query(
      `INSERT INTO transfer_items AS i (transfer_id, sku, shipped, received) VALUES ($1, $2, $3, $4)
       ON CONFLICT (transfer_id, sku) DO UPDATE
         SET shipped = i.shipped + excluded.shipped, received = i.received + excluded.received`,
      [transferId, sku, shipped, received],
    );
  }
}

export async function writePurchaseDeltas(
  tx: Statements,
  deltas: readonly { purchaseOrderId: string; sku: string; received: number }[],
): Promise<void> {
  if (deltas.length === 0) return;
  await tx.query(
    `UPDATE purchase_orders p SET received = p.received + d.received
     FROM (SELECT id, sku, sum(received)::int AS received
       FROM unnest($1::text[], $2::text[], $3::int[]) AS d(id, sku, received) GROUP BY id, sku) d
     WHERE p.purchase_order_id = d.id AND p.sku = d.sku`,
    [deltas.map((d) => d.purchaseOrderId), deltas.map((d) => d.sku), deltas.map((d) => d.received)],
  );
}

export interface CountRow {
  eventId: string;
  sku: string;
  locationId: string;
  countedAt: Date;
  actual: number;
}

/** Counts that are applied: events of before them are compensated from now on, and the levels say when they were counted. */
export async function writeCounts(tx: Statements, counts: readonly CountRow[]): Promise<void> {
  if (counts.length === 0) return;
  await tx.query(
    `WITH counted AS (
       INSERT INTO wms_counts (event_id, sku, location_id, counted_at, actual)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::int[])
       RETURNING sku, location_id, counted_at
     )
     UPDATE inventory_levels l SET last_counted_at = greatest(l.last_counted_at, c.at)
     FROM (SELECT sku, location_id, max(counted_at) AS at FROM counted GROUP BY sku, location_id) c
     WHERE l.sku = c.sku AND l.location_id = c.location_id`,
    [
      counts.map((c) => c.eventId),
      counts.map((c) => c.sku),
      counts.map((c) => c.locationId),
      counts.map((c) => c.countedAt),
      counts.map((c) => c.actual),
    ],
  );
}

export interface QuestionRow extends CountRow {
  id: string;
  delta: number;
  reason: string;
}

/** Counts that wait for an operator, as adjustments; the delta is what it was when the count was told. */
export async function writeQuestions(tx: Statements, questions: readonly QuestionRow[]): Promise<void> {
  for (const { id, sku, locationId, delta, reason, eventId, countedAt, actual } of questions) {
    await tx.query(
      `INSERT INTO adjustments (id, sku, location_id, delta, reason, state, requested_by, count_event_id, counted_at,
         actual_count)
       VALUES ($1, $2, $3, $4, $5, 'awaiting_approval', $6, $7, $8, $9)`,
      [id, sku, locationId, delta, reason, `warehouse:${locationId}`, eventId, countedAt, actual],
    );
  }
}

/**
 * Counts that wait for an operator and whose level has moved since they were last looked at: something may have been told
 * of what happened before them.
 */
export async function readCountsToReview(truth: Statements, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ id: string }>(
    `SELECT a.id FROM adjustments a JOIN inventory_levels l ON l.sku = a.sku AND l.location_id = a.location_id
     WHERE a.state = 'awaiting_approval' AND a.count_event_id IS NOT NULL AND l.rev IS DISTINCT FROM a.reviewed_rev
     ORDER BY a.requested_at, a.id LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** The caller has locked both. */
export async function writeReviewed(tx: Statements, adjustmentId: string, rev: number): Promise<void> {
  await tx.query("UPDATE adjustments SET reviewed_rev = $2 WHERE id = $1", [adjustmentId, rev]);
}
