// What happens to running sales on a Redis Cluster: slots that move, a master that dies.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actOnHolds } from "@dropgate/inventory/holds/act";
import { saleReport } from "@dropgate/inventory/proof/report";
import { laneKeys } from "@dropgate/lua/keys";
import { fillLane, joinOf, valueOf } from "@dropgate/lua/lane-fixture";
import { slotOf } from "@dropgate/lua/slots";
import { type RunningCluster, startRedisCluster } from "@dropgate/ops/stores/redis-cluster";
import { SaleStage, until } from "@dropgate/queue-worker/sale-stage";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { moveSlot } from "./move-slot.ts";

let dataDir: string;
let cluster: RunningCluster;
/** One client for each server, as it was started: `nodes[0]` speaks to redis-1. */
let nodes: Redis[];
let stage: SaleStage;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dropgate-cluster-"));
  cluster = await startRedisCluster({ dataDir, replicas: 1, durable: true });
  nodes = cluster.servers.map(({ url }) => new Redis(url, { maxRetriesPerRequest: null }));
  for (const node of nodes) node.on("error", () => {});
});
afterAll(async () => {
  for (const node of nodes) node.disconnect();
  await cluster.stop();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  stage = await SaleStage.open({ redisUrl: cluster.url, databaseUrl: inject("databaseUrl") });
});
afterEach(() => stage.close());

/** A loaded machine: a lobby whose lane was filled anew waits ten seconds for journals, a failover some more. */
const LONG = { timeout: 90_000 };

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `shopper ${i}`);
const offered = `SELECT count(*) AS n FROM holds WHERE sale_id = $1 AND state = 'offered' AND published_at IS NOT NULL`;
const entries = "SELECT count(*) AS n FROM entries WHERE sale_id = $1";

async function runIdOf(node: Redis): Promise<string> {
  return /run_id:(\w+)/.exec(await node.info("server"))?.[1] ?? "";
}

/** The server, by its place in `nodes`, that has a lane's slot now. */
async function ownerOf(lane: number): Promise<number> {
  const runId = await stage.hotStore.whenReachable({ saleId: stage.saleId, lane }, 10_000);
  const runIds = await Promise.all(nodes.slice(0, 3).map(runIdOf));
  return runIds.indexOf(runId);
}

function slotOfLane(lane: number): number {
  return slotOf(laneKeys({ saleId: stage.saleId, lane, epoch: 1 }).lane);
}

