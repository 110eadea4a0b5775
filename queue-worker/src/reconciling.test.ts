// Pools in Redis that differ from PostgreSQL: brought to what it says, by the second look.
import { type GeneralClient, openGeneralClient } from "@dropgate/lua/general-client";
import { laneKeys } from "@dropgate/lua/keys";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { PoolReconciler } from "./reconciling.ts";
import type { WorkerContext } from "./running/context.ts";
import { SaleStage } from "./sale-stage.ts";

let stage: SaleStage;
let redis: GeneralClient;
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  redis = await openGeneralClient(inject("redisUrl"));
});
afterAll(async () => {
  redis.disconnect();
  await stage.close();
});

beforeEach(async () => {
  await stage.createSale({ quantity: 6, poolCount: 2 });
  stage.startWorkers(1);
  await stage.lanesReady();
  await stage.stopWorkers();
});

/** One look at each pool, as a worker takes it now and then. @returns how many records it repaired */
async function look(reconciler: PoolReconciler, leavesTakes = false): Promise<number> {
  const context: WorkerContext = {
    name: "worker-1",
    truth: stage.truth,
    hotStore: stage.hotStore,
    log: { info() {}, warn() {}, error() {} },
    happened: () => {},
  };
  let repaired = 0;
  for (const [lane, address] of await stage.lanes()) {
    if (lane < 2) repaired += await reconciler.look(context, address, leavesTakes);
  }
  return repaired;
}

async function records(lane: number, units: readonly number[]): Promise<string[]> {
  const address = (await stage.lanes()).get(lane);
  if (!address) throw new Error("no lane");
  const answer = await stage.hotStore.lane(address).records(units);
  if (!answer.ok) throw new Error("fenced");
  return answer.value.map(({ state }) => state);
}

async function poolOf(unit: number): Promise<number> {
  const { rows } = await stage.truth.query<{ lane: number }>(
    "SELECT lane FROM units WHERE sale_id = $1 AND unit = $2",
    [stage.sale.id, unit],
  );
  return rows[0]?.lane ?? -1;
}

test("pools that agree are left alone", async () => {
  const reconciler = new PoolReconciler();
  expect([await look(reconciler), await look(reconciler)]).toEqual([0, 0]);
});

test("a unit that changed its pool while nobody followed leaves the one and comes to the other", async () => {
  const from = await poolOf(1);
  const to = 1 - from;
  await stage.truth.query("UPDATE units SET lane = $3 WHERE sale_id = $1 AND unit = $2", [
    stage.sale.id,
    1,
    to,
  ]);
  const reconciler = new PoolReconciler();
  expect(await look(reconciler)).toBe(0);
  expect(await look(reconciler)).toBe(2);
  expect(await records(from, [1])).toEqual(["-"]);
  expect(await records(to, [1])).toEqual([""]);
  expect(await look(reconciler)).toBe(0);
});

test("all of a pool may go, and none comes back by itself", async () => {
  await stage.truth.query("UPDATE units SET lane = 1 WHERE sale_id = $1", [stage.sale.id]);
  const reconciler = new PoolReconciler();
  await look(reconciler);
  expect(await look(reconciler)).toBe(6);
  expect(await records(0, [1, 2, 3, 4, 5, 6])).toEqual(Array(6).fill("-"));
  expect(await records(1, [1, 2, 3, 4, 5, 6])).toEqual(Array(6).fill(""));
});

test("a take that is on its way is a rush's own affair, and in a line a leak", async () => {
  const pool = await poolOf(1);
  const address = (await stage.lanes()).get(pool);
  if (!address) throw new Error("no lane");
  const { pool: free, taken } = laneKeys(address);
  const holdId = `${stage.sale.tag}0${pool}_${"x".repeat(22)}`;
  await redis.zrem(free, "1");
  await redis.hset(taken, "1", `${holdId}|${Date.now()}`);
  const reconciler = new PoolReconciler();
  expect([await look(reconciler, true), await look(reconciler, true)]).toEqual([0, 0]);
  expect(await records(pool, [1])).toEqual([holdId]);
  expect([await look(reconciler), await look(reconciler)]).toEqual([0, 1]);
  expect(await records(pool, [1])).toEqual([""]);
});
