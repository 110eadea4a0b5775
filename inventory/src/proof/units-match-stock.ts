// A sale that stands on the inventory and the level it stands on tell one story: what it took and did not return are
// its units, and each of its orders moved one of them once. Recomputed from the inventory's transactions.
import type { HoldState } from "@dropgate/contracts/states/hold";
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

export async function unitsMatchStock(look: Look): Promise<Verdict> {
  const evidence = new Evidence();
  const level = await judgeTaken(look, evidence);
  if (level === null) return evidence.verdict("the sale brings its own units");
  const orders = await judgeOrders(look, evidence);
  return evidence.verdict(
    `${level.taken} units taken are those not returned, and ${orders} holds have their orders`,
  );
}

type Taken = { locationId: string | null; taken: number; elsewhere: number; units: number };

/** @returns null when the sale brings its own */
async function judgeTaken({ tx, sale }: Look, evidence: Evidence): Promise<Taken | null> {
  const { rows } = await tx.query<Taken>(
    `SELECT s.location_id AS "locationId",
       coalesce(sum(t.reserved) FILTER (WHERE t.sku = s.sku AND t.location_id = s.location_id), 0) AS taken,
       count(t.id) FILTER (WHERE t.sku <> s.sku OR t.location_id <> s.location_id) AS elsewhere,
       (SELECT count(*) FROM units u WHERE u.sale_id = s.id AND u.state <> 'returned') AS units
     FROM sales s LEFT JOIN inventory_transactions t ON t.reference_type = 'sale' AND t.reference_id = s.id
     WHERE s.id = $1 GROUP BY s.id`,
    [sale.id],
  );
  const row = rows[0];
  if (row === undefined || row.locationId === null) return null;
  if (row.taken !== row.units) {
    evidence.found(
      `the sale has ${row.units} units that are not returned, but took ${row.taken} from ${row.locationId}`,
    );
  }
  if (row.elsewhere > 0) evidence.found(`${row.elsewhere} of its transactions are of other levels`);
  return row;
}

type HoldWithOrder = {
  holdId: string;
  state: HoldState;
  orderId: string | null;
  reservation: string | null;
  reservationOrder: string | null;
  /** What its transactions sum up to. */
  reserved: number;
};

/** Hold, order and transactions come from one statement: what is booked meanwhile is seen before or after. */
async function judgeOrders({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  let orders = 0;
  const read = async (after: string): Promise<HoldWithOrder[]> =>
    (
      await tx.query<HoldWithOrder>(
        `SELECT h.hold_id AS "holdId", h.state, h.order_id AS "orderId", r.state AS reservation,
           r.order_id AS "reservationOrder",
           coalesce((SELECT sum(t.reserved) FROM inventory_transactions t
             WHERE t.reference_type = 'reservation' AND t.reference_id = r.id), 0) AS reserved
         FROM holds h LEFT JOIN reservations r ON r.hold_id = h.hold_id
         WHERE h.sale_id = $1 AND h.hold_id > $2 AND (h.order_id IS NOT NULL OR r.id IS NOT NULL)
         ORDER BY h.hold_id LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: HoldWithOrder) => row.holdId, read)) {
    orders += page.length;
    for (const row of page) {
      const fault = faultOf(row);
      if (fault !== null) evidence.found(fault);
    }
  }
  return orders;
}

function faultOf({
  holdId,
  state,
  orderId,
  reservation,
  reservationOrder,
  reserved,
}: HoldWithOrder): string | null {
  const hold = `hold ${holdId} is ${state}`;
  if (reservation === null) return `${hold} and has no order in the inventory`;
  if (reservation !== state) return `${hold} but its order in the inventory ${reservation}`;
  if (reservationOrder !== orderId) {
    return `${hold} under order ${JSON.stringify(orderId)}, in the inventory under ${JSON.stringify(reservationOrder)}`;
  }
  const wanted = state === "allocated" ? -1 : 0;
  return reserved === wanted
    ? null
    : `${hold}, so its order moves ${wanted} reserved units, but it moved ${reserved}`;
}
