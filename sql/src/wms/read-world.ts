// What events are judged by, beside levels and orders, which are locked where they always are. The caller has the turn to
// apply events, and nobody else writes these.
import type { LevelKey } from "../levels/level-row.ts";
import type { Statements } from "../truth.ts";

/** Which of these there are. */
export async function readKnown(
  tx: Statements,
  skus: readonly string[],
  locationIds: readonly string[],
): Promise<{ skus: Set<string>; places: Set<string> }> {
  const products = await tx.query<{ sku: string }>("SELECT sku FROM products WHERE sku = ANY($1)", [skus]);
  const places = await tx.query<{ id: string }>("SELECT id FROM locations WHERE id = ANY($1)", [locationIds]);
  return {
    skus: new Set(products.rows.map(({ sku }) => sku)),
    places: new Set(places.rows.map(({ id }) => id)),
  };
}

export interface TransferItemRow {
  transferId: string;
  fromLocationId: string;
  toLocationId: string;
  isClosed: boolean;
  sku: string | null;
  shipped: number;
  received: number;
}

/** One row for each item; a transfer without one has a row whose SKU is null. */
export async function readTransferItems(tx: Statements, ids: readonly string[]): Promise<TransferItemRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<TransferItemRow>(
    `SELECT t.transfer_id AS "transferId", t.from_location_id AS "fromLocationId", t.to_location_id AS "toLocationId",
       t.closed_at IS NOT NULL AS "isClosed", i.sku, coalesce(i.shipped, 0) AS shipped,
       coalesce(i.received, 0) AS received
     FROM transfers t LEFT JOIN transfer_items i USING (transfer_id) WHERE t.transfer_id = ANY($1)
     ORDER BY t.transfer_id FOR NO KEY UPDATE OF t`,
    [ids],
  );
  return rows;
}

export async function readPurchases(
  tx: Statements,
  ids: readonly string[],
): Promise<
  { purchaseOrderId: string; sku: string; locationId: string; expected: number; received: number }[]
> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<{
    purchaseOrderId: string;
    sku: string;
    locationId: string;
    expected: number;
    received: number;
  }>(
    `SELECT purchase_order_id AS "purchaseOrderId", sku, location_id AS "locationId", expected, received
     FROM purchase_orders WHERE purchase_order_id = ANY($1)`,
    [ids],
  );
  return rows;
}

/** Applied counts of these levels, by time. */
export async function readCounts(
  tx: Statements,
  keys: readonly LevelKey[],
): Promise<(LevelKey & { eventId: string; countedAt: Date })[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<LevelKey & { eventId: string; countedAt: Date }>(
    `SELECT c.sku, c.location_id AS "locationId", c.event_id AS "eventId", c.counted_at AS "countedAt"
     FROM unnest($1::text[], $2::text[]) AS k(sku, id)
     JOIN wms_counts c ON c.sku = k.sku AND c.location_id = k.id ORDER BY c.counted_at`,
    [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)],
  );
  return rows;
}

/** What the ledger moved on hand of each level after each moment; the levels are locked. */
export async function readMovedAfter(
  tx: Statements,
  moments: readonly (LevelKey & { at: Date })[],
): Promise<number[]> {
  if (moments.length === 0) return [];
  const { rows } = await tx.query<{ onHand: number }>(
    `SELECT (SELECT coalesce(sum(t.on_hand), 0) FROM inventory_transactions t
       WHERE t.sku = m.sku AND t.location_id = m.id AND t.effective_at > m.at) AS "onHand"
     FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS m(sku, id, at, nth) ORDER BY m.nth`,
    [moments.map(({ sku }) => sku), moments.map(({ locationId }) => locationId), moments.map(({ at }) => at)],
  );
  return rows.map(({ onHand }) => onHand);
}

export interface BoundOrder extends LevelKey {
  orderId: string;
  reservationId: string;
  quantity: number;
}

/** The orders that these levels are promised to, the latest first: those are the first to be disappointed. */
export async function readBoundOrders(
  tx: Statements,
  keys: readonly LevelKey[],
  limitEach: number,
): Promise<BoundOrder[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<BoundOrder>(
    `SELECT k.sku, k.id AS "locationId", b.* FROM unnest($1::text[], $2::text[]) AS k(sku, id)
     CROSS JOIN LATERAL (
       SELECT r.order_id AS "orderId", r.id AS "reservationId", (n.quantity - n.picked - n.released) AS quantity
       FROM reservation_lines n JOIN reservations r ON r.id = n.reservation_id
       WHERE n.sku = k.sku AND n.location_id = k.id AND n.picked + n.released < n.quantity
       ORDER BY r.created_at DESC, r.id LIMIT $3) b`,
    [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId), limitEach],
  );
  return rows;
}
