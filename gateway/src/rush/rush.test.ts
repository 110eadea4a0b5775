// A rush over HTTP, with a real worker and two gateways: who gets a unit, who gets it again, and what everybody else is
// told.
import { randomBytes } from "node:crypto";
import { attemptedSchema } from "@dropgate/contracts/hold";
import type { SaleId } from "@dropgate/contracts/ids";
import type { AdminSale, SaleCreate } from "@dropgate/contracts/sale";
import { saleKeys } from "@dropgate/lua/keys";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";

let stage: Stage;
let other: Gateway;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  other = await stage.another();
  await other.services.hotStore.whenReady(10_000);
  await stage.worker();
});
afterAll(() => stage.stop());

const merchant = { bearer: BOOTSTRAP_KEY };
const FAST = { ratePerSecond: 100_000, burst: 10_000 };
type Change = Partial<Omit<SaleCreate, "schedule">> & { schedule?: Partial<SaleCreate["schedule"]> };

/** A rush that sells, as soon as its gateway knows so. */
async function rush(change: Change = {}): Promise<string> {
  const { id } = await stage.sale({
    kind: "rush",
    admission: FAST,
    ...change,
    schedule: { drawAt: inMinutes(-1), opensAt: inMinutes(-1), ...change.schedule },
  });
  await phaseIs(id, "live");
  // Until the sale's own slot is told of it too, it gives no tokens.
  const slot = saleKeys(id as SaleId).sale;
  await stage.until(async () => (await stage.redis.hget(slot, "phase")) === "live" || null);
  return id;
}

async function phaseIs(id: string, phase: string): Promise<void> {
  await stage.until(async () => {
    const known = [stage.gateway, other].map(
      async (at) => (await stage.call("GET", `/api/v1/sales/${id}`, { at })).body,
    );
    return (await Promise.all(known)).every((sale) => sale["phase"] === phase) || null;
  });
}

/** Cookies of shoppers who come by JWT would be limited less; here each is a browser of its own. */
const shoppers = (id: string, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => stage.cookie(id)));
const attempt = (id: string, cookie: string, at?: Gateway): Promise<Told> =>
  stage.call("POST", `/api/v1/sales/${id}/attempts`, { cookie, ...(at && { at }) });
const admin = (id: string): Promise<Told> => stage.call("GET", `/api/v1/admin/sales/${id}`, merchant);
const act = (id: string, action: string): Promise<Told> =>
  stage.call("POST", `/api/v1/admin/sales/${id}/actions/${action}`, merchant);
const onHold = (holdId: string, act: string, body: unknown = {}): Promise<Told> =>
  stage.call("POST", `/api/v1/holds/${holdId}/${act}`, { ...merchant, body });
const holdIdOf = ({ body }: Told): string => (body["hold"] as { holdId: string }).holdId;
const unitsOf = async (id: string): Promise<AdminSale["units"]> =>
  (await admin(id)).body["units"] as AdminSale["units"];
const gist = ({ status, body }: Told): unknown[] => [status, body["code"] ?? "hold"];

async function reportOf(
  id: string,
): Promise<{ ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }> {
  return (await stage.call("GET", `/api/v1/admin/sales/${id}/report`, merchant)).body as never;
}

async function proven(id: string): Promise<void> {
  const report = await stage.until(async () => {
    const there = await reportOf(id);
    return there.ok ? there : null;
  });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
}

