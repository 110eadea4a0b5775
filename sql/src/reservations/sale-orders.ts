// The orders of a sale's confirmed holds as reservations: what the warehouse is to pick, and what of the level is theirs.
import type { Statements } from "../truth.ts";

/** One confirmed hold's order: one unit from the sale's location. */
export interface NewSaleOrder {
  reservationId: string;
  orderId: string;
  holdId: string;
  saleId: string;
  sku: string;
  locationId: string;
  /** What was asked, with where it is to go. */
  request: Record<string, unknown>;
}

/**
 * Inserts orders with their lines, in order of id so that two groups never wait for each other in a circle. The hold
 * may follow within the transaction.
 * @returns the order ids that were free; another reservation has the rest
 */
export async function insertSaleOrders(
  tx: Statements,
  orders: readonly NewSaleOrder[],
): Promise<Set<string>> {
  if (orders.length === 0) return new Set();
  const { rows } = await tx.query<{ orderId: string }>(
    `WITH asked AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
       AS a(id, order_id, hold_id, sale_id, sku, location_id, request)
     ), made AS (
       INSERT INTO reservations (id, order_id, hold_id, sale_id, state, request, confirmed_at)
       SELECT id, order_id, hold_id, sale_id, 'confirmed', request, clock_timestamp() FROM asked
       ORDER BY order_id COLLATE "C"
       ON CONFLICT DO NOTHING RETURNING id, order_id
     ), lined AS (
       INSERT INTO reservation_lines (reservation_id, line, sku, location_id, quantity)
       SELECT m.id, 1, a.sku, a.location_id, 1 FROM made m JOIN asked a ON a.id = m.id
     )
     SELECT order_id AS "orderId" FROM made`,
    [
      orders.map((o) => o.reservationId),
      orders.map((o) => o.orderId),
      orders.map((o) => o.holdId),
      orders.map((o) => o.saleId),
      orders.map((o) => o.sku),
      orders.map((o) => o.locationId),
      orders.map((o) => JSON.stringify(o.request)),
    ],
  );
  return new Set(rows.map((row) => row.orderId));
}

/** Takes orders back that this transaction inserted, for their id turned out to be taken by another hold. */
export async function removeSaleOrders(tx: Statements, holdIds: readonly string[]): Promise<void> {
  if (holdIds.length === 0) return;
  await tx.query(
    `WITH lines AS (
       DELETE FROM reservation_lines WHERE reservation_id IN (SELECT id FROM reservations WHERE hold_id = ANY($1))
     )
     DELETE FROM reservations WHERE hold_id = ANY($1)`,
    [holdIds],
  );
}

export interface SaleOrderLine {
  line: number;
  sku: string;
  locationId: string;
  quantity: number;
  picked: number;
  released: number;
}

/** An order of a sale with its lines. */
export interface SaleOrder {
  reservationId: string;
  orderId: string;
  holdId: string;
  saleId: string;
  state: "confirmed" | "allocated" | "cancelled";
  /** Where it is to go, as the shop told it; null: it did not. */
  shipTo: unknown;
  lines: SaleOrderLine[];
}

const ORDERS = `SELECT r.id AS "reservationId", r.order_id AS "orderId", r.hold_id AS "holdId", r.sale_id AS "saleId", r.state,
    r.request->'shipTo' AS "shipTo",
    (SELECT json_agg(json_build_object('line', l.line, 'sku', l.sku, 'locationId', l.location_id,
       'quantity', l.quantity, 'picked', l.picked, 'released', l.released) ORDER BY l.line)
     FROM reservation_lines l WHERE l.reservation_id = r.id) AS lines
  FROM reservations r WHERE r.hold_id = ANY($1) ORDER BY r.id`;

/** By hold; a hold without one is missing. */
export async function readSaleOrders(
  truth: Statements,
  holdIds: readonly string[],
): Promise<Map<string, SaleOrder>> {
  if (holdIds.length === 0) return new Map();
  const { rows } = await truth.query<SaleOrder>(ORDERS, [holdIds]);
  return new Map(rows.map((row) => [row.holdId, row]));
}

/**
 * The same, locked. Read by a second statement: what the first sees of the lines may be older than the wait for the
 * lock, and an order that was picked meanwhile would be cancelled.
 */
export async function lockSaleOrders(
  tx: Statements,
  holdIds: readonly string[],
): Promise<Map<string, SaleOrder>> {
  if (holdIds.length === 0) return new Map();
  await tx.query("SELECT 1 FROM reservations WHERE hold_id = ANY($1) ORDER BY id FOR NO KEY UPDATE", [
    holdIds,
  ]);
  return readSaleOrders(tx, holdIds);
}

/** @throws when one was not as the decision saw it: it was not locked, which is a bug */
export async function writeAllocated(tx: Statements, reservationIds: readonly string[]): Promise<void> {
  const { rowCount } = await tx.query(
    "UPDATE reservations SET state = 'allocated', rev = rev + 1 WHERE id = ANY($1) AND state = 'confirmed'",
    [reservationIds],
  );
  if (rowCount !== reservationIds.length) {
    throw new Error(`${reservationIds.length} orders were to be allocated, but ${rowCount} were`);
  }
}

/** Ends locked orders; what was not picked of them is released. @throws as writeAllocated does */
export async function writeCancelled(
  tx: Statements,
  orders: readonly { reservationId: string; reason: string | null }[],
): Promise<void> {
  const { rows } = await tx.query<{ ended: number }>(
    `WITH gone AS (
       SELECT * FROM unnest($1::text[], $2::text[]) AS g(id, reason)
     ), ended AS (
       UPDATE reservations r SET state = 'cancelled', rev = r.rev + 1, ended_at = clock_timestamp(), end_reason = g.reason
       FROM gone g WHERE r.id = ANY($1) AND r.id = g.id AND r.state IN ('confirmed', 'allocated') RETURNING 1
     ), released AS (
       UPDATE reservation_lines SET released = quantity - picked WHERE reservation_id = ANY($1)
     )
     SELECT count(*) AS ended FROM ended`,
    [orders.map((o) => o.reservationId), orders.map((o) => o.reason)],
  );
  if (rows[0]?.ended !== orders.length) {
    throw new Error(`${orders.length} orders were to be cancelled, but ${rows[0]?.ended} were`);
  }
}

/** Sales that have orders which are confirmed and not booked yet, whatever has become of the sale. */
export async function readSalesToBook(truth: Statements, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ saleId: string }>(
    `SELECT DISTINCT sale_id AS "saleId" FROM reservations
     WHERE state = 'confirmed' AND sale_id IS NOT NULL LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.saleId);
}

/** The holds of a sale's oldest orders that are not booked yet. */
export async function readHoldsToBook(truth: Statements, saleId: string, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ holdId: string }>(
    `SELECT hold_id AS "holdId" FROM reservations
     WHERE sale_id = $1 AND state = 'confirmed' ORDER BY created_at, id LIMIT $2`,
    [saleId, limit],
  );
  return rows.map((row) => row.holdId);
}

/** The hold whose order this reservation is; null: it is an ordinary checkout's, or not there. */
export async function readHoldOfOrder(truth: Statements, reservationId: string): Promise<string | null> {
  const { rows } = await truth.query<{ holdId: string | null }>(
    `SELECT hold_id AS "holdId" FROM reservations WHERE id = $1`,
    [reservationId],
  );
  return rows[0]?.holdId ?? null;
}
