// Orders of sales that stand on the inventory, until they are picked or the sale is closed: at each step the level says
// what units and orders say.
import { BOOKING_BATCH_MAX } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { writePhase } from "@dropgate/sql/admission/phases";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { actOnHolds, actOnHoldsIn } from "../holds/act.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { saleReport } from "../proof/report.ts";
import { bookOrders } from "./book-orders.ts";
import { cancelSaleOrderIn } from "./cancel-order.ts";
import { patchSaleIn } from "./patch.ts";
import { returnFreeIn } from "./stock.ts";
import { StockStage } from "./stock-stage.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let truth: Truth;
let stage: StockStage;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = database.truth;
});
afterAll(() => database.drop());
beforeEach(async () => {
  await beatService(truth);
  stage = new StockStage(truth);
  await stage.stock("east", 10);
  await stage.stock("west", 20);
});

const patch = (sale: SaleRow, quantity: number) =>
  truth.transaction((tx) => patchSaleIn(tx, sale.id, { quantity }));
const close = (sale: SaleRow) =>
  truth.transaction(async (tx) => {
    await writePhase(tx, sale.id, "lobby", "closed", "operator");
    return returnFreeIn(tx, sale);
  });
const gist = (outcome: { ok: true } | { ok: false; refusal: string; detail?: string }): unknown =>
  outcome.ok ? "ok" : [outcome.refusal, outcome.detail];
const refusalOf = (outcome: { ok: true } | { ok: false; refusal: string }): string =>
  outcome.ok ? "ok" : outcome.refusal;
const checkOf = async (sale: SaleRow): Promise<unknown> =>
  (await saleReport(truth, null, sale.id))?.checks.filter(({ ok, name }) => !ok && name !== "redis-agrees");