describe("an attempt", () => {
  it("gets a unit at once, with a pass and a token that shows it", async () => {
    const id = await rush({ quantity: 5 });
    const cookie = await stage.cookie(id);
    const got = await attempt(id, cookie);
    expect(got.status).toBe(200);
    const { hold, pass, token } = attemptedSchema.parse(got.body);
    expect(hold).toMatchObject({ saleId: id, state: "active", quantity: 1, sku: "sku-1" });
    expect(pass.split(".")).toHaveLength(3);
    const entry = await stage.call("GET", `/api/v1/entries/${hold.entryId}`, { bearer: token });
    expect(entry.body).toMatchObject({ state: "held", ticket: null, holdId: hold.holdId });
    // Trying again, here and elsewhere, is the same hold.
    for (const at of [stage.gateway, other]) {
      const again = await attempt(id, cookie, at);
      expect(again.body).toEqual(got.body);
    }
    expect(await unitsOf(id)).toMatchObject({ held: 1, free: 4 });
  });

  it("is kept to the limit, though fifty come at once on two gateways", async () => {
    const id = await rush({ quantity: 20, limitPerShopper: 1 });
    const cookie = await stage.cookie(id);
    const at = [stage.gateway, other];
    const told = await Promise.all(Array.from({ length: 50 }, (_, i) => attempt(id, cookie, at[i % 2])));
    const holds = new Set(told.filter(({ status }) => status === 200).map(holdIdOf));
    expect(holds.size).toBe(1);
    for (const { status } of told) expect([200, 429]).toContain(status);
    expect(await unitsOf(id)).toMatchObject({ held: 1, free: 19 });

    const [holdId] = holds;
    expect((await onHold(String(holdId), "confirm", { orderId: `order ${holdId}` })).status).toBe(200);
    await stage.until(async () => gist(await attempt(id, cookie, other))[1] === "ALREADY_PURCHASED" || null);
    expect(gist(await attempt(id, cookie))).toEqual([409, "ALREADY_PURCHASED"]);
    await proven(id);
  });

  it("below the limit gets another unit once the first is bought", async () => {
    const id = await rush({ quantity: 5, limitPerShopper: 2 });
    const cookie = await stage.cookie(id);
    const first = holdIdOf(await attempt(id, cookie));
    await onHold(first, "confirm", { orderId: `order ${first}` });
    const second = await stage.until(async () => {
      const told = await attempt(id, cookie);
      return told.status === 200 && holdIdOf(told) !== first ? holdIdOf(told) : null;
    });
    await onHold(second, "confirm", { orderId: `order ${second}` });
    await stage.until(async () => gist(await attempt(id, cookie))[1] === "ALREADY_PURCHASED" || null);
    await proven(id);
  });

  it("waits for the opening, and for the end of a pause", async () => {
    const { id } = await stage.sale({
      kind: "rush",
      schedule: { drawAt: undefined, opensAt: inMinutes(5), closesAt: inMinutes(60) } as never,
    });
    const cookie = await stage.cookie(id);
    expect(gist(await attempt(id, cookie))).toEqual([409, "SALE_NOT_OPEN"]);
    await act(id, "open");
    await phaseIs(id, "live");
    expect((await attempt(id, cookie)).status).toBe(200);
    await act(id, "pause");
    await phaseIs(id, "paused");
    const late = await stage.cookie(id);
    await stage.until(async () => gist(await attempt(id, late))[1] === "WRONG_STATE" || null);
    // Who has a unit still has it.
    expect((await attempt(id, cookie)).status).toBe(200);
    await act(id, "resume");
    await stage.until(async () => (await attempt(id, late)).status === 200 || null);
  });

  it("is refused where there is a line, as joining is where there is none", async () => {
    const { id } = await stage.sale();
    expect(gist(await attempt(id, await stage.cookie(id)))).toEqual([409, "WRONG_STATE"]);
    const rushId = await rush();
    const cookie = await stage.cookie(rushId);
    expect(gist(await stage.call("POST", `/api/v1/sales/${rushId}/entries`, { cookie }))).toEqual([
      409,
      "WRONG_STATE",
    ]);
    expect(gist(await act(rushId, "draw"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await stage.call("POST", `/api/v1/sales/${rushId}/attempts`))).toEqual([
      401,
      "UNAUTHENTICATED",
    ]);
    expect(gist(await attempt("nowhere", cookie))).toEqual([404, "SALE_NOT_FOUND"]);
    const bad = await stage.call("POST", `/api/v1/sales/${rushId}/attempts`, { cookie, body: { unit: 7 } });
    expect(gist(bad)).toEqual([400, "INVALID_REQUEST"]);
  });
});

describe("the tokens", () => {
  it("let no more in than the rate, and are not spent on who could not buy", async () => {
    const id = await rush({ quantity: 50, admission: { ratePerSecond: 0.01, burst: 3 } });
    const [first, ...rest] = await shoppers(id, 8);
    expect((await attempt(id, String(first))).status).toBe(200);
    // Has a unit: ten more tries cost nothing.
    for (let n = 0; n < 10; n++) expect((await attempt(id, String(first))).status).toBe(200);
    const told = await Promise.all(rest.map((cookie) => attempt(id, cookie)));
    expect(told.filter(({ status }) => status === 200)).toHaveLength(2);
    const limited = told.filter(({ body }) => body["code"] === "RATE_LIMITED");
    expect(limited).toHaveLength(5);
    const waits = limited.map(({ body }) => Number(body["retryAfterMs"]));
    for (const wait of waits) expect(wait).toBeGreaterThan(0);
    expect(limited[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
    await proven(id);
  });

  it("are kept for who comes when a unit comes back, however many found none meanwhile", async () => {
    const id = await rush({ quantity: 2, admission: { ratePerSecond: 0.01, burst: 3 } });
    const [first, second, third, late] = (await shoppers(id, 4)) as [string, string, string, string];
    const won = await attempt(id, first, other);
    expect([won.status, (await attempt(id, second)).status]).toEqual([200, 200]);
    // The other gateway has not heard that the last unit is gone: it takes a token, and finds nothing.
    expect(gist(await attempt(id, third, other))).toEqual([409, "SOLD_OUT"]);
    await onHold(holdIdOf(won), "release");
    await stage.until(async () => (await attempt(id, late)).status === 200 || null);
  });

  it("follow a change of the rate", async () => {
    const id = await rush({ quantity: 50, admission: { ratePerSecond: 0.01, burst: 1 } });
    const [first, second] = await shoppers(id, 2);
    expect((await attempt(id, String(first))).status).toBe(200);
    expect(gist(await attempt(id, String(second)))).toEqual([429, "RATE_LIMITED"]);
    await stage.call("PUT", `/api/v1/admin/sales/${id}/admission`, {
      ...merchant,
      body: { ratePerSecond: 1_000, burst: 10 },
    });
    await stage.until(async () => (await attempt(id, String(second))).status === 200 || null);
  });
});

describe("sold out", () => {
  it("every unit goes once, from whatever pool, and who holds one still sees it", async () => {
    const id = await rush({ quantity: 30, poolCount: 10 });
    const cookies = await shoppers(id, 60);
    const at = [stage.gateway, other];
    const told: Told[] = await Promise.all(cookies.map((cookie, i) => attempt(id, cookie, at[i % 2])));
    // A try that was overtaken says so, and is tried again.
    for (const [i, cookie] of cookies.entries()) {
      while (told[i]?.status === 429) told[i] = await attempt(id, cookie, at[i % 2]);
    }
    const winners = told.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(30);
    expect(new Set(winners.map(({ body }) => (body["hold"] as { unit: number }).unit)).size).toBe(30);
    for (const { body } of told.filter(({ status }) => status !== 200)) {
      expect(body).toMatchObject({ code: "SOLD_OUT", final: false });
      expect(Number(body["retryAfterMs"])).toBeGreaterThan(0);
    }
    for (const [i, cookie] of cookies.entries()) {
      if (told[i]?.status !== 200) continue;
      const again = await attempt(id, cookie, at[(i + 1) % 2]);
      expect(again.body).toEqual(told[i]?.body);
      break;
    }
    await Promise.all(
      winners.map((won) => onHold(holdIdOf(won), "confirm", { orderId: `order ${holdIdOf(won)}` })),
    );
    await phaseIs(id, "sold_out");
    const late = await stage.cookie(id);
    for (const gateway of at) {
      const final = await attempt(id, late, gateway);
      expect(final.body).toMatchObject({ code: "SOLD_OUT", final: true });
      expect(final.body).not.toHaveProperty("retryAfterMs");
    }
    await proven(id);
  });

  it("is answered without Redis, until a unit comes back", async () => {
    const id = await rush({ quantity: 1 });
    const [first, second, third] = (await shoppers(id, 3)) as [string, string, string];
    const won = holdIdOf(await attempt(id, first));
    expect(gist(await attempt(id, second))).toEqual([409, "SOLD_OUT"]);
    // Redis answers this gateway no more: what it knows, it still says.
    const proxy = await TcpProxy.listen(inject("redisUrl"));
    const far = await stage.another({ REDIS_URL: proxy.url });
    await far.services.hotStore.whenReady(10_000);
    await stage.until(async () => gist(await attempt(id, second, far))[1] === "SOLD_OUT" || null);
    await stage.until(async () => {
      proxy.release();
      // Released this very moment, Redis may not have been found again yet.
      if (gist(await attempt(id, second, far))[1] !== "SOLD_OUT") return null;
      proxy.hold();
      const told = await Promise.all([second, third].map((cookie) => attempt(id, cookie, far)));
      return told.every(({ body }) => body["code"] === "SOLD_OUT") || null;
    });
    proxy.release();
    await proxy.close();

    await onHold(won, "release");
    const again = await stage.until(async () => {
      const told = await attempt(id, second, other);
      return told.status === 200 ? told : null;
    });
    expect(holdIdOf(again)).not.toBe(won);
    // A cancelled order brings its unit back as well.
    await onHold(holdIdOf(again), "confirm", { orderId: `order-${randomBytes(4).toString("hex")}` });
    await phaseIs(id, "sold_out");
    expect((await attempt(id, third)).body).toMatchObject({ code: "SOLD_OUT", final: true });
    await onHold(holdIdOf(again), "cancel", { reason: "changed their mind" });
    await stage.until(async () => (await attempt(id, third)).status === 200 || null);
    await proven(id);
  });

  it("closed, nothing is to be had, and who holds a unit still does", async () => {
    const id = await rush({ quantity: 3 });
    const [first, second] = (await shoppers(id, 2)) as [string, string];
    const won = await attempt(id, first);
    await act(id, "close");
    await phaseIs(id, "closed");
    await stage.until(async () => gist(await attempt(id, second))[1] === "SOLD_OUT" || null);
    expect((await attempt(id, second, other)).body).toMatchObject({ code: "SOLD_OUT", final: true });
    expect(holdIdOf(await attempt(id, first))).toBe(holdIdOf(won));
    await proven(id);
  });

  it("closed, who holds a unit or has bought one is told so without Redis", async () => {
    const id = await rush({ quantity: 3 });
    const [holder, buyer, late] = (await shoppers(id, 3)) as [string, string, string];
    const won = await attempt(id, holder);
    await onHold(holdIdOf(await attempt(id, buyer)), "confirm", {
      orderId: `order-${randomBytes(4).toString("hex")}`,
    });
    const proxy = await TcpProxy.listen(inject("redisUrl"));
    const far = await stage.another({ REDIS_URL: proxy.url });
    await far.services.hotStore.whenReady(10_000);
    await act(id, "close");
    await stage.until(
      async () =>
        (await stage.call("GET", `/api/v1/sales/${id}`, { at: far })).body["phase"] === "closed" || null,
    );
    proxy.hold();
    const told = await Promise.all([holder, buyer, late].map((cookie) => attempt(id, cookie, far)));
    proxy.release();
    await proxy.close();
    expect(told[0]?.body["hold"]).toEqual(won.body["hold"]);
    expect(told.slice(1).map(gist)).toEqual([
      [409, "ALREADY_PURCHASED"],
      [409, "SOLD_OUT"],
    ]);
    await proven(id);
  });
});
