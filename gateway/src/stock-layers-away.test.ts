// Each row of "Three layers" (docs/concepts/inventory.md) with the layer it stands on taken away: what is said, that
// nothing is half done, and that it goes on by itself. A product page is taken apart in routes/availability.test.ts.
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { aLocation, aProduct } from "./inventory/requests.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "./stage.ts";
import type { Gateway } from "./start-gateway.ts";

const WMS_SECRET = "a secret that warehouses share";

let stage: Stage;
let redis: TcpProxy;
let postgres: TcpProxy;
/** A gateway whose ways to its stores can be cut. The worker's cannot. */
let gateway: Gateway;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { WMS_SECRET, RESERVATION_WINDOW_SECONDS: "600" },
  );
  await stage.worker();
  redis = await TcpProxy.listen(inject("redisUrl"));
  postgres = await TcpProxy.listen(stage.database.url);
  const databaseUrl = new URL(stage.database.url);
  databaseUrl.port = new URL(postgres.url).port;
  gateway = await stage.another({ REDIS_URL: redis.url, DATABASE_URL: databaseUrl.href });
  const made = await call("POST", "admin/locations", aLocation({ id: "east", serviceRegions: ["US"] }));
  expect(made.status, made.text).toBe(201);
});
afterAll(async () => {
  await stage.stop();
  await Promise.all([redis.close(), postgres.close()]);
});
afterEach(back);

/** Asked of the gateway with the stores far away. */
const ask = (method: string, path: string, body?: unknown, headers = {}): Promise<Told> =>
  stage.call(method, `/api/v1/${path}`, {
    bearer: BOOTSTRAP_KEY,
    headers,
    at: gateway,
    ...(body === undefined ? {} : { body }),
  });
