import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { isDamaged, startRedis } from "./redis.ts";
import { isAlive, type RunningStore } from "./store-process.ts";
import { processGroup, startInOtherProgram, temporaryFolder } from "./store-under-test.ts";

async function started(options: Parameters<typeof startRedis>[0]): Promise<RunningStore> {
  const store = await startRedis(options);
  onTestFinished(() => store.kill());
  return store;
}

async function connected<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => null });
  // What goes wrong is told by the call that it befell.
  redis.on("error", () => {});
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

test("what it holds is there after the next start, on the same port", async () => {
  const dataDir = await temporaryFolder();
  const first = await started({ dataDir, durable: true });
  await connected(first.url, (redis) => redis.set("a", "1"));
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await started({ dataDir, durable: true });
  expect(second.url).toBe(first.url);
  expect(await connected(second.url, (redis) => redis.get("a"))).toBe("1");
});

test("a durable one syncs its append-only file every second, another writes nothing", async () => {
  const durable = await started({ dataDir: await temporaryFolder(), durable: true });
  const settings = await connected(durable.url, (redis) => redis.config("GET", "append*"));
  expect(settings).toEqual(expect.arrayContaining(["appendonly", "yes", "appendfsync", "everysec"]));
  const passing = await started({ dataDir: await temporaryFolder(), durable: false });
  const others = await connected(passing.url, (redis) => redis.config("GET", "appendonly"));
  expect(others).toEqual(["appendonly", "no"]);
});

test("nobody gets in without the password, and only its owner reads it", async () => {
  const dataDir = await temporaryFolder();
  const store = await started({ dataDir, durable: false });
  const bare = `redis://127.0.0.1:${store.port}`;
  await expect(connected(bare, (redis) => redis.get("a"))).rejects.toThrow(/NOAUTH/);
  for (const file of ["password", "redis.conf"]) {
    expect((await stat(join(dataDir, file))).mode & 0o077).toBe(0);
  }
});

test("it runs in a process group of its own, so that a Ctrl-C to ours passes it by", async () => {
  const store = await started({ dataDir: await temporaryFolder(), durable: false });
  expect(processGroup(store.pid)).toBe(store.pid);
});

test("after a SIGKILL it is started again on the port it had, with its data", async () => {
  const dataDir = await temporaryFolder();
  const first = await started({ dataDir, durable: true });
  await connected(first.url, (redis) => redis.set("a", "1"));
  await first.kill();
  expect(await first.exited).toMatchObject({ signal: "SIGKILL", asked: true });
  const second = await started({ dataDir, durable: true, port: first.port });
  expect(await connected(second.url, (redis) => redis.get("a"))).toBe("1");
});

test("one that outlived its killed program is ended by the next start, which has its data", async () => {
  const dataDir = await temporaryFolder();
  const left = await startInOtherProgram("redis", dataDir);
  await connected(left.url, (redis) => redis.set("a", "1"));
  await left.kill();
  expect(isAlive(left.pid)).toBe(true);
  const next = await started({ dataDir, durable: true });
  expect(isAlive(left.pid)).toBe(false);
  expect(await connected(next.url, (redis) => redis.get("a"))).toBe("1");
});

test("a pid file that names a stranger ends nobody", async () => {
  const dataDir = await temporaryFolder();
  const stranger = await started({ dataDir: await temporaryFolder(), durable: false });
  await writeFile(join(dataDir, "redis.pid"), String(stranger.pid));
  await started({ dataDir, durable: false });
  expect(isAlive(stranger.pid)).toBe(true);
});

test("an append-only file that cannot be read is set aside and said so", async () => {
  const dataDir = await temporaryFolder();
  const first = await started({ dataDir, durable: true });
  await connected(first.url, (redis) => redis.mset("a", "1", "b", "2"));
  await first.stop();
  const folder = join(dataDir, "appendonlydir");
  const file = (await readdir(folder)).find((name) => name.endsWith(".incr.aof"));
  if (file === undefined) throw new Error("no append-only file");
  const text = await readFile(join(folder, file), "latin1");
  await writeFile(join(folder, file), text.replace("$4", "#4"), "latin1");
  const said: string[] = [];
  const second = await started({ dataDir, durable: true, say: (line) => said.push(line) });
  expect(await connected(second.url, (redis) => redis.dbsize())).toBe(0);
  expect(said.join()).toContain("damaged-");
});

test("a base or manifest that was cut or lost does not keep it from starting", async () => {
  for (const spoil of ["base", "manifest"]) {
    const dataDir = await temporaryFolder();
    const first = await started({ dataDir, durable: true });
    await connected(first.url, (redis) => redis.set("a", "1"));
    await connected(first.url, (redis) => redis.bgrewriteaof());
    await expect
      .poll(() => connected(first.url, (redis) => redis.info("persistence")), { timeout: 10_000 })
      .toMatch(/aof_rewrite_in_progress:0[\s\S]*aof_rewrite_scheduled:0[\s\S]*aof_base_size:[1-9]/);
    await first.stop();
    const folder = join(dataDir, "appendonlydir");
    const file = (await readdir(folder)).find((name) => name.includes(spoil));
    if (file === undefined) throw new Error(`no ${spoil}`);
    const bytes = await readFile(join(folder, file));
    await writeFile(join(folder, file), bytes.subarray(0, Math.floor(bytes.length / 2)));
    const second = await started({ dataDir, durable: true });
    expect(await connected(second.url, (redis) => redis.ping())).toBe("PONG");
  }
});

test("trouble that is not the data's leaves the data alone", () => {
  expect(isDamaged("Could not create server TCP listening socket: Address already in use")).toBe(false);
  expect(isDamaged("Bad file format reading the append only file")).toBe(true);
});

test("it works below folders that only their owner may enter", async () => {
  const home = await temporaryFolder();
  await chmod(home, 0o700);
  const dataDir = join(home, "data");
  await mkdir(dataDir, { mode: 0o700 });
  const store = await started({ dataDir, durable: true });
  expect(await connected(store.url, (redis) => redis.ping())).toBe("PONG");
});

test("a port in use is answered with another, but never when that port was asked for", async () => {
  const dataDir = await temporaryFolder();
  const holder = await started({ dataDir: await temporaryFolder(), durable: false });
  await writeFile(join(dataDir, "port"), String(holder.port));
  const other = await started({ dataDir, durable: false });
  expect(other.port).not.toBe(holder.port);
  await other.stop();
  await expect(startRedis({ dataDir, durable: false, port: holder.port })).rejects.toThrow(
    /Address already in use/,
  );
});
