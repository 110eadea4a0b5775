// What shoppers are told of products, and carts are told of stock, from outside; and with one layer after the other
// taken away.
import { availabilitySchema, cartCheckedSchema } from "@dropgate/contracts/availability";
import { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { ShownStock } from "@dropgate/inventory/hot/shown-stock";
import { HotStore } from "@dropgate/lua";
import { StockStore } from "@dropgate/lua/stock-store";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { isAway } from "../edge/faults.ts";
import { aLocation, aProduct, pointersOf } from "../inventory/requests.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type StageRequest, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";

const SHOWN = { lowStockThreshold: 10, isAway, now: () => new Date(), random: Math.random };

let stage: Stage;
let redis: TcpProxy;
let postgres: TcpProxy;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  redis = await TcpProxy.listen(inject("redisUrl"));
  postgres = await TcpProxy.listen(stage.database.url);
  const methods = { shippingMethods: [{ method: "standard", cutoff: "17:00" }] };
  await admin("POST", "locations", aLocation({ id: "east", ...methods, serviceRegions: ["US-NY", "US:10"] }));
  await admin("POST", "locations", aLocation({ id: "west", ...methods, serviceRegions: ["US-WA"] }));
});
afterAll(async () => {
  await stage.stop();
  await Promise.all([redis.close(), postgres.close()]);
});

