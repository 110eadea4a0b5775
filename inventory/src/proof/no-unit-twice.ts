// No unit is in two hands, now or ever. The unique indexes make it impossible; this counts anew, from the
// holds, from the orders and from the ledger, as if there were none.
import { Evidence } from "./evidence.ts";
import { FREE_UNIT, type UnitSoFar, unitAfter } from "./ledger-acts.ts";
import { ledgerPages, readHorizon } from "./ledger-rows.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";
import { UNIT_HAVING_STATES } from "./unit-having-states.ts";

export async function noUnitTwice(look: Look): Promise<Verdict> {
  const evidence = new Evidence();
  const inHands = await countHolds(look, evidence);
  const ordered = await countOrders(look, evidence);
  const takings = await followLedger(look, evidence);
  return evidence.verdict(
    `${inHands} units in live or sold holds, ${ordered} in orders, ${takings} takings in the ledger: each by one`,
  );
}

async function countHolds({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  type Row = { unit: number; holds: string[] };
  let units = 0;
  const read = async (after: number): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT unit, (array_agg(hold_id))[1:3] AS holds FROM holds
         WHERE sale_id = $1 AND unit > $2 AND state IN (${UNIT_HAVING_STATES})
         GROUP BY unit ORDER BY unit LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages(0, (row: Row) => row.unit, read)) {
    units += page.length;
    for (const { unit, holds } of page) {
      if (holds.length > 1) evidence.found(`unit ${unit} is in holds ${holds.join(" and ")} at once`);
    }
  }
  return units;
}

/** Orders lie in no order of units, so what looks doubled over many pages is looked at once more, at once. */
async function countOrders({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  type Row = { orderId: string; unit: number };
  const seen = new Set<number>();
  const doubled = new Set<number>();
  const read = async (after: string): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT o.order_id AS "orderId", h.unit FROM orders o JOIN holds h ON h.hold_id = o.hold_id
         WHERE o.sale_id = $1 AND o.order_id > $2 AND o.cancelled_at IS NULL
         ORDER BY o.order_id LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: Row) => row.orderId, read)) {
    for (const { unit } of page) (seen.has(unit) ? doubled : seen).add(unit);
  }
  if (doubled.size > 0) {
    const { rows } = await tx.query<{ unit: number; orders: string[] }>(
      `SELECT h.unit, (array_agg(o.order_id))[1:3] AS orders
       FROM orders o JOIN holds h ON h.hold_id = o.hold_id
       WHERE o.sale_id = $1 AND o.cancelled_at IS NULL AND h.unit = ANY($2)
       GROUP BY h.unit HAVING count(*) > 1 ORDER BY h.unit`,
      [sale.id, [...doubled]],
    );
    for (const { unit, orders } of rows) {
      evidence.found(
        `unit ${unit} is sold by orders ${orders.map((id) => JSON.stringify(id)).join(" and ")}`,
      );
    }
  }
  return seen.size;
}

async function followLedger(look: Look, evidence: Evidence): Promise<number> {
  const units = new Map<number, UnitSoFar>();
  let takings = 0;
  for await (const page of ledgerPages(look, await readHorizon(look))) {
    for (const row of page) {
      if (row.unit === null) continue;
      const before = units.get(row.unit) ?? FREE_UNIT;
      const { unit, clash } = unitAfter(before, row);
      units.set(row.unit, unit);
      if (unit.holdId !== before.holdId && unit.holdId !== null) takings++;
      if (clash) {
        evidence.found(
          `unit ${row.unit} was ${before.state}${before.holdId === null ? "" : ` by hold ${before.holdId}`} when ledger row ${row.id} ${row.holdId === null ? "returned it" : `gave it to hold ${row.holdId}`}`,
        );
      }
    }
  }
  return takings;
}
