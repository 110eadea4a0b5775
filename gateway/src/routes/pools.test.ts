// A running sale's pools in an operator's hands, with a real worker: what moves, comes and goes, and that nothing is lost.
import { saleMetricsSchema } from "@dropgate/contracts/sale-metrics";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  await stage.worker();
});
afterAll(() => stage.stop());

const merchant = { bearer: BOOTSTRAP_KEY };
interface Pool {
  index: number;
  capacity: number;
  available: number;
  held: number;
  sold: number;
}
const poolsIn = ({ body }: Told): Pool[] => body["items"] as Pool[];
const gist = ({ status, body }: Told): unknown[] => [status, body["code"] ?? "ok"];
const admin = (id: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(body === undefined ? "GET" : "POST", `/api/v1/admin/sales/${id}/${path}`, {
    ...merchant,
    ...(body !== undefined && { body }),
  });
const attempt = async (id: string): Promise<Told> =>
  stage.call("POST", `/api/v1/sales/${id}/attempts`, { cookie: await stage.cookie(id) });

async function rush(quantity: number, poolCount: number): Promise<string> {
  const { id } = await stage.sale({
    kind: "rush",
    quantity,
    poolCount,
    admission: { ratePerSecond: 100_000, burst: 10_000 },
    schedule: { drawAt: inMinutes(-1), opensAt: inMinutes(-1) },
  });
  await stage.until(
    async () => (await stage.call("GET", `/api/v1/sales/${id}`)).body["phase"] === "live" || null,
  );
  return id;
}

async function proven(id: string): Promise<void> {
  const report = await stage.until(async () => {
    const { body } = await admin(id, "report");
    return body["ok"] === true ? body : null;
  });
  expect(report["ok"]).toBe(true);
}

/** What the pools of Redis would give out, each unit with its pool, as PostgreSQL has them free. */
async function poolsAgree(id: string): Promise<void> {
  const { sales, hotStore } = stage.gateway.services;
  // PostgreSQL tells of pools before the worker has filled their lanes.
  const lanes = await stage.until(async () => {
    const all = (await sales.find(id))?.lanes ?? [];
    const filled = all.flatMap(({ lane, address }) => (address === null ? [] : [{ lane, address }]));
    return filled.length > 0 && filled.length === all.length ? filled : null;
  });
  const given = await Promise.all(
    lanes.map(async ({ lane, address }) => {
      const pool = await hotStore.lane(address).pool(0, 100);
      if (!pool.ok) throw new Error("a lane is fenced");
      return pool.value.units.map((unit) => ({ unit, lane }));
    }),
  );
  const { rows } = await stage.database.truth.query(
    "SELECT unit, lane FROM units WHERE sale_id = $1 AND state = 'free' ORDER BY unit",
    [id],
  );
  expect(given.flat().toSorted((a, b) => a.unit - b.unit)).toEqual(rows);
}

/** Soon: whoever is handed a unit that PostgreSQL refuses (its record stayed behind in a pool) is told to try again. */
async function isSoldOut(id: string): Promise<void> {
  await stage.until(async () => {
    const told = gist(await attempt(id));
    if (told[1] !== "RATE_LIMITED") expect(told).toEqual([409, "SOLD_OUT"]);
    return told[1] === "SOLD_OUT" || null;
  });
}

describe("the pools of a sale", () => {
  it("are evened out, and every unit can still be had once", async () => {
    const id = await rush(12, 4);
    expect(poolsIn(await admin(id, "pools")).map(({ available }) => available)).toEqual([3, 3, 3, 3]);
    // Nine units come to one pool.
    expect((await admin(id, "pools/0/adjust", { delta: 9, reason: "a late delivery" })).status).toBe(200);
    expect(poolsIn(await admin(id, "pools")).map(({ available }) => available)).toEqual([12, 3, 3, 3]);
    await poolsAgree(id);
    const even = await admin(id, "pools/rebalance", {});
    expect(poolsIn(even).map(({ available }) => available)).toEqual([6, 5, 5, 5]);
    // Again nothing moves.
    expect(poolsIn(await admin(id, "pools/rebalance", {}))).toEqual(poolsIn(even));
    // At once, before any worker has compared them: a unit that moved is in its new pool, and in no other.
    await poolsAgree(id);
    await proven(id);
    const units = new Set<number>();
    for (let n = 0; n < 21; n++) {
      const told = await stage.until(async () => {
        const tried = await attempt(id);
        return tried.status === 200 ? tried : null;
      });
      units.add((told.body["hold"] as { unit: number }).unit);
    }
    expect(units.size).toBe(21);
    await isSoldOut(id);
    await proven(id);
  });

  it("give free units back to stock, all that are asked for or none", async () => {
    const id = await rush(8, 2);
    await attempt(id);
    const pools = poolsIn(await admin(id, "pools"));
    const full = pools.find(({ available }) => available === 4)?.index ?? 0;
    const refused = await admin(id, `pools/${full}/adjust`, { delta: -5 });
    expect(gist(refused)).toEqual([409, "INSUFFICIENT_STOCK"]);
    expect(String(refused.body["detail"])).toContain("4 free units");
    expect(poolsIn(await admin(id, "pools"))).toEqual(pools);
    const taken = await admin(id, `pools/${full}/adjust`, { delta: -4, reason: "damaged" });
    expect(poolsIn(taken)[full]).toMatchObject({ capacity: 0, available: 0 });
    const sale = (await stage.call("GET", `/api/v1/admin/sales/${id}`, merchant)).body;
    expect(sale["units"]).toEqual({ free: 3, held: 1, sold: 0, returned: 4 });
    for (let n = 0; n < 3; n++) {
      await stage.until(async () => (await attempt(id)).status === 200 || null);
    }
    await isSoldOut(id);
    // Units that are added while all are taken can be had at once.
    await admin(id, `pools/${full}/adjust`, { delta: 1 });
    await stage.until(async () => (await attempt(id)).status === 200 || null);
    await proven(id);
  });

  it("are changed once under an Idempotency-Key, and only by who may", async () => {
    const id = await rush(4, 2);
    const call = (): Promise<Told> =>
      stage.call("POST", `/api/v1/admin/sales/${id}/pools/1/adjust`, {
        ...merchant,
        body: { delta: 3 },
        headers: { "idempotency-key": "three more" },
      });
    const [first, again] = [await call(), await call()];
    expect(again.text).toBe(first.text);
    expect(poolsIn(await admin(id, "pools"))[1]).toMatchObject({ capacity: 5 });
    expect(gist(await stage.call("POST", `/api/v1/admin/sales/${id}/pools/rebalance`))).toEqual([
      401,
      "UNAUTHENTICATED",
    ]);
  });

  it("refuse what cannot be", async () => {
    const id = await rush(4, 2);
    for (const body of [
      { delta: 0 },
      { delta: 1.5 },
      { delta: "1" },
      {},
      { delta: 1, unit: 7 },
      { delta: 1e9 },
    ]) {
      expect(gist(await admin(id, "pools/0/adjust", body))).toEqual([400, "INVALID_REQUEST"]);
    }
    expect(gist(await admin(id, "pools/0/adjust", { delta: 999_999 }))).toEqual([400, "INVALID_REQUEST"]);
    for (const index of ["2", "64", "-1", "x", "0.5"]) {
      expect(gist(await admin(id, `pools/${index}/adjust`, { delta: 1 }))).toEqual([404, "NOT_FOUND"]);
    }
    expect(gist(await admin("nowhere", "pools/rebalance", {}))).toEqual([404, "SALE_NOT_FOUND"]);
    expect(poolsIn(await admin(id, "pools")).map(({ capacity }) => capacity)).toEqual([2, 2]);
    await admin(id, "actions/close", {});
    expect(gist(await admin(id, "pools/rebalance", {}))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await admin(id, "pools/0/adjust", { delta: 1 }))).toEqual([409, "WRONG_STATE"]);
  });
});

describe("the figures of a sale", () => {
  it("are told as of now, and as a series that goes on by itself", async () => {
    const id = await rush(5, 1);
    await attempt(id);
    const read = async () => saleMetricsSchema.parse((await admin(id, "metrics")).body);
    expect(await read()).toMatchObject({ phase: "live", now: { free: 4, held: 1, sold: 0, returned: 0 } });
    const { series } = await stage.until(async () => {
      const metrics = await read();
      return metrics.series.points.some(({ held }) => held === 1) ? metrics : null;
    });
    expect(series.stepSeconds).toBe(1);
    expect((await admin(id, "metrics?step=60")).body["series"]).toMatchObject({ stepSeconds: 60 });
    expect(gist(await admin(id, "metrics?step=7"))).toEqual([400, "INVALID_REQUEST"]);
    expect(gist(await admin("nowhere", "metrics"))).toEqual([404, "SALE_NOT_FOUND"]);
  });
});
