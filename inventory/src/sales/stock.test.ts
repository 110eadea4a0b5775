// Sales that stand on the inventory, from their first unit to their last: at each step the level says what units and
// orders say.
import type { Truth } from "@dropgate/sql";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { saleReport } from "../proof/report.ts";
import { patchSaleIn } from "./patch.ts";
import { adjustPoolIn } from "./pools.ts";
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
