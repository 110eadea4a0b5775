// Corrections by hand as PostgreSQL has them, with those that wait for somebody to approve them.
import type { AdjustmentState } from "@dropgate/contracts/inventory";
import type { Statements } from "../truth.ts";

export interface AdjustmentRow {
  id: string;
  sku: string;
  locationId: string;
  delta: number;
  reason: string;
  state: AdjustmentState;
  requestedBy: string;
  decidedBy: string | null;
  requestedAt: Date;
  decidedAt: Date | null;
  /** Of a count that waits: when it was counted, what was found, and which event told it. */
  countedAt: Date | null;
  actualCount: number | null;
  countEventId: string | null;
}

const COLUMNS = `id, sku, location_id AS "locationId", delta, reason, state, requested_by AS "requestedBy",
  decided_by AS "decidedBy", requested_at AS "requestedAt", decided_at AS "decidedAt", counted_at AS "countedAt",
  actual_count AS "actualCount", count_event_id AS "countEventId"`;

export async function insertAdjustment(
  tx: Statements,
  adjustment: Pick<AdjustmentRow, "id" | "sku" | "locationId" | "delta" | "reason" | "state" | "requestedBy">,
): Promise<AdjustmentRow> {
  const { id, sku, locationId, delta, reason, state, requestedBy } = adjustment;
  const { rows } = await tx.query<AdjustmentRow>(
    `INSERT INTO adjustments (id, sku, location_id, delta, reason, state, requested_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
    [id, sku, locationId, delta, reason, state, requestedBy],
  );
  if (!rows[0]) throw new Error(`adjustment ${id} was written but is not there`);
  return rows[0];
}

export async function lockAdjustment(tx: Statements, id: string): Promise<AdjustmentRow | null> {
  const { rows } = await tx.query<AdjustmentRow>(
    `SELECT ${COLUMNS} FROM adjustments WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  return rows[0] ?? null;
}

/** The caller has locked an adjustment that waits. */
export async function decideAdjustment(
  tx: Statements,
  id: string,
  state: "approved" | "rejected",
  decidedBy: string,
): Promise<AdjustmentRow> {
  const { rows } = await tx.query<AdjustmentRow>(
    `UPDATE adjustments SET state = $2, decided_by = $3, decided_at = clock_timestamp()
     WHERE id = $1 AND state = 'awaiting_approval' RETURNING ${COLUMNS}`,
    [id, state, decidedBy],
  );
  if (!rows[0]) throw new Error(`adjustment ${id} was locked while it waited but waits no more`);
  return rows[0];
}

/** Where a list goes on: the newest come first. */
export interface AdjustmentCursor {
  /** Since 1970, digits: PostgreSQL is exact to them, a Date is not. */
  requestedMicros: string;
  id: string;
}

/** @returns with each adjustment the cursor that begins behind it */
export async function listAdjustments(
  truth: Statements,
  state: AdjustmentState | undefined,
  after: AdjustmentCursor | null,
  limit: number,
): Promise<{ adjustment: AdjustmentRow; cursor: AdjustmentCursor }[]> {
  const { rows } = await truth.query<AdjustmentRow & { requestedMicros: number }>(
    `SELECT ${COLUMNS}, (extract(epoch FROM requested_at) * 1000000)::bigint AS "requestedMicros" FROM adjustments
     WHERE ($1::text IS NULL OR state = $1) AND ($2::bigint IS NULL OR
       (requested_at, id) < ('epoch'::timestamptz + $2::bigint * interval '1 microsecond', $3))
     ORDER BY requested_at DESC, id DESC LIMIT $4`,
    [state ?? null, after?.requestedMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ requestedMicros, ...adjustment }) => ({
    adjustment,
    cursor: { requestedMicros: String(requestedMicros), id: adjustment.id },
  }));
}