/** Asked of one that has all it needs. */
const call = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/${path}`, {
    bearer: BOOTSTRAP_KEY,
    ...(body === undefined ? {} : { body }),
  });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"]];
const isBusy = (told: Told): void => {
  expect(gist(told)).toEqual([503, "BUSY"]);
  expect(told.headers.get("retry-after")).not.toBeNull();
};

async function hotAway(): Promise<void> {
  redis.refusing = true;
  redis.cut();
  await stage.until(() => !gateway.services.hotStore.ready || null);
}
function truthAway(): void {
  postgres.refusing = true;
  postgres.cut();
}
async function back(): Promise<void> {
  redis.refusing = false;
  postgres.refusing = false;
  // An order that nobody has is looked for in PostgreSQL.
  await stage.until(async () => (await ask("GET", "reservations/none")).status === 404 || null);
  await stage.until(() => gateway.services.hotStore.whole || null);
}

async function stocked(sku: string, onHand: number): Promise<void> {
  expect((await call("POST", "admin/products", aProduct({ sku }))).status).toBe(201);
  const asked = await call("POST", "admin/adjustments", {
    sku,
    locationId: "east",
    delta: onHand,
    reason: "it came",
  });
  expect((await stage.approve(String(asked.body["id"]))).status).toBe(200);
}
async function level(sku: string): Promise<Record<string, unknown>> {
  const told = await call("GET", `admin/inventory?sku=${encodeURIComponent(sku)}&locationId=east`);
  return (told.body["items"] as Record<string, unknown>[])[0] ?? {};
}
let orders = 0;
const order = (sku: string, quantity: number): Record<string, unknown> => ({
  orderId: `far order ${++orders}`,
  items: [{ sku, quantity }],
  shipTo: { country: "US", postalCode: "98101" },
});
const reservationOf = ({ body }: Told) => body["reservation"] as { id: string; state: string };
const rowsOf = async (orderId: unknown): Promise<number> => {
  const { rows } = await stage.database.truth.query("SELECT 1 FROM reservations WHERE order_id = $1", [
    orderId,
  ]);
  return rows.length;
};
const isOver = (id: string): Promise<unknown> =>
  stage.database.truth.query("UPDATE reservations SET expires_at = clock_timestamp() WHERE id = $1", [id]);
const hotAvailable = async (sku: string): Promise<number | undefined> =>
  (await gateway.services.stock.look([sku])).get(sku)?.[0]?.available;

describe("a list of products", () => {
  it("without display and hot store is of none known, and nothing is called in stock", async () => {
    await stocked("listed a", 50);
    await stocked("listed b", 50);
    const list = async () => {
      const { body } = await ask("GET", "products/availability?sku=listed%20a&sku=listed%20b");
      return (body["items"] as { overallStatus: string }[]).map(({ overallStatus }) => overallStatus);
    };
    await hotAway();
    expect(await list()).toEqual(["unknown", "unknown"]);
    await back();
    await stage.until(async () => (await list()).every((status) => status === "in_stock") || null);
  });
});

describe("a cart", () => {
  it("without hot store is told by the truth, and without both is BUSY", async () => {
    await stocked("cart", 50);
    const check = () => ask("POST", "inventory/check", { items: [{ sku: "cart", quantity: 50 }] });
    await hotAway();
    expect((await check()).body).toMatchObject({ ok: true });
    truthAway();
    isBusy(await check());
    await back();
    expect((await check()).body).toMatchObject({ ok: true });
  });
});

describe("an order", () => {
  it("without hot store is BUSY, holds nothing anywhere, and is the same order afterwards", async () => {
    await stocked("no hot", 50);
    const asked = order("no hot", 20);
    const key = { "idempotency-key": "without the hot store" };
    await hotAway();
    isBusy(await ask("POST", "reservations", asked, key));
    isBusy(await ask("POST", "fulfilment/plans", asked));
    expect(await rowsOf(asked["orderId"])).toBe(0);
    expect(await level("no hot")).toMatchObject({ reserved: 0, available: 50 });
    await back();
    expect(await hotAvailable("no hot")).toBe(50);
    // No refusal for want of a store is kept as the answer.
    expect((await ask("POST", "reservations", asked, key)).status).toBe(201);
    expect((await ask("POST", "reservations", asked)).status).toBe(200);
    expect(await level("no hot")).toMatchObject({ reserved: 20 });
  });

  it("without truth is BUSY, holds nothing there, and is the same order afterwards", async () => {
    await stocked("no truth", 50);
    // Products and places are remembered: so the plan is made, and the stock held, before the truth is missed.
    expect((await ask("POST", "reservations", order("no truth", 1))).status).toBe(201);
    const asked = order("no truth", 20);
    truthAway();
    isBusy(await ask("POST", "reservations", asked));
    expect(await rowsOf(asked["orderId"])).toBe(0);
    await back();
    expect(await level("no truth")).toMatchObject({ reserved: 1 });
    expect((await ask("POST", "reservations", asked)).status).toBe(201);
    expect(await level("no truth")).toMatchObject({ reserved: 21, available: 29 });
  });

  it("whose commit was answered by nobody exists, and asked again is the same; one that never came is made", async () => {
    await stocked("torn", 1_000);
    await ask("POST", "reservations", order("torn", 1));
    const asked = Array.from({ length: 60 }, () => order("torn", 1));
    // PostgreSQL has committed, and its word is the first that is lost.
    postgres.rewrite = (text) => {
      if (!text.includes("COMMIT\0")) return text;
      truthAway();
      return "";
    };
    for (const told of await Promise.all(asked.map((one) => ask("POST", "reservations", one)))) isBusy(told);
    postgres.rewrite = (text) => text;
    const committed = Number((await level("torn"))["reserved"]) - 1;
    expect(committed).toBeGreaterThan(0);
    await back();
    const again = await Promise.all(asked.map((one) => ask("POST", "reservations", one)));
    const statuses = again.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(committed);
    expect(statuses.filter((status) => status === 201)).toHaveLength(60 - committed);
    expect(await level("torn")).toMatchObject({ reserved: 61, available: 939 });
  });

  it("that is held is paid, confirmed, given back and cancelled without hot store, which then follows", async () => {
    await stocked("goes on", 50);
    const [paid, left, late] = await Promise.all(
      [10, 5, 1].map(async (quantity) =>
        reservationOf(await ask("POST", "reservations", order("goes on", quantity))),
      ),
    );
    if (!paid || !left || !late) throw new Error("all are held");
    const act = async (id: string, act: string) => ask("POST", `reservations/${id}/${act}`, {});
    await hotAway();
    expect((await act(paid.id, "payment")).status).toBe(200);
    expect(reservationOf(await act(paid.id, "confirm")).state).toBe("allocated");
    expect(reservationOf(await act(left.id, "release")).state).toBe("released");
    expect(await level("goes on")).toMatchObject({ allocated: 10, reserved: 1, available: 39 });
    expect(reservationOf(await act(paid.id, "cancel")).state).toBe("cancelled");
    expect(await level("goes on")).toMatchObject({ allocated: 0, reserved: 1, available: 49 });

    // One whose window is over takes the same stock once more, whoever finds that first.
    await isOver(late.id);
    expect((await act(late.id, "confirm")).body).toMatchObject({
      reservation: { state: "allocated", replaces: late.id },
    });
    expect(await level("goes on")).toMatchObject({ allocated: 1, reserved: 0, available: 49 });
    await back();
    // The worker has told of what this gateway could not.
    await stage.until(async () => (await hotAvailable("goes on")) === 49 || null);
  });

  it("that came too late and whose stock is gone is not refused for good while nobody can look elsewhere", async () => {
    await stocked("elsewhere", 1);
    const late = reservationOf(await ask("POST", "reservations", order("elsewhere", 1)));
    await isOver(late.id);
    await stage.until(async () => (await hotAvailable("elsewhere")) === 1 || null);
    const other = reservationOf(await ask("POST", "reservations", order("elsewhere", 1)));
    const confirm = () => ask("POST", `reservations/${late.id}/confirm`, {});
    await hotAway();
    isBusy(await confirm());
    await back();
    expect(gist(await confirm())).toEqual([409, "HOLD_EXPIRED"]);
    expect((await ask("POST", `reservations/${other.id}/release`, {})).status).toBe(200);
    expect((await confirm()).body).toMatchObject({ reservation: { state: "allocated", replaces: late.id } });
  });

  it("that is held is not confirmed without truth, and once afterwards", async () => {
    await stocked("confirmed", 50);
    const { id } = reservationOf(await ask("POST", "reservations", order("confirmed", 10)));
    const confirm = () => ask("POST", `reservations/${id}/confirm`, {});
    truthAway();
    isBusy(await confirm());
    await back();
    expect(await level("confirmed")).toMatchObject({ reserved: 10, allocated: 0 });
    expect(reservationOf(await confirm()).state).toBe("allocated");
    expect(await level("confirmed")).toMatchObject({ reserved: 0, allocated: 10 });
  });
});

describe("a warehouse's event", () => {
  const receipt = (eventId: string, sku: string) => ({
    eventId,
    eventType: "RECEIVING_COMPLETE",
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    locationId: "east",
    source: "wms",
    items: [{ sku, quantity: 7 }],
  });
  const tell = (event: unknown): Promise<Told> =>
    stage.call("POST", "/api/v1/wms/events", {
      body: event,
      headers: {
        "x-signature": signatureOf(WMS_SECRET, Math.floor(Date.now() / 1_000), JSON.stringify(event)),
      },
      at: gateway,
    });

  it("is taken and applied without hot store", async () => {
    await stocked("received", 50);
    await hotAway();
    expect(await tell(receipt("without hot", "received"))).toMatchObject({ status: 202 });
    await stage.until(async () => (await level("received"))["onHand"] === 57 || null);
    await back();
    await stage.until(async () => (await hotAvailable("received")) === 57 || null);
  });

  it("is not acknowledged without truth; told again, as the warehouse will, it counts once", async () => {
    await stocked("told twice", 50);
    const event = receipt("without truth", "told twice");
    truthAway();
    isBusy(await tell(event));
    await back();
    expect((await tell(event)).body).toMatchObject({ accepted: 1, duplicates: 0 });
    expect((await tell(event)).body).toMatchObject({ accepted: 0, duplicates: 1 });
    await stage.until(async () => (await level("told twice"))["onHand"] === 57 || null);
  });
});

describe("an operator", () => {
  it("without hot store reads, corrects and checks stock, and is told that a rebuild must wait", async () => {
    await stocked("corrected", 50);
    await hotAvailable("corrected");
    await hotAway();
    const correction = { sku: "corrected", locationId: "east", delta: -2, reason: "broken" };
    expect((await ask("POST", "admin/adjustments", correction)).status).toBe(201);
    expect((await ask("GET", "admin/inventory?sku=corrected")).body["items"]).toMatchObject([{ onHand: 48 }]);
    expect((await ask("GET", "admin/inventory/report")).body).toMatchObject({ ok: true });
    isBusy(await ask("POST", "admin/inventory/rebuild", { sku: "corrected" }));
    await back();
    await stage.until(async () => (await hotAvailable("corrected")) === 48 || null);
    expect((await ask("POST", "admin/inventory/rebuild", { sku: "corrected" })).status).toBe(200);
    expect(await hotAvailable("corrected")).toBe(48);
  });

  it("without truth is BUSY, and a correction that was not acknowledged was not made", async () => {
    await stocked("uncorrected", 50);
    const correction = { sku: "uncorrected", locationId: "east", delta: -2, reason: "broken" };
    truthAway();
    isBusy(await ask("POST", "admin/adjustments", correction));
    isBusy(await ask("GET", "admin/inventory/report"));
    await back();
    expect(await level("uncorrected")).toMatchObject({ onHand: 50 });
  });
});