const admin = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/admin/${path}`, { bearer: BOOTSTRAP_KEY, body });
const get = (path: string, request: StageRequest = {}): Promise<Told> =>
  stage.call("GET", `/api/v1/products/${path}`, request);
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"]];
async function stocked(sku: string, quantities: Record<string, number>, over: object = {}): Promise<void> {
  expect((await admin("POST", "products", aProduct({ sku, ...over }))).status).toBe(201);
  for (const [locationId, delta] of Object.entries(quantities)) {
    const asked = await admin("POST", "adjustments", { sku, locationId, delta, reason: "counted" });
    expect((await stage.approve(String(asked.body["id"]))).status).toBe(200);
  }
}
const shownOf = async (sku: string, query = "", request: StageRequest = {}) => {
  const told = await get(`${encodeURIComponent(sku)}/availability${query}`, request);
  return told.status === 200 ? availabilitySchema.parse(told.body) : told.status;
};
const statusOf = async (sku: string, at: Gateway) => {
  const shown = await shownOf(sku, "", { at });
  return typeof shown === "number" ? shown : shown.overallStatus;
};
function proxied(): Promise<Gateway> {
  const databaseUrl = new URL(stage.database.url);
  databaseUrl.port = new URL(postgres.url).port;
  return stage.another({ REDIS_URL: redis.url, DATABASE_URL: databaseUrl.href });
}

describe("a product page", () => {
  it("shows a status, by region, and when it would come; never a count", async () => {
    await stocked("shoe: {é}/1", { east: 500, west: 3 });
    const shown = await shownOf("shoe: {é}/1");
    expect(shown).toMatchObject({
      sku: "shoe: {é}/1",
      overallStatus: "in_stock",
      stockMessage: "In stock",
      availableByRegion: [
        { region: "US-NY", status: "in_stock", estimatedDelivery: expect.any(String) },
        { region: "US-WA", status: "low_stock", stockMessage: "Only a few left" },
        { region: "US:10", status: "in_stock" },
      ],
      estimatedDelivery: expect.any(String),
    });
    expect(JSON.stringify(shown)).not.toMatch(/500|[^0-9]3[^0-9T:-]/);
  });

  it("of a place tells what serves it", async () => {
    await stocked("placed", { east: 500 });
    expect(await shownOf("placed", "?country=US&postalCode=10001")).toMatchObject({
      overallStatus: "in_stock",
      availableByRegion: [{ region: "US-NY" }, { region: "US:10" }],
      estimatedDelivery: expect.any(String),
    });
    expect(await shownOf("placed", "?country=US&postalCode=98101")).toMatchObject({
      overallStatus: "out_of_stock",
      stockMessage: "Out of stock",
      availableByRegion: [],
      estimatedDelivery: null,
    });
    expect(pointersOf(await get("placed/availability?postalCode=98101"))).toEqual(["/country"]);
  });

  it("of what is not there tells whether it may be ordered already", async () => {
    await stocked("none", {});
    await stocked("soon", {}, { preorder: true });
    expect(await shownOf("none")).toMatchObject({ overallStatus: "out_of_stock", estimatedDelivery: null });
    expect(await shownOf("soon")).toMatchObject({ overallStatus: "preorder" });
    expect(gist(await get("unheard-of/availability"))).toEqual([404, "PRODUCT_NOT_FOUND"]);
  });

  it("tells a figure only where the operator allows it, and only of what is low", async () => {
    await stocked("few", { east: 3 });
    await stocked("many", { east: 300 });
    const exact = await stage.another({ EXACT_STOCK_FIGURES: "on" });
    expect(await shownOf("few", "", { at: exact })).toMatchObject({ stockMessage: "Only 3 left" });
    expect(await shownOf("many", "", { at: exact })).toMatchObject({ stockMessage: "In stock" });
    expect(await shownOf("few")).toMatchObject({ stockMessage: "Only a few left" });
  });

  it("of several tells those that there are, in their order; a list has bounds", async () => {
    const told = await get("availability?sku=none&sku=unheard-of&sku=soon&sku=none");
    expect((told.body["items"] as { sku: string }[]).map(({ sku }) => sku)).toEqual(["none", "soon"]);
    expect(pointersOf(await get("availability"))).toEqual(["/sku"]);
    const many = Array.from({ length: 51 }, (_, nth) => `sku=s${nth}`).join("&");
    expect(pointersOf(await get(`availability?${many}`))).toEqual(["/sku"]);
    expect(pointersOf(await get("availability?sku=a&country=US&country=US"))).toEqual(["/country"]);
  });
});

describe("a cart", () => {
  const check = (body: unknown, request: StageRequest = {}): Promise<Told> =>
    stage.call("POST", "/api/v1/inventory/check", { bearer: BOOTSTRAP_KEY, body, ...request });

  it("is told of each item whether there is so much, items of one SKU together", async () => {
    await stocked("cart", { east: 4, west: 3 });
    const asked = async (items: { sku: string; quantity: number }[]) => {
      const { ok, items: told } = cartCheckedSchema.parse((await check({ items })).body);
      return [ok, ...told.map(({ available }) => available)];
    };
    expect(await asked([{ sku: "cart", quantity: 7 }])).toEqual([true, "yes"]);
    expect(
      await asked([
        { sku: "cart", quantity: 4 },
        { sku: "cart", quantity: 4 },
        { sku: "unheard-of", quantity: 1 },
      ]),
    ).toEqual([false, "limited", "limited", "no"]);
  });

  it("takes no hostile quantity, and nobody without a key", async () => {
    for (const quantity of [0, -1, 1.5, 1e308, 2 ** 53, "1", null]) {
      const told = await check({ items: [{ sku: "cart", quantity }] });
      expect(gist(told)).toEqual([400, "INVALID_REQUEST"]);
      expect(pointersOf(told)).toEqual(["/items/0/quantity"]);
    }
    expect(gist(await stage.call("POST", "/api/v1/inventory/check", { body: { items: [] } }))).toEqual([
      401,
      "UNAUTHENTICATED",
    ]);
  });

  it("is told by the truth while the hot store is away", async () => {
    const at = await proxied();
    await stage.until(() => at.services.hotStore.whole || null);
    redis.refusing = true;
    redis.cut();
    await stage.until(() => !at.services.hotStore.ready || null);
    const told = await check({ items: [{ sku: "cart", quantity: 5 }] }, { at });
    redis.refusing = false;
    expect(told.body).toEqual({ ok: true, items: [{ sku: "cart", available: "yes" }] });
  });
});

describe("a layer that is away", () => {
  it("display: the hot store is read", async () => {
    await stocked("no-display", { east: 100 });
    const hotStore = new HotStore({
      url: inject("redisUrl"),
      transform: (name, text) =>
        name.startsWith("display-") ? "return redis.error_reply('LOADING away')" : text,
    });
    await hotStore.whenReady(5_000);
    const { truth } = stage.database;
    const stock = new HotStock({ truth, hotStore });
    const shown = new ShownStock({ truth, stock, ...SHOWN });
    expect(await shown.read("no-display")).toMatchObject({ bands: { east: "many" } });
    await hotStore.close();
  });

  it("both: nobody knows, and nothing is said to be in stock", async () => {
    await stocked("no-hot", { east: 100 });
    const at = await proxied();
    await stage.until(() => at.services.hotStore.whole || null);
    redis.refusing = true;
    redis.cut();
    await stage.until(() => !at.services.hotStore.ready || null);
    const shown = await shownOf("no-hot", "", { at });
    redis.refusing = false;
    expect(shown).toMatchObject({
      overallStatus: "unknown",
      stockMessage: "Check availability at checkout",
      availableByRegion: [],
    });
    await stage.until(async () => (await statusOf("no-hot", at)) === "in_stock" || null);
  });

  it("truth: what is shown already is shown, of the rest nobody knows", async () => {
    await stocked("seen", { east: 100 });
    await stocked("unseen", { east: 100 });
    const at = await proxied();
    expect(await statusOf("seen", at)).toBe("in_stock");
    postgres.refusing = true;
    postgres.cut();
    expect(await statusOf("unseen", at)).toBe("unknown");
    await stage.until(async () => (await statusOf("seen", at)) === "in_stock" || null);
    postgres.refusing = false;
    await stage.until(async () => (await statusOf("unseen", at)) === "in_stock" || null);
  });
});

describe("many at once", () => {
  it("who all find nothing shown have it made once", async () => {
    await stocked("stampede", { east: 100 });
    const hotStore = new HotStore({ url: inject("redisUrl") });
    await hotStore.whenReady(5_000);
    const { truth } = stage.database;
    let looks = 0;
    class Counted extends HotStock {
      override look(skus: readonly string[]) {
        looks += 1;
        return super.look(skus);
      }
    }
    const stock = new Counted({ truth, hotStore });
    const shown = new ShownStock({ truth, stock, ...SHOWN });
    const answers = await Promise.all(Array.from({ length: 100 }, () => shown.read("stampede")));
    expect(answers.every((answer) => typeof answer === "object" && answer.bands["east"] === "many")).toBe(
      true,
    );
    expect(looks).toBe(1);
    await hotStore.close();
  });
});

describe("what many find missing together", () => {
  it("is read together, and each is shown for a time of its own", async () => {
    const skus = ["apart a", "apart b", "apart c"];
    for (const sku of skus) await stocked(sku, { east: 100 });
    const hotStore = new HotStore({ url: inject("redisUrl") });
    await hotStore.whenReady(5_000);
    const { truth } = stage.database;
    const fills = vi.spyOn(StockStore.prototype, "fillDisplay");
    const statements: unknown[] = [];
    const watched: Pick<typeof truth, "query"> = {
      query: (statement, values) => {
        statements.push(values);
        return truth.query(statement, values);
      },
    };
    const chances = [0, 0.5, 1];
    const stock = new HotStock({ truth, hotStore });
    // The fillers' first look at the hot store loads it.
    await stock.look(skus);
    const random = (): number => chances.shift() ?? 0;
    const shown = new ShownStock({ truth: watched, stock, ...SHOWN, random });
    await Promise.all(skus.map((sku) => shown.read(sku)));
    expect(statements).toEqual([[skus]]);
    expect(fills.mock.calls.map(([, , showMs]) => showMs)).toEqual([30_000, 24_000, 18_000]);
    fills.mockRestore();
    await hotStore.close();
  });
});

describe("a rebuild", () => {
  it("loads one SKU or all anew, and tells how many", async () => {
    const rebuild = (body: object) => admin("POST", "inventory/rebuild", body);
    const { stock } = stage.gateway.services;
    await stocked("rebuilt", { east: 100 });
    await stock.look(["rebuilt"]);
    const store = await stock.store("rebuilt");
    await store.settle(
      [],
      [{ locationId: "east", rev: 99, onHand: 1, allocated: 0, reserved: 0, safetyStock: 0, sellable: true }],
    );
    expect((await stock.look(["rebuilt"])).get("rebuilt")).toMatchObject([{ available: 1 }]);
    expect((await rebuild({ sku: "rebuilt" })).body).toEqual({ skus: 1 });
    expect((await stock.look(["rebuilt"])).get("rebuilt")).toMatchObject([{ available: 100 }]);
    expect((await rebuild({})).body["skus"]).toBeGreaterThan(5);
    expect(gist(await rebuild({ sku: "" }))).toEqual([400, "INVALID_REQUEST"]);
  });
});

// The last: from here on a worker drops what is shown as it changes.
describe("a change", () => {
  it("follows a change within moments, by the worker", async () => {
    await stage.worker();
    await stocked("moving", { east: 2 });
    expect(await shownOf("moving")).toMatchObject({ overallStatus: "low_stock" });
    await admin("POST", "adjustments", { sku: "moving", locationId: "east", delta: -2, reason: "lost" });
    const waiting = (await admin("GET", "adjustments?state=awaiting_approval")).body["items"] as {
      id: string;
    }[];
    for (const { id } of waiting) await stage.approve(id);
    await stage.until(async () => {
      const shown = await shownOf("moving");
      return (typeof shown === "object" && shown.overallStatus === "out_of_stock") || null;
    });
  });
});