describe("an order", () => {
  it("is a reservation with its confirm, and allocated when it is booked; twice is once", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const hold = await stage.confirmed(sale);
    expect(hold.order).toMatchObject({
      orderId: hold.orderId,
      state: "confirmed",
      lines: [{ sku: stage.sku, locationId: "east", quantity: 1, picked: 0, released: 0 }],
    });
    expect(await stage.level("east")).toEqual({ reserved: 5, allocated: 0 });
    const booked = await Promise.all([1, 2, 3].map(() => bookOrders(truth, sale.id)));
    expect(booked.reduce((sum, one) => sum + one.booked, 0)).toBe(1);
    expect(await stage.level("east")).toEqual({ reserved: 4, allocated: 1 });
    const again = await stage.act(hold.holdId, "confirm", hold.orderId ?? "");
    expect(again).toMatchObject({ ok: true, value: { state: "allocated", order: { state: "allocated" } } });
    expect(await checkOf(sale)).toEqual([]);
  });

  it("late by an expiry is one too, for the hold that stands for the old one", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const holdId = (await stage.claimed(sale)) ?? "";
    await truth.query("UPDATE holds SET expires_at = clock_timestamp() - interval '1 s' WHERE hold_id = $1", [
      holdId,
    ]);
    const late = await stage.act(holdId, "confirm", `late ${holdId}`);
    expect(late).toMatchObject({ ok: true, value: { replaces: holdId, order: { state: "confirmed" } } });
    expect(await stage.act(holdId, "confirm", `late ${holdId}`)).toEqual(late);
    await bookOrders(truth, sale.id);
    expect(await stage.level("east")).toEqual(await stage.owed("east"));
    expect(await checkOf(sale)).toEqual([]);
  });

  it("whose id an ordinary checkout has is refused, and the unit can be sold under another", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    await truth.query(
      "INSERT INTO reservations (id, order_id, state, request) VALUES ($1, $1, 'allocated', '{}')",
      [`taken ${sale.id}`],
    );
    const holdId = (await stage.claimed(sale)) ?? "";
    expect(refusalOf(await stage.act(holdId, "confirm", `taken ${sale.id}`))).toBe("ORDER_EXISTS");
    const { rowCount } = await truth.query("SELECT 1 FROM orders WHERE sale_id = $1", [sale.id]);
    expect(rowCount).toBe(0);
    expect(gist(await stage.act(holdId, "confirm", `free ${sale.id}`))).toBe("ok");
    expect(await checkOf(sale)).toEqual([]);
  });

  it("whose id a sale of its own units takes in the same moment leaves no reservation", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const own = await stage.aSale({ source: "own" });
    const [ours, theirs] = [(await stage.claimed(sale)) ?? "", (await stage.claimed(own)) ?? ""];
    const orderId = `both ${sale.id}`;
    const waits = async (): Promise<boolean> =>
      (await truth.query("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"))
        .rowCount !== 0;
    let refused: ReturnType<typeof stage.act> | undefined;
    await truth.transaction(async (tx) => {
      await actOnHoldsIn(tx, [{ holdId: theirs, act: "confirm", actor: "merchant", entryId: null, orderId }]);
      refused = stage.act(ours, "confirm", orderId);
      await expect.poll(waits, { timeout: 20_000 }).toBe(true);
    });
    expect(await refused).toMatchObject({ ok: false, refusal: "ORDER_EXISTS" });
    const { rowCount } = await truth.query("SELECT 1 FROM reservations WHERE hold_id = $1", [ours]);
    expect(rowCount).toBe(0);
    expect(refusalOf(await stage.act(ours, "confirm", `mine ${sale.id}`))).toBe("ok");
  });

  it("is cancelled until it is picked: its unit is the sale's again, booked or not", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const [booked, waiting, picked] = [
      await stage.confirmed(sale),
      await stage.confirmed(sale),
      await stage.confirmed(sale),
    ];
    const cancelledFirst = await stage.act(waiting.holdId, "cancel");
    await bookOrders(truth, sale.id);
    expect(await stage.level("east")).toEqual({ reserved: 3, allocated: 2 });
    expect(gist(cancelledFirst)).toBe("ok");
    expect(gist(await stage.act(booked.holdId, "cancel"))).toBe("ok");
    expect(gist(await stage.act(booked.holdId, "cancel"))).toBe("ok");
    expect(await stage.level("east")).toEqual({ reserved: 4, allocated: 1 });
    await stage.pick(picked.holdId);
    expect(gist(await stage.act(picked.holdId, "cancel"))).toEqual([
      "WRONG_STATE",
      "The order is already picked.",
    ]);
    expect(await checkOf(sale)).toEqual([]);
    // The unit is sold once more, under its number.
    expect((await stage.confirmed(sale)).unit).toBe(booked.unit);
  });

  it("that is picked while somebody cancels it is picked", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const hold = await stage.confirmed(sale);
    await bookOrders(truth, sale.id);
    const waits = async (): Promise<boolean> =>
      (await truth.query("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"))
        .rowCount !== 0;
    let cancelled: ReturnType<typeof stage.act> | undefined;
    await truth.transaction(async (tx) => {
      await stage.pickIn(tx, hold.holdId);
      cancelled = stage.act(hold.holdId, "cancel");
      await expect.poll(waits, { timeout: 20_000 }).toBe(true);
    });
    expect(refusalOf((await cancelled) ?? { ok: true })).toBe("WRONG_STATE");
    expect(await stage.level("east")).toEqual(await stage.owed("east"));
    expect(await checkOf(sale)).toEqual([]);
  });

  it("that is cancelled while it is booked is one or the other, and the level knows which", async () => {
    const sale = await stage.aSale({ quantity: 10, locationId: "east" });
    const holds = [];
    for (let n = 0; n < 10; n++) holds.push(await stage.confirmed(sale));
    await Promise.all([
      bookOrders(truth, sale.id),
      ...holds.slice(0, 5).map(({ holdId }) => stage.act(holdId, "cancel")),
      bookOrders(truth, sale.id),
    ]);
    await bookOrders(truth, sale.id);
    expect(await stage.level("east")).toEqual({ reserved: 5, allocated: 5 });
    expect(await checkOf(sale)).toEqual([]);
  });

  it("confirmed and cancelled in one group is no order, and its unit never left", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const holdId = (await stage.claimed(sale)) ?? "";
    const ask = { holdId, actor: "merchant", entryId: null } as const;
    const outcomes = await actOnHolds(truth, [
      { ...ask, act: "confirm", orderId: `brief ${holdId}` },
      { ...ask, act: "cancel" },
    ]);
    expect(outcomes.map(refusalOf)).toEqual(["ok", "ok"]);
    expect(await stage.level("east")).toEqual({ reserved: 5, allocated: 0 });
    expect((await bookOrders(truth, sale.id)).booked).toBe(0);
    expect(await checkOf(sale)).toEqual([]);
  });
});

