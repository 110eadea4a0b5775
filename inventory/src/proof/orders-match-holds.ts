// What was confirmed is an order, exactly once, and every order that stands has its confirmed hold: the shop
// and the stock can be reconciled from either side.
import { type HoldState, isSoldHold } from "@dropgate/contracts/states/hold";
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

export async function ordersMatchHolds(look: Look): Promise<Verdict> {
  const evidence = new Evidence();
  const confirmed = await judgeHolds(look, evidence);
  const standing = await judgeOrders(look, evidence);
  return evidence.verdict(`${confirmed} confirmed holds and ${standing} orders that stand belong together`);
}

type HoldWithOrders = {
  holdId: string;
  state: HoldState;
  orderId: string | null;
  orders: { id: string; cancelled: boolean }[];
};

async function judgeHolds({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  let confirmed = 0;
  const read = async (after: string): Promise<HoldWithOrders[]> =>
    (
      await tx.query<HoldWithOrders>(
        `WITH page AS (
           SELECT hold_id, state, order_id FROM holds
           WHERE sale_id = $1 AND hold_id > $2 ORDER BY hold_id LIMIT $3)
         SELECT p.hold_id AS "holdId", p.state, p.order_id AS "orderId",
           coalesce(json_agg(json_build_object('id', o.order_id, 'cancelled', o.cancelled_at IS NOT NULL))
             FILTER (WHERE o.order_id IS NOT NULL), '[]') AS orders
         FROM page p LEFT JOIN orders o ON o.hold_id = p.hold_id
         GROUP BY p.hold_id, p.state, p.order_id ORDER BY p.hold_id`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: HoldWithOrders) => row.holdId, read)) {
    for (const row of page) {
      if (isSoldHold(row.state)) confirmed++;
      const fault = faultOfHold(row);
      if (fault !== null) evidence.found(fault);
    }
  }
  return confirmed;
}

function faultOfHold({ holdId, state, orderId, orders }: HoldWithOrders): string | null {
  const hold = `hold ${holdId} is ${state}`;
  if (!isSoldHold(state) && state !== "cancelled") {
    return orders.length === 0 ? null : `${hold} but has order ${JSON.stringify(orders[0]?.id)}`;
  }
  if (orders.length !== 1) return `${hold} and has ${orders.length} orders`;
  const order = orders[0];
  if (order?.id !== orderId) {
    return `${hold} under order ${JSON.stringify(orderId)}, but order ${JSON.stringify(order?.id)} names it`;
  }
  if (order?.cancelled !== (state === "cancelled")) {
    return `${hold} but its order ${JSON.stringify(orderId)} ${order?.cancelled ? "is cancelled" : "stands"}`;
  }
  return null;
}

/** From the other side: an order whose hold is of another sale or not there at all has no row above. */
async function judgeOrders({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  type Row = { orderId: string; holdId: string; stands: boolean; holdSale: string | null };
  let standing = 0;
  const read = async (after: string): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT o.order_id AS "orderId", o.hold_id AS "holdId", o.cancelled_at IS NULL AS stands,
           h.sale_id AS "holdSale"
         FROM orders o LEFT JOIN holds h ON h.hold_id = o.hold_id
         WHERE o.sale_id = $1 AND o.order_id > $2 ORDER BY o.order_id LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: Row) => row.orderId, read)) {
    for (const row of page) {
      if (row.stands) standing++;
      if (row.holdSale === sale.id) continue;
      evidence.found(
        `order ${JSON.stringify(row.orderId)} names hold ${row.holdId}, which is ${row.holdSale === null ? "not there" : `of sale ${row.holdSale}`}`,
      );
    }
  }
  return standing;
}
