// A Redis Cluster on the loopback interface: masters and, where asked, a replica for each, every server in a
// directory of its own. What a deployment has on several machines, for `start --cluster` and for the tests.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { keptSecret } from "./kept-file.ts";
import { endLeftoverRedis, startRedis } from "./redis.ts";
import { type RunningStore, StoreUnavailable } from "./store-process.ts";

export type RedisClusterOptions = {
  /** Made when absent; each server has a folder of its own in it. */
  dataDir: string;
  /** How many replicas each of the masters has: 0 or 1. */
  replicas: 0 | 1;
  durable: boolean;
  /** Where a fetched server program is kept; the checkout's `.cache` by default. */
  cacheDir?: string;
  onSpawn?: (name: string, pid: number) => void;
  say?: (line: string) => void;
};

/** One server of the cluster, not started yet. */
export type ClusterServer = {
  /** `redis-1` …: first the masters, then their replicas in the same order. */
  name: string;
  /** Starts it, on the port it had before unless it is told one. */
  start: (port?: number) => Promise<RunningStore>;
};

export type RunningCluster = {
  /** What REDIS_URL takes: the masters' connection strings, by comma. */
  url: string;
  servers: (RunningStore & { name: string })[];
  stop: () => Promise<void>;
};

export const MASTERS = 3;
/** Long enough that a busy machine is not taken for a dead one, short enough that a failover takes a few seconds. */
const NODE_TIMEOUT_MS = 2_000;
const SLOTS = 16_384;
/** Servers that know each other's addresses are one cluster within seconds. */
const TOGETHER_WITHIN_MS = 60_000;

/** The servers of the cluster in `dataDir`, in the order in which they are formed. */
export async function clusterServers(options: RedisClusterOptions): Promise<ClusterServer[]> {
  const { dataDir, replicas, durable, onSpawn, say, cacheDir } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const password = (await keptSecret(join(dataDir, "password"), 24)).secret;
  return serverNames(replicas).map((name) => ({
    name,
    start: (port) =>
      startRedis({
        dataDir: join(dataDir, name),
        durable,
        cluster: { password, nodeTimeoutMs: NODE_TIMEOUT_MS },
        onSpawn: (pid) => onSpawn?.(name, pid),
        ...(say && { say }),
        ...(cacheDir !== undefined && { cacheDir }),
        ...(port !== undefined && { port }),
      }),
  }));
}

/** Starts a whole cluster, for those who need nothing started again. @throws StoreUnavailable */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RunningCluster> {
  const planned = await clusterServers(options);
  const servers = await Promise.all(planned.map(async ({ name, start }) => ({ name, ...(await start()) })));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    await formCluster(servers.map((server) => server.url));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: clusterUrl(servers.map((server) => server.url)), servers, stop };
}

/** What REDIS_URL takes. Each server will do: it names the others. */
export function clusterUrl(urls: readonly string[]): string {
  return urls.join(",");
}

/** Ends servers that a killed start left in this directory; they keep their data. */
export async function endLeftoverCluster(dataDir: string): Promise<void> {
  await Promise.all(serverNames(1).map((name) => endLeftoverRedis(join(dataDir, name))));
}

function serverNames(replicas: 0 | 1): string[] {
  return Array.from({ length: MASTERS * (1 + replicas) }, (_, i) => `redis-${i + 1}`);
}

/**
 * Makes servers one cluster that has all slots, or waits until they are again what they were. Each step looks
 * first, so that one that was broken off is gone on with.
 * @param urls the masters, then a replica for each or none
 * @throws StoreUnavailable when they do not come together
 */
export async function formCluster(urls: readonly string[]): Promise<void> {
  // Loaded only here: who starts with one Redis does not wait for it.
  const ioredis = await import("ioredis");
  const nodes = urls.map((url) => {
    const redis = new ioredis.Redis(url, { maxRetriesPerRequest: 5 });
    redis.on("error", () => {});
    return redis;
  });
  try {
    const end = Date.now() + TOGETHER_WITHIN_MS;
    await meet(nodes, end);
    await giveSlots(nodes);
    await makeReplicas(nodes, end);
    const well = async (node: Redis): Promise<boolean> => /cluster_state:ok/.test(await clusterInfo(node));
    await until("all slots are served", end, async () => (await Promise.all(nodes.map(well))).every(Boolean));
  } finally {
    for (const node of nodes) node.disconnect();
  }
}

