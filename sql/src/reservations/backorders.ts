// Back-orders: what orders wait for, oldest first, and what becomes of them.
import type { Statements } from "../truth.ts";

export interface OpenBackorder {
  id: string;
  reservationId: string;
  sku: string;
  quantity: number;
  filled: number;
}

/**
 * The oldest that something may be done about: there is stock somewhere, or the order may not wait at all (what a short
 * pick left is looked for once).
 */
export async function readFillable(tx: Statements, limit: number): Promise<OpenBackorder[]> {
  const { rows } = await tx.query<OpenBackorder>(
    `SELECT b.id, b.reservation_id AS "reservationId", b.sku, b.quantity, b.filled
     FROM backorders b JOIN reservations r ON r.id = b.reservation_id
     WHERE b.state = 'open' AND r.state IN ('active', 'pending', 'allocated')
       AND (coalesce(r.request->>'allowBackorder', 'false') <> 'true' OR EXISTS (
         SELECT 1 FROM inventory_levels l WHERE l.sku = b.sku AND l.sellable
           AND l.on_hand - l.allocated - l.reserved - l.safety_stock > 0))
     ORDER BY b.created_at, b.id LIMIT $1`,
    [limit],
  );
  return rows;
}

/** Those of them that are still open; their reservations are locked. */
export async function readStillOpen(tx: Statements, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM backorders WHERE id = ANY($1) AND state = 'open' ORDER BY id FOR NO KEY UPDATE",
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface FilledBackorder {
  id: string;
  filled: number;
  /** Whether the rest is given up: the order may not wait. */
  ends: boolean;
}

export async function writeFilled(tx: Statements, filled: readonly FilledBackorder[]): Promise<void> {
  if (filled.length === 0) return;
  await tx.query(
    `UPDATE backorders b SET filled = b.filled + f.filled,
       state = CASE WHEN b.filled + f.filled = b.quantity THEN 'filled' WHEN f.ends THEN 'cancelled' ELSE 'open' END,
       ended_at = CASE WHEN b.filled + f.filled = b.quantity OR f.ends THEN clock_timestamp() END
     FROM unnest($1::text[], $2::int[], $3::bool[]) AS f(id, filled, ends) WHERE b.id = f.id AND b.state = 'open'`,
    [filled.map((f) => f.id), filled.map((f) => f.filled), filled.map((f) => f.ends)],
  );
}

export interface BackorderRow extends OpenBackorder {
  orderId: string;
  state: "open" | "filled" | "cancelled";
  createdAt: Date;
  endedAt: Date | null;
}

/** @returns with each the cursor that begins behind it; the oldest first, as they are filled */
export async function listBackorders(
  truth: Statements,
  state: string | undefined,
  after: { createdMicros: string; id: string } | null,
  limit: number,
): Promise<{ backorder: BackorderRow; cursor: { createdMicros: string; id: string } }[]> {
  const { rows } = await truth.query<BackorderRow & { createdMicros: number }>(
    `SELECT b.id, b.reservation_id AS "reservationId", r.order_id AS "orderId", b.sku, b.quantity, b.filled, b.state,
       b.created_at AS "createdAt", b.ended_at AS "endedAt",
       (extract(epoch FROM b.created_at) * 1000000)::bigint AS "createdMicros"
     FROM backorders b JOIN reservations r ON r.id = b.reservation_id
     WHERE ($1::text IS NULL OR b.state = $1) AND ($2::bigint IS NULL
       OR (b.created_at, b.id) > ('epoch'::timestamptz + $2::bigint * interval '1 microsecond', $3))
     ORDER BY b.created_at, b.id LIMIT $4`,
    [state ?? null, after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ createdMicros, ...backorder }) => ({
    backorder,
    cursor: { createdMicros: String(createdMicros), id: backorder.id },
  }));
}
