// A gateway of a rush that died between Redis and PostgreSQL: its unit goes back, and nobody can come late with it.
import { HEARTBEAT_MS, TAKE_ORPHAN_MS } from "@dropgate/contracts/limits";
import { newHoldId } from "@dropgate/inventory/ids";
import { makeRushHolds } from "@dropgate/inventory/rush/make-holds";
import { type GeneralClient, openGeneralClient } from "@dropgate/lua/general-client";
import { laneKeys } from "@dropgate/lua/keys";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { SaleStage, until } from "../sale-stage.ts";

let stage: SaleStage;
let redis: GeneralClient;
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  redis = await openGeneralClient(inject("redisUrl"));
});
afterEach(() => stage.stopWorkers());
afterAll(async () => {
  redis.disconnect();
  await stage.close();
});

const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

test("a take that PostgreSQL does not know is declared void, then goes back; a late commit is refused", async () => {
  await stage.createSale({
    kind: "rush",
    quantity: 1,
    poolCount: 1,
    schedule: { opensAt: at(-1), closesAt: at(3_600) },
  });
  stage.startWorkers(2);
  await stage.lanesReady();
  await until("it sells", async () => (await stage.refreshSale()).phase === "live");
  const address = (await stage.lanes()).get(0);
  if (!address) throw new Error("no lane");
  const lane = stage.hotStore.lane(address);
  const holdId = newHoldId(stage.sale.tag as never, 0);
  const taken = await lane.take([holdId]);
  expect(taken).toEqual({ ok: true, value: [1] });

  // A moment old it may still be on its way: two beats of the worker leave it alone.
  const beats = HEARTBEAT_MS * 2;
  const { rows } = await stage.truth.query<{ at: Date }>("SELECT beat_at AS at FROM service_heartbeat");
  await until("the worker went on", async () => {
    const now = await stage.truth.query<{ at: Date }>("SELECT beat_at AS at FROM service_heartbeat");
    return Number(now.rows[0]?.at) - Number(rows[0]?.at) > beats;
  });
  expect(await lane.records([1])).toMatchObject({ ok: true, value: [{ state: holdId }] });

  // Old, and nobody has answered for it.
  const { taken: key } = laneKeys(address);
  await redis.hset(key, "1", `${holdId}|${Date.now() - TAKE_ORPHAN_MS * 2}`);
  await until("the unit is free again", async () => {
    const records = await lane.records([1]);
    return records.ok && records.value[0]?.state === "";
  });
  // The unit goes back a moment before the worker counts it.
  await until("it is counted once", async () => stage.happened.get("take.voided") === 1);
  const late = await makeRushHolds(stage.truth, stage.sale.id, [
    {
      holdId,
      unit: 1,
      pool: 0,
      entryId: `${stage.sale.tag}00-late`,
      shopper: "m:late",
      shopperKey: "late",
      lane: 0,
      attempt: 1,
    },
  ]);
  expect(late).toEqual([{ outcome: "refused" }]);
  expect(await stage.count("SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'free'")).toBe(1);
  expect(stage.errors).toEqual([]);
});