/** Joins as gateways do: what was not acknowledged is asked again until it is, under the same names. */
async function joinSteadily(everybody: readonly string[], onBatch: (done: number) => void): Promise<void> {
  for (let from = 0; from < everybody.length; from += 10) {
    const batch = everybody.slice(from, from + 10);
    await until(`the joins from ${from} on are acknowledged`, async () => {
      try {
        await stage.join(batch);
        return true;
      } catch {
        return false;
      }
    });
    onBatch(from + batch.length);
  }
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

test("each lane's calls go to the server that has its slot", async () => {
  const runIds = await Promise.all(nodes.slice(0, 3).map(runIdOf));
  const used = new Set<string>();
  // A sale's name falls to each server alike: one of the three is missed by twelve sales in one run of forty, by a
  // hundred in none that anybody will see.
  for (let sale = 0; sale < 12 || (used.size < runIds.length && sale < 100); sale += 1) {
    const { saleId, lane } = await fillLane(stage.hotStore, {}, [1, 2, 3]);
    expect(valueOf(await lane.join([joinOf("ann")]))).toMatchObject([{ outcome: "new" }]);
    const runId = stage.hotStore.runIdOf({ saleId, lane: 0 }) ?? "";
    used.add(runId);
    const owner = nodes[runIds.indexOf(runId)];
    expect(await owner?.exists(laneKeys({ saleId, lane: 0, epoch: 1 }).cards)).toBe(1);
  }
  expect(used).toEqual(new Set(runIds));
});

test("what a lane tells is heard from whichever server has its slot, and whoever listens learns that it moved", async () => {
  const { saleId, lane } = await fillLane(stage.hotStore);
  const place = { saleId, lane: 0 };
  const heard: string[] = [];
  let listening = 0;
  stage.hotStore.news.lane(place, {
    onNews: ({ body }) => heard.push(body.t),
    onListening: () => {
      listening += 1;
    },
  });
  await until("the subscription stands", async () => listening === 1);
  const copy = { phase: "live", version: 2, limitPerShopper: 1 } as const;
  valueOf(await lane.pulse(copy, true));
  await until("the pulse is heard", async () => heard.length === 1);
  const from = (await Promise.all(nodes.slice(0, 3).map(runIdOf))).indexOf(
    stage.hotStore.runIdOf(place) ?? "",
  );
  await moveSlot(slotOf(laneKeys({ ...place, epoch: 1 }).lane), nodes, from, (from + 1) % 3);
  await until("the subscription stands at the new server", async () => listening === 2);
  const target = await runIdOf(nodes[(from + 1) % 3] as Redis);
  await until("the new owner is known", async () => stage.hotStore.runIdOf(place) === target);
  // The lane's row names the old server: nothing is sent to the new one.
  expect(await lane.look([])).toEqual({ ok: false, fenced: true });
  const moved = stage.hotStore.lane({ ...place, epoch: 1, runId: target });
  valueOf(await moved.pulse(copy, true));
  await until("the pulse is heard again", async () => heard.length === 2);
});

test(
  "a slot that moves in the middle of joins: the lane is filled anew, and everybody acknowledged is there once",
  LONG,
  async () => {
    await stage.createSale({ quantity: 5 });
    stage.startWorkers(2);
    await stage.lanesReady();
    const before = await stage.count("SELECT epoch::int AS n FROM lanes WHERE sale_id = $1 AND lane = 1");
    const from = await ownerOf(1);
    const moving: Promise<void>[] = [];
    await joinSteadily(names(300), (done) => {
      if (done === 100) moving.push(moveSlot(slotOfLane(1), nodes, from, (from + 1) % 3));
    });
    await Promise.all(moving);
    await until("the lane was filled at its new server", async () => {
      const now = await stage.count("SELECT epoch::int AS n FROM lanes WHERE sale_id = $1 AND lane = 1");
      return now > before && (await stage.lanes()).size === stage.sale.laneCount;
    });
    expect(await ownerOf(1)).toBe((from + 1) % 3);
    await until("all are stored", async () => (await stage.count(entries)) === 300);
    await stage.drawNow();
    await until("five offers are told", async () => (await stage.count(offered)) === 5, 30_000);
    expect(await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1")).toBe(300);
    await sellEverything();
    await reportIsGood();
  },
);

test(
  "a master that dies in the middle of a sale: its replica takes over, its lanes are filled anew, nothing changes",
  LONG,
  async () => {
    await stage.createSale({ quantity: 12, poolCount: 4, admission: { ratePerSecond: 1000, burst: 4 } });
    stage.startWorkers(2);
    await stage.lanesReady();
    await stage.join(names(60));
    await until("sixty are stored", async () => (await stage.count(entries)) === 60);
    await stage.drawNow();
    await until("four offers are told", async () => (await stage.count(offered)) >= 4, 30_000);
    const dead = await ownerOf(0);
    const dying = nodes[dead] as Redis;
    const runId = await runIdOf(dying);
    dying.disconnect();
    process.kill(cluster.servers[dead]?.pid ?? 0, "SIGKILL");
    await until("the replica has the slot", async () => {
      const now = stage.hotStore.runIdOf({ saleId: stage.saleId, lane: 0 });
      return now !== null && now !== runId;
    });
    await until("every lane is ready", async () => (await stage.lanes()).size === stage.sale.laneCount);
    await sellEverything();
    expect(await stage.count("SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'sold'")).toBe(
      12,
    );
    const doubled = `SELECT count(*) AS n FROM (SELECT unit FROM holds
    WHERE sale_id = $1 AND state = 'sold' GROUP BY unit HAVING count(*) > 1) AS twice`;
    expect(await stage.count(doubled)).toBe(0);
    await reportIsGood();
  },
);
