// Units, holds, limits and orders: one of them is spoiled, and its check alone fails.
import { afterAll, beforeAll, inject, test } from "vitest";
import { ProofStage, type Spoil } from "./proof-stage.ts";

let stage: ProofStage;
beforeAll(async () => {
  const stores = { databaseUrl: inject("databaseUrl"), redisUrl: inject("redisUrl") };
  stage = await ProofStage.open(stores, "none");
});
afterAll(async () => {
  await stage.close();
});

test("units-add-up: a sale with a unit less than it was made with", () =>
  stage.expectOnly(
    "units-add-up",
    (tx, { saleId }) => tx.query("UPDATE sales SET quantity = quantity + 1 WHERE id = $1", [saleId]),
    /= 8, but the sale has 9 units/,
  ));

test("no-unit-twice: a cancelled order that was brought back after its unit was sold again", () =>
  stage.expectOnly(
    "no-unit-twice",
    bringBackCancelled,
    /unit 2 is in holds .* at once; unit 2 is sold by orders/,
  ));

test("no-unit-twice: a unit that was given out while somebody had it, though it is long over", () =>
  stage.expectOnly(
    "no-unit-twice",
    async (tx, sale) => {
      // The lapse is told after the next offer of the unit: for a while it was in two hands.
      const lapsed = sale.holdOf(9, 2);
      await tx.query(
        `WITH gone AS (DELETE FROM ledger WHERE hold_id = $1 AND act = 'lapsed'
           RETURNING sale_id, act, unit, hold_id, entry_id, actor, data)
         INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data) SELECT * FROM gone`,
        [lapsed.holdId],
      );
    },
    /unit 2 was held by hold \S+ when ledger row \d+ gave it to hold/,
  ));

test("holds-match-units: two sold units that name each other's holds", () =>
  stage.expectOnly("holds-match-units", swapHolds, /unit 1 is sold by hold .* which is of unit 7/));

test("limit-per-shopper: two units in the hands of one shopper", () =>
  stage.expectOnly(
    "limit-per-shopper",
    async (tx, sale) => {
      const [one, other] = [sale.holdOf(1), sale.holdOf(8)];
      const { shopper } = one.entry;
      await tx.query("UPDATE holds SET shopper = $2, slot = 2 WHERE hold_id = $1", [other.holdId, shopper]);
    },
    /has 2 holds .* the limit is 1/,
  ));

test("limit-per-shopper: a hold that was booked on somebody else", () =>
  stage.expectOnly(
    "limit-per-shopper",
    (tx, sale) =>
      tx.query("UPDATE holds SET shopper = 'm:nobody' WHERE hold_id = $1", [sale.holdOf(1).holdId]),
    /is for an entry of "m:/,
  ));

test("orders-match-holds: a confirmed hold whose order is gone", () =>
  stage.expectOnly(
    "orders-match-holds",
    (tx, sale) => tx.query("DELETE FROM orders WHERE hold_id = $1", [sale.holdOf(1).holdId]),
    /is confirmed and has 0 orders/,
  ));

test("orders-match-holds: a cancelled order whose hold is confirmed", () =>
  stage.expectOnly(
    "orders-match-holds",
    (tx, sale) =>
      tx.query("UPDATE orders SET cancelled_at = now() WHERE hold_id = $1", [sale.holdOf(1).holdId]),
    /is confirmed but its order .* is cancelled/,
  ));

test("orders-match-holds: an order of a hold that is not there", () =>
  stage.expectOnly(
    "orders-match-holds",
    (tx, { saleId }) =>
      tx.query("INSERT INTO orders (order_id, sale_id, hold_id, cancelled_at) VALUES ($1, $1, $1, now())", [
        saleId,
      ]),
    /names hold .* which is not there/,
  ));

const bringBackCancelled: Spoil = async (tx, sale) => {
  const { holdId } = sale.holdOf(2);
  await tx.query("UPDATE holds SET state = 'confirmed' WHERE hold_id = $1", [holdId]);
  await tx.query("UPDATE orders SET cancelled_at = NULL WHERE hold_id = $1", [holdId]);
  await tx.query("DELETE FROM ledger WHERE hold_id = $1 AND act = 'cancelled'", [holdId]);
};

/** In Redis too, so that only the two tables disagree. */
const swapHolds: Spoil = async (tx, sale) => {
  const [one, other] = [sale.holdOf(1), sale.holdOf(8)];
  await tx.query(
    "UPDATE units SET hold_id = CASE unit WHEN $2 THEN $5 ELSE $4 END WHERE sale_id = $1 AND unit IN ($2, $3)",
    [sale.saleId, one.unit, other.unit, one.holdId, other.holdId],
  );
  const [laneOfOne, laneOfOther] = [one, other].map(({ unit }) => stage.laneOf(sale, (unit - 1) % 2));
  await laneOfOne?.mark([{ unit: one.unit, seen: one.holdId, becomes: other.holdId }]);
  await laneOfOther?.mark([{ unit: other.unit, seen: other.holdId, becomes: one.holdId }]);
};