it("an order is cancelled by its reservation as by its hold; an ordinary reservation is nobody's here", async () => {
  const sale = await stage.aSale({ locationId: "east" });
  const hold = await stage.confirmed(sale);
  await bookOrders(truth, sale.id);
  const id = hold.order?.reservationId ?? "";
  const cancel = (reservationId: string) =>
    truth.transaction((tx) => cancelSaleOrderIn(tx, reservationId, "changed their mind"));
  expect(await cancel(id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
  expect(await cancel(id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
  expect(await cancel("res_nobody")).toBeNull();
  expect(await stage.level("east")).toEqual({ reserved: 5, allocated: 0 });
  const picked = await stage.confirmed(sale);
  await bookOrders(truth, sale.id);
  await stage.pick(picked.holdId);
  expect(await cancel(picked.order?.reservationId ?? "")).toMatchObject({
    ok: false,
    refusal: "WRONG_STATE",
  });
  expect(await checkOf(sale)).toEqual([]);
});

describe("the warehouse", () => {
  const heard = async (orderId: string | null): Promise<unknown[]> =>
    (
      await truth.query("SELECT kind, location_id AS at FROM wms_outbox WHERE order_id = $1 ORDER BY id", [
        orderId,
      ])
    ).rows;

  it("hears of an order when it is booked, once, and of its cancellation behind it", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const hold = await stage.confirmed(sale);
    expect(await heard(hold.orderId)).toEqual([]);
    await Promise.all([bookOrders(truth, sale.id), bookOrders(truth, sale.id)]);
    expect(await heard(hold.orderId)).toEqual([{ kind: "pick", at: "east" }]);
    await stage.act(hold.holdId, "cancel");
    await stage.act(hold.holdId, "cancel");
    expect(await heard(hold.orderId)).toEqual([
      { kind: "pick", at: "east" },
      { kind: "cancel", at: "east" },
    ]);
  });

  it("hears nothing of an order that was cancelled before", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const hold = await stage.confirmed(sale);
    await stage.act(hold.holdId, "cancel");
    await bookOrders(truth, sale.id);
    expect(await heard(hold.orderId)).toEqual([]);
  });
});

describe("the close", () => {
  it("gives back what is free, later what comes free, and books what was confirmed", async () => {
    const sale = await stage.aSale({ locationId: "east" });
    const confirmed = await stage.confirmed(sale);
    const held = (await stage.claimed(sale)) ?? "";
    expect(await close(sale)).toHaveLength(3);
    expect(await stage.level("east")).toEqual({ reserved: 2, allocated: 0 });
    await bookOrders(truth, sale.id);
    expect(await stage.level("east")).toEqual({ reserved: 1, allocated: 1 });
    await stage.act(held, "release");
    await stage.act(confirmed.holdId, "cancel");
    expect(await stage.level("east")).toEqual({ reserved: 2, allocated: 0 });
    expect(await truth.transaction((tx) => returnFreeIn(tx, sale))).toHaveLength(2);
    expect(await stage.level("east")).toEqual({ reserved: 0, allocated: 0 });
    expect(refusalOf(await patch(sale, 9))).toBe("WRONG_STATE");
    expect(await checkOf(sale)).toEqual([]);
  });
});

it("many orders are one change of the level, and each is a row of the ledger", async () => {
  await stage.stock("east", BOOKING_BATCH_MAX);
  const sale = await stage.aSale({ quantity: 20, locationId: "east" });
  for (let n = 0; n < 20; n++) await stage.confirmed(sale);
  const rev = async (): Promise<number> =>
    (
      await truth.query<{ rev: number }>(
        "SELECT rev FROM inventory_levels WHERE sku = $1 AND location_id = 'east'",
        [stage.sku],
      )
    ).rows[0]?.rev ?? -1;
  const before = await rev();
  expect(await bookOrders(truth, sale.id)).toEqual({ found: 20, booked: 20 });
  expect(await rev()).toBe(before + 1);
  const { rowCount } = await truth.query(
    "SELECT 1 FROM inventory_transactions WHERE sku = $1 AND type = 'reservation.allocated'",
    [stage.sku],
  );
  expect(rowCount).toBe(20);
  expect(
    (await inventoryReport(truth)).checks.filter(({ ok, name }) => !ok && name === "levels-are-sums"),
  ).toEqual([]);
});
