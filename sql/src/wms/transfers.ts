// Transfers between locations, and stock on its way from suppliers, as operators make and see them.
import type { Statements } from "../truth.ts";

export interface TransferRow {
  transferId: string;
  fromLocationId: string;
  toLocationId: string;
  createdAt: Date;
  closedAt: Date | null;
  items: { sku: string; requested: number; shipped: number; received: number }[];
}

const ROW = `SELECT t.transfer_id AS "transferId", t.from_location_id AS "fromLocationId",
    t.to_location_id AS "toLocationId", t.created_at AS "createdAt", t.closed_at AS "closedAt",
    (SELECT coalesce(json_agg(json_build_object('sku', i.sku, 'requested', i.requested, 'shipped', i.shipped,
       'received', i.received) ORDER BY i.sku), '[]')
     FROM transfer_items i WHERE i.transfer_id = t.transfer_id) AS items
  FROM transfers t`;

export async function lockTransfer(tx: Statements, transferId: string): Promise<TransferRow | null> {
  await tx.query("SELECT 1 FROM transfers WHERE transfer_id = $1 FOR NO KEY UPDATE", [transferId]);
  const { rows } = await tx.query<TransferRow>(`${ROW} WHERE t.transfer_id = $1`, [transferId]);
  return rows[0] ?? null;
}

/** @returns false when another has its id, and nothing was written */
export async function insertTransfer(
  tx: Statements,
  transfer: { transferId: string; fromLocationId: string; toLocationId: string },
  items: readonly { sku: string; quantity: number }[],
): Promise<boolean> {
  const made = await tx.query(
    `INSERT INTO transfers (transfer_id, from_location_id, to_location_id) VALUES ($1, $2, $3)
     ON CONFLICT (transfer_id) DO NOTHING`,
    [transfer.transferId, transfer.fromLocationId, transfer.toLocationId],
  );
  if (made.rowCount !== 1) return false;
  await tx.query(
    `INSERT INTO transfer_items (transfer_id, sku, requested)
     SELECT $1, sku, sum(quantity)::int FROM unnest($2::text[], $3::int[]) AS i(sku, quantity) GROUP BY sku`,
    [transfer.transferId, items.map(({ sku }) => sku), items.map(({ quantity }) => quantity)],
  );
  return true;
}

/** The caller has locked it. */
export async function writeClosed(tx: Statements, transferId: string): Promise<void> {
  await tx.query("UPDATE transfers SET closed_at = clock_timestamp() WHERE transfer_id = $1", [transferId]);
}

/** @returns with each the cursor that begins behind it; the newest first */
export async function listTransfers(
  truth: Statements,
  after: { createdMicros: string; id: string } | null,
  limit: number,
): Promise<{ transfer: TransferRow; cursor: { createdMicros: string; id: string } }[]> {
  const { rows } = await truth.query<TransferRow & { createdMicros: number }>(
    `SELECT *, (extract(epoch FROM "createdAt") * 1000000)::bigint AS "createdMicros" FROM (
       ${ROW} WHERE $1::bigint IS NULL
         OR (t.created_at, t.transfer_id) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
       ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT $3) page`,
    [after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ createdMicros, ...transfer }) => ({
    transfer,
    cursor: { createdMicros: String(createdMicros), id: transfer.transferId },
  }));
}

/** Those of which something has been on the way for so long. */
export async function readStuckTransfers(
  truth: Statements,
  ms: number,
  limit: number,
): Promise<TransferRow[]> {
  const { rows } = await truth.query<TransferRow>(
    `${ROW} WHERE t.closed_at IS NULL AND t.created_at < clock_timestamp() - $1 * interval '1 millisecond'
       AND EXISTS (SELECT 1 FROM transfer_items i WHERE i.transfer_id = t.transfer_id AND i.shipped > i.received)
     ORDER BY t.created_at LIMIT $2`,
    [ms, limit],
  );
  return rows;
}

/** @returns false when another has its id, and nothing was written */
export async function insertPurchaseOrder(
  tx: Statements,
  { purchaseOrderId, locationId }: { purchaseOrderId: string; locationId: string },
  items: readonly { sku: string; quantity: number }[],
): Promise<boolean> {
  const there = await tx.query("SELECT 1 FROM purchase_orders WHERE purchase_order_id = $1 LIMIT 1", [
    purchaseOrderId,
  ]);
  if (there.rowCount !== 0) return false;
  const made = await tx.query(
    `INSERT INTO purchase_orders (purchase_order_id, sku, location_id, expected)
     SELECT $1, sku, $2, sum(quantity)::int FROM unnest($3::text[], $4::int[]) AS i(sku, quantity) GROUP BY sku
     ON CONFLICT DO NOTHING`,
    [purchaseOrderId, locationId, items.map(({ sku }) => sku), items.map(({ quantity }) => quantity)],
  );
  return made.rowCount === new Set(items.map(({ sku }) => sku)).size;
}
