// What happens to a running sale when Redis forgets, is restarted or comes back older than it was.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actOnHolds } from "@dropgate/inventory/holds/act";
import { saleReport } from "@dropgate/inventory/proof/report";
import { startRedis } from "@dropgate/ops/stores/redis";
import type { RunningStore } from "@dropgate/ops/stores/store-process";
import { SaleStage, until } from "@dropgate/queue-worker/sale-stage";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, inject, test } from "vitest";

let dataDir: string;
let redis: RunningStore;
let stage: SaleStage;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dropgate-lost-"));
  redis = await startRedis({ dataDir, durable: true });
  stage = await SaleStage.open({ redisUrl: redis.url, databaseUrl: inject("databaseUrl") });
});
afterEach(async () => {
  await stage.close();
  await redis.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `shopper ${i}`);
const offered = `SELECT count(*) AS n FROM holds WHERE sale_id = $1 AND state = 'offered' AND published_at IS NOT NULL`;
const entries = "SELECT count(*) AS n FROM entries WHERE sale_id = $1";

async function flush(): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  await client.quit();
}

async function epochs(): Promise<Map<number, number>> {
  const { rows } = await stage.truth.query<{ lane: number; epoch: string }>(
    "SELECT lane, epoch FROM lanes WHERE sale_id = $1",
    [stage.sale.id],
  );
  return new Map(rows.map(({ lane, epoch }) => [lane, Number(epoch)]));
}

/** Each by itself: two workers at once may have raised one lane twice while another is still to come. */
async function untilRebuilt(before: ReadonlyMap<number, number>): Promise<void> {
  await until("every lane has a new epoch and is ready", async () => {
    const lanes = await stage.lanes();
    const isNew = [...lanes.values()].map(({ lane, epoch }) => epoch > (before.get(lane) ?? 0));
    return isNew.length === stage.sale.laneCount && isNew.every(Boolean);
  });
}

async function sellEverything(): Promise<void> {
  await until("every unit is sold", async () => {
    const { rows } = await stage.truth.query<{ holdId: string; state: string }>(
      `SELECT hold_id AS "holdId", state FROM holds WHERE sale_id = $1 AND state IN ('offered', 'active')`,
      [stage.sale.id],
    );
    await actOnHolds(
      stage.truth,
      rows.map(({ holdId, state }) =>
        state === "offered"
          ? { holdId, act: "claim", actor: "shopper", entryId: null }
          : { holdId, act: "confirm", actor: "merchant", entryId: null, orderId: `order ${holdId}` },
      ),
    );
    return (await stage.refreshSale()).phase === "sold_out";
  });
}

async function reportIsGood(): Promise<void> {
  let last: unknown;
  await until("the report is good", async () => {
    const report = await saleReport(stage.truth, stage.hotStore, stage.sale.id);
    last = report?.checks.filter((check) => !check.ok);
    return report?.ok === true;
  }).catch((error: unknown) => {
    throw new Error(JSON.stringify(last), { cause: error });
  });
}

test("emptied in the lobby: who is stored keeps the place, who is in a journal joins again under the same name", async () => {
  await stage.createSale({ quantity: 5 });
  stage.startWorkers(2);
  await stage.lanesReady();
  await stage.join(names(40));
  await until("forty are stored", async () => (await stage.count(entries)) === 40);
  const before = await epochs();
  await flush();
  await untilRebuilt(before);
  expect(await stage.card("shopper 7")).toMatchObject({ state: "waiting", attempt: 1 });
  // A gateway's journal offers what it has: those that are there already stay what they are.
  const again = await stage.join([...names(40), "unstored"], true);
  expect(again.get("unstored")).toMatchObject({ outcome: "new" });
  expect(again.get("shopper 7")).toMatchObject({ outcome: "same" });
  await stage.drawNow();
  await until("five offers are told", async () => (await stage.count(offered)) === 5, 30_000);
  expect(await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1")).toBe(41);
  await sellEverything();
  await reportIsGood();
});

test("emptied while offers are out: holds stay, units are neither lost nor given twice", async () => {
  await stage.createSale({ quantity: 6, poolCount: 2, admission: { ratePerSecond: 1000, burst: 3 } });
  stage.startWorkers(2);
  await stage.lanesReady();
  await stage.join(names(30));
  await stage.drawNow();
  await until("three offers are told", async () => (await stage.count(offered)) >= 3);
  const before = await epochs();
  await flush();
  await untilRebuilt(before);
  await sellEverything();
  expect(await stage.count("SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'sold'")).toBe(6);
  await reportIsGood();
});

test("killed and started again on the same data: fenced by its name, rebuilt, nothing lost", async () => {
  await stage.createSale({ quantity: 4 });
  stage.startWorkers(2);
  await stage.lanesReady();
  await stage.join(names(20));
  const before = await epochs();
  const port = Number(new URL(redis.url).port);
  process.kill(redis.pid, "SIGKILL");
  await until("Redis is gone", async () => !stage.hotStore.ready);
  redis = await startRedis({ dataDir, port, durable: true });
  await untilRebuilt(before);
  await stage.drawNow();
  await until("four offers are told", async () => (await stage.count(offered)) === 4, 30_000);
  // What Redis had taken was written before it was acknowledged, so a kill loses none of it.
  expect(await stage.count(entries)).toBe(20);
  await sellEverything();
  await reportIsGood();
});
