// Orders: an order id names one hold, for good.
import type { Prepared, Statements } from "../truth.ts";

const READ_ORDERS: Prepared = {
  name: "read-orders",
  text: `SELECT order_id AS "orderId", hold_id AS "holdId" FROM orders WHERE order_id = ANY($1)`,
};

/** Which hold each of these order ids belongs to, where it is known. */
export async function readOrders(tx: Statements, orderIds: readonly string[]): Promise<Map<string, string>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await tx.query<{ orderId: string; holdId: string }>(READ_ORDERS, [orderIds]);
  return new Map(rows.map((row) => [row.orderId, row.holdId]));
}

export interface NewOrder {
  orderId: string;
  saleId: string;
  holdId: string;
  shipTo: unknown;
}

const INSERT_ORDERS: Prepared = {
  name: "insert-orders",
  text: `INSERT INTO orders (order_id, sale_id, hold_id, ship_to)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) AS o(order_id, sale_id, hold_id, ship_to)
     ORDER BY order_id COLLATE "C"
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id AS "orderId"`,
};

/**
 * Inserts orders, in order of id so that two groups never wait for each other in a circle.
 * @returns the ids that were free; another transaction has taken the rest meanwhile
 */
export async function insertOrders(tx: Statements, orders: readonly NewOrder[]): Promise<Set<string>> {
  if (orders.length === 0) return new Set();
  const { rows } = await tx.query<{ orderId: string }>(INSERT_ORDERS, [
    orders.map((o) => o.orderId),
    orders.map((o) => o.saleId),
    orders.map((o) => o.holdId),
    orders.map((o) => (o.shipTo === undefined ? null : JSON.stringify(o.shipTo))),
  ]);
  return new Set(rows.map((row) => row.orderId));
}

/** Marks the orders of cancelled holds; they keep their id, which nobody else may use. */
export async function cancelOrders(tx: Statements, holdIds: readonly string[]): Promise<void> {
  await tx.query(
    "UPDATE orders SET cancelled_at = clock_timestamp() WHERE hold_id = ANY($1) AND cancelled_at IS NULL",
    [holdIds],
  );
}
