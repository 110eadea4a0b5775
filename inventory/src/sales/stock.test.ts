// Sales that stand on the inventory, from their first unit to their last: at each step the level says what units and
// orders say.
import { BOOKING_BATCH_MAX } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { writePhase } from "@dropgate/sql/admission/phases";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { actOnHolds } from "../holds/act.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { saleReport } from "../proof/report.ts";
import { bookOrders } from "./book-orders.ts";
import { patchSaleIn } from "./patch.ts";
import { adjustPoolIn } from "./pools.ts";
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
const adjust = (sale: SaleRow, delta: number) =>
  truth.transaction((tx) => adjustPoolIn(tx, sale.id, 0, { delta }));
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

describe("a new sale", () => {
  it("takes its units where most are available, or where it is told, and nowhere more than there are", async () => {
    const chosen = await stage.aSale({ quantity: 20 });
    expect(chosen.locationId).toBe("west");
    expect(await stage.level("west")).toEqual({ reserved: 20, allocated: 0 });
    expect((await stage.aSale({ quantity: 4, locationId: "east" })).locationId).toBe("east");
    expect(gist(await stage.create({ quantity: 7 }))).toEqual([
      "INSUFFICIENT_STOCK",
      `Of ${stage.sku} at east 6 are available, and nowhere more.`,
    ]);
    expect(gist(await stage.create({ quantity: 1, locationId: "west" }))).toEqual([
      "INSUFFICIENT_STOCK",
      `Of ${stage.sku} at west 0 are available.`,
    ]);
    expect(await stage.level("east")).toEqual({ reserved: 4, allocated: 0 });
  });

  it("of equal locations takes the lower id", async () => {
    await stage.stock("east", 10);
    expect((await stage.aSale()).locationId).toBe("east");
  });

  it("needs a product and a location that are there, and is not there itself", async () => {
    const { sku } = stage;
    const none = new StockStage(truth, "never heard of");
    expect(gist(await none.create())).toEqual(["PRODUCT_NOT_FOUND", undefined]);
    expect(gist(await stage.create({ locationId: "nowhere" }))).toEqual(["LOCATION_NOT_FOUND", undefined]);
    const id = `s_${sku.slice(4, 12)}`;
    // All there is: told that it exists, and not that its own units are missing.
    await stage.aSale({ id, quantity: 20 });
    expect(gist(await stage.create({ id, quantity: 20 }))).toEqual(["SALE_EXISTS", undefined]);
  });

  it("of two at once that want the last stock, one has it; where another place has as much, both do", async () => {
    const both = await Promise.all([stage.create({ quantity: 15 }), stage.create({ quantity: 15 })]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await stage.level("west")).toEqual({ reserved: 15, allocated: 0 });
    const { rowCount } = await truth.query("SELECT 1 FROM sales WHERE sku = $1", [stage.sku]);
    expect(rowCount).toBe(1);

    const other = new StockStage(truth);
    for (const place of ["east", "west"]) await other.stock(place, 10);
    const two = await Promise.all([other.aSale({ quantity: 10 }), other.aSale({ quantity: 10 })]);
    expect(two.map(({ locationId }) => locationId).toSorted()).toEqual(["east", "west"]);
  });

  it("that brings its own units needs no product and touches no level", async () => {
    const own = await new StockStage(truth, "nobody's").aSale({ source: "own", quantity: 1_000 });
    expect(own.locationId).toBeNull();
    const hold = await new StockStage(truth, "nobody's").confirmed(own);
    expect(hold.order).toBeUndefined();
    expect(await checkOf(own)).toEqual([]);
  });
});

describe("a sale's number of units", () => {
  it("is raised by what the stock has, and lowered by what is free", async () => {
    const sale = await stage.aSale({ quantity: 5, locationId: "east" });
    expect(gist(await patch(sale, 10))).toBe("ok");
    expect(await stage.level("east")).toEqual({ reserved: 10, allocated: 0 });
    expect(gist(await patch(sale, 11))).toEqual([
      "INSUFFICIENT_STOCK",
      `Of ${stage.sku} at east 0 are available.`,
    ]);
    await stage.confirmed(sale);
    await stage.confirmed(sale);
    expect(gist(await patch(sale, 1))).toEqual([
      "INSUFFICIENT_STOCK",
      "The sale has 8 free units; so many can be taken out.",
    ]);
    expect(gist(await patch(sale, 2))).toBe("ok");
    // Again nothing moves.
    expect(gist(await patch(sale, 2))).toBe("ok");
    expect(await stage.level("east")).toEqual({ reserved: 2, allocated: 0 });
    expect(await stage.owed("east")).toEqual({ reserved: 2, allocated: 0 });
    expect(await checkOf(sale)).toEqual([]);
  });

  it("moves with the pools too, and what is refused leaves no unit behind", async () => {
    const sale = await stage.aSale({ quantity: 8, poolCount: 2, locationId: "east" });
    expect(gist(await adjust(sale, 2))).toBe("ok");
    expect(refusalOf(await adjust(sale, 1))).toBe("INSUFFICIENT_STOCK");
    expect(gist(await adjust(sale, -6))).toBe("ok");
    expect(refusalOf(await adjust(sale, -1))).toBe("INSUFFICIENT_STOCK");
    expect(await stage.level("east")).toEqual({ reserved: 4, allocated: 0 });
    expect(await stage.owed("east")).toEqual({ reserved: 4, allocated: 0 });
    expect(await checkOf(sale)).toEqual([]);
  });
});

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
