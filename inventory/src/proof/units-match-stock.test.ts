// A sale on the inventory: its stock or one of its orders is spoiled, and this check alone fails.
import { beatService } from "@dropgate/sql/heartbeat/beat";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { ActedHold } from "../holds/decide.ts";
import { bookOrders } from "../sales/book-orders.ts";
import { StockStage } from "../sales/stock-stage.ts";
import { saleReport } from "./report.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  await beatService(database.truth);
});
afterAll(() => database.drop());

/** A sale of six with an order that is booked, one that waits, and a cancelled one of either kind. */
async function aSale(): Promise<{ sale: SaleRow; booked: ActedHold; waiting: ActedHold }> {
  const { truth } = database;
  const stage = new StockStage(truth);
  await stage.stock("east", 6);
  const sale = await stage.aSale({ quantity: 6 });
  const [booked, gone] = [await stage.confirmed(sale), await stage.confirmed(sale)];
  await stage.act((await stage.confirmed(sale)).holdId, "cancel");
  await bookOrders(truth, sale.id);
  await stage.act(gone.holdId, "cancel");
  return { sale, booked, waiting: await stage.confirmed(sale) };
}

const failed = async ({ id }: SaleRow): Promise<unknown> =>
  (await saleReport(database.truth, null, id))?.checks.filter(({ ok }) => !ok);

async function expectOnly(
  spoil: (made: Awaited<ReturnType<typeof aSale>>) => [text: string, ...values: unknown[]],
  says: RegExp,
): Promise<void> {
  const made = await aSale();
  expect(await failed(made.sale)).toEqual([]);
  const [text, ...values] = spoil(made);
  await database.truth.transaction(async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query(text, values);
  });
  expect(await failed(made.sale)).toEqual([
    { name: "units-match-stock", ok: false, detail: expect.stringMatching(says) },
  ]);
}

test("units that were never taken from the level", () =>
  expectOnly(
    ({ sale }) => [
      "UPDATE inventory_transactions SET reserved = 5 WHERE reference_id = $1 AND type = 'sale.taken'",
      sale.id,
    ],
    /has 6 units that are not returned, but took 5 from east/,
  ));

test("units that were taken twice", () =>
  expectOnly(
    ({ sale }) => [
      `INSERT INTO inventory_transactions (type, sku, location_id, reserved, reference_type, reference_id, actor)
       VALUES ('sale.taken', $2, 'east', 6, 'sale', $1, 'test')`,
      sale.id,
      sale.sku,
    ],
    /but took 12/,
  ));

test("units that were taken elsewhere", () =>
  expectOnly(
    ({ sale }) => [
      `INSERT INTO inventory_transactions (type, sku, location_id, reserved, reference_type, reference_id, actor)
       VALUES ('sale.taken', $2, 'west', 1, 'sale', $1, 'test')`,
      sale.id,
      sale.sku,
    ],
    /1 of its transactions are of other levels/,
  ));

test("a sold unit without its order", () =>
  expectOnly(
    ({ waiting }) => ["DELETE FROM reservations WHERE hold_id = $1", waiting.holdId],
    /is confirmed and has no order in the inventory/,
  ));

test("an order that says it is allocated while its hold is not", () =>
  expectOnly(
    ({ waiting }) => ["UPDATE reservations SET state = 'allocated' WHERE hold_id = $1", waiting.holdId],
    /is confirmed but its order in the inventory allocated/,
  ));

test("an order under another id", () =>
  expectOnly(
    ({ waiting }) => ["UPDATE reservations SET order_id = 'another' WHERE hold_id = $1", waiting.holdId],
    /in the inventory under "another"/,
  ));

test("an allocated order that moved no unit", () =>
  expectOnly(
    ({ booked }) => [
      "DELETE FROM inventory_transactions WHERE type = 'reservation.allocated' AND reference_id = $1",
      booked.order?.reservationId,
    ],
    /its order moves -1 reserved units, but it moved 0/,
  ));