async function meet(nodes: readonly Redis[], end: number): Promise<void> {
  const [first] = nodes;
  if (first === undefined) return;
  const selves = await Promise.all(nodes.map(self));
  const isNew = (await Promise.all(nodes.map(known))).every((count) => count === 1);
  if (isNew) {
    // Epochs of their own, so that they need not be found out of step first.
    await Promise.all(
      nodes.map((node, i) => node.call("CLUSTER", "SET-CONFIG-EPOCH", i + 1).catch(() => {})),
    );
  }
  // Said again to those who know each other it changes nothing, but for a port that is another one now.
  for (const { host, port, busPort } of selves) await first.call("CLUSTER", "MEET", host, port, busPort);
  await until("all servers know each other", end, async () => {
    const counts = await Promise.all(nodes.map(known));
    return counts.every((count) => count >= nodes.length);
  });
}

/** Gives the slots that nobody has to the masters, each its third. */
async function giveSlots(nodes: readonly Redis[]): Promise<void> {
  const free = new Set(Array.from({ length: SLOTS }, (_, slot) => slot));
  for (const node of nodes) {
    // A range begins with its first and last slot.
    const ranges = (await node.call("CLUSTER", "SLOTS")) as [number, number][];
    for (const [from, to] of ranges) for (let slot = from; slot <= to; slot += 1) free.delete(slot);
  }
  for (const [i, master] of nodes.slice(0, MASTERS).entries()) {
    const own = [...free].filter((slot) => Math.floor((slot * MASTERS) / SLOTS) === i);
    if (own.length > 0) await master.call("CLUSTER", "ADDSLOTS", ...own);
  }
}

/** Every server beyond the masters that has no slots of its own follows the master that stands as far before it. */
async function makeReplicas(nodes: readonly Redis[], end: number): Promise<void> {
  for (const [i, node] of nodes.slice(MASTERS).entries()) {
    const { flags, hasSlots } = await self(node);
    const master = nodes[i];
    if (!flags.includes("master") || hasSlots || master === undefined) continue;
    const { id } = await self(master);
    await until("a replica knows its master", end, async () => {
      try {
        await node.call("CLUSTER", "REPLICATE", id);
        return true;
      } catch {
        // "Unknown node" until word of it has come round.
        return false;
      }
    });
  }
}

type Self = { id: string; host: string; port: number; busPort: number; flags: string[]; hasSlots: boolean };

/** What a server says of itself. */
async function self(node: Redis): Promise<Self> {
  const text = String(await node.call("CLUSTER", "NODES"));
  const fields = (text.split("\n").find((line) => line.includes("myself")) ?? "").split(" ");
  const match = /^(.*):(\d+)@(\d+)/.exec(fields[1] ?? "");
  return {
    id: fields[0] ?? "",
    // Before it has met anybody it may not know its own address.
    host: match?.[1] || "127.0.0.1",
    port: Number(match?.[2]),
    busPort: Number(match?.[3]),
    flags: (fields[2] ?? "").split(","),
    hasSlots: fields.length > 8,
  };
}

async function known(node: Redis): Promise<number> {
  return Number(/cluster_known_nodes:(\d+)/.exec(await clusterInfo(node))?.[1] ?? 0);
}

async function clusterInfo(node: Redis): Promise<string> {
  return String(await node.call("CLUSTER", "INFO"));
}

async function until(what: string, end: number, level: () => Promise<boolean>): Promise<void> {
  while (!(await level())) {
    if (Date.now() > end) {
      throw new StoreUnavailable(
        `The Redis cluster does not come together: ${what}, and that is not so after ${TOGETHER_WITHIN_MS / 1000} s. Its folder may be removed: all it holds is made again from PostgreSQL.`,
      );
    }
    await sleep(25);
  }
}
