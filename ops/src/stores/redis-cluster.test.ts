import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { clusterServers, formCluster, MASTERS, startRedisCluster } from "./redis-cluster.ts";
import { isAlive, type RunningStore } from "./store-process.ts";
import { temporaryFolder } from "./store-under-test.ts";

const LONG = { timeout: 30_000, interval: 50 };
/** Six servers on a loaded machine. */
const PATIENT = { timeout: 90_000 };

async function ask(url: string, ...words: string[]): Promise<string> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on("error", () => {});
  try {
    return String(await redis.call(words[0] ?? "", ...words.slice(1)));
  } finally {
    redis.disconnect();
  }
}

/** What each server says that it is. */
async function roles(servers: readonly RunningStore[]): Promise<string[]> {
  const told = await Promise.all(servers.map(({ url }) => ask(url, "INFO", "replication")));
  return told.map((info) => /role:(\w+)/.exec(info)?.[1] ?? "");
}

test(
  "three masters and their replicas come together, and after a stop on the same ports with what they held",
  PATIENT,
  async () => {
    const dataDir = await temporaryFolder();
    const pids: number[] = [];
    const options = {
      dataDir,
      replicas: 1,
      durable: true,
      onSpawn: (_: string, pid: number) => pids.push(pid),
    } as const;
    const first = await startRedisCluster(options);
    onTestFinished(first.stop);
    expect(await roles(first.servers)).toEqual([
      ...Array.from({ length: MASTERS }, () => "master"),
      ...Array.from({ length: MASTERS }, () => "slave"),
    ]);
    const keys = ["a", "b", "c", "d", "e", "f"];
    const holders = new Set<string>();
    for (const key of keys) {
      for (const { url } of first.servers.slice(0, MASTERS)) {
        const answer = await ask(url, "SET", key, "1").catch(() => "");
        if (answer === "OK") holders.add(url);
      }
    }
    expect(holders.size).toBe(MASTERS);
    await first.stop();
    expect(pids.filter(isAlive)).toEqual([]);

    const second = await startRedisCluster(options);
    onTestFinished(second.stop);
    expect(second.url).toBe(first.url);
    const sizes = await Promise.all(second.servers.slice(0, MASTERS).map(({ url }) => ask(url, "DBSIZE")));
    expect(sizes.reduce((sum, size) => sum + Number(size), 0)).toBe(keys.length);
  },
);

test(
  "a forming that was broken off is gone on with; a master that hangs is replaced and follows when it is back",
  PATIENT,
  async () => {
    const planned = await clusterServers({
      dataDir: join(await temporaryFolder(), "c"),
      replicas: 1,
      durable: false,
    });
    const servers = await Promise.all(planned.map(({ start }) => start()));
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.kill()))));
    const urls = servers.map(({ url }) => url);
    // As far as a start may have come before it was killed: two know each other, and one has some slots.
    const [one, two] = servers;
    if (!one || !two) throw new Error("no servers");
    await ask(one.url, "CLUSTER", "ADDSLOTS", "0", "1", "2");
    await formCluster(urls.slice(0, MASTERS));
    await formCluster(urls);
    await formCluster(urls);
    expect((await roles(servers)).filter((role) => role === "master")).toHaveLength(MASTERS);
    await vi.waitFor(async () => {
      expect(await ask(urls[MASTERS] ?? "", "INFO", "replication")).toContain("master_link_status:up");
    }, LONG);

    process.kill(one.pid, "SIGSTOP");
    const replica = servers.slice(MASTERS, MASTERS + 1);
    await vi.waitFor(async () => expect(await roles(replica)).toEqual(["master"]), LONG);
    process.kill(one.pid, "SIGCONT");
    await vi.waitFor(async () => expect(await roles([one])).toEqual(["slave"]), LONG);
    await formCluster(urls);
  },
);
