import { access, chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startPostgres } from "./postgres.ts";
import { isAlive, type RunningStore } from "./store-process.ts";
import { processGroup, startInOtherProgram, temporaryFolder } from "./store-under-test.ts";

async function started(options: Parameters<typeof startPostgres>[0]): Promise<RunningStore> {
  const store = await startPostgres(options);
  onTestFinished(() => store.kill());
  return store;
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

// Making a cluster takes a second; these tests start one and the same, each in its own way.
let dataDir = "";
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dropgate-ops-"));
  const store = await startPostgres({ dataDir, durable: false });
  await ask(store.url, "CREATE TABLE kept AS SELECT 7 AS n");
  await store.stop();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("what it holds is there after the next start, on the same port", async () => {
  const first = await started({ dataDir, durable: true });
  await ask(first.url, "UPDATE kept SET n = 8");
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await started({ dataDir, durable: true });
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, "SELECT n FROM kept")).toEqual([8]);
});

const SETTINGS = `SELECT name || '=' || setting FROM pg_settings
  WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'max_connections')`;

test("a durable one waits for the disk, one for tests does not; both listen on the loopback interface only", async () => {
  const durable = await started({ dataDir, durable: true, maxConnections: 30 });
  const its = await ask(durable.url, SETTINGS);
  for (const setting of ["fsync=on", "synchronous_commit=on", "full_page_writes=on"]) {
    expect(its).toContain(setting);
  }
  expect(its).toContain("listen_addresses=127.0.0.1");
  expect(its).toContain("max_connections=30");
  await durable.stop();
  const passing = await started({ dataDir, durable: false });
  expect(await ask(passing.url, SETTINGS)).toEqual(
    expect.arrayContaining(["fsync=off", "listen_addresses=127.0.0.1"]),
  );
});

test("nobody gets in without the password, which only its owner can read", async () => {
  const store = await started({ dataDir, durable: false });
  const wrong = new URL(store.url);
  wrong.password = "guess";
  await expect(ask(wrong.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(dataDir, "password"))).mode & 0o077).toBe(0);
});

test("it runs in a process group of its own, so that a Ctrl-C to ours passes it by", async () => {
  const store = await started({ dataDir, durable: false });
  expect(processGroup(store.pid)).toBe(store.pid);
});

test("after a SIGKILL of the postmaster it starts again at once on the port it had, with its data", async () => {
  const first = await started({ dataDir, durable: true });
  await ask(first.url, "UPDATE kept SET n = 9");
  // A session that is busy, so that one of the postmaster's children is still there when it is not.
  const busy = new Client({ connectionString: first.url });
  busy.on("error", () => {});
  await busy.connect();
  const asleep = busy.query("SELECT pg_sleep(60)").catch(() => {});
  await first.kill();
  const second = await started({ dataDir, durable: true, port: first.port });
  expect(await ask(second.url, "SELECT n FROM kept")).toEqual([9]);
  await asleep;
});

test("one that outlived its killed program is ended by the next start, which has its data", async () => {
  const left = await startInOtherProgram("postgres", dataDir);
  await ask(left.url, "UPDATE kept SET n = 10");
  await left.kill();
  expect(isAlive(left.pid)).toBe(true);
  const next = await started({ dataDir, durable: true });
  expect(isAlive(left.pid)).toBe(false);
  expect(await ask(next.url, "SELECT n FROM kept")).toEqual([10]);
});

test("it works below folders that only their owner may enter, even where a first start was cut off", async () => {
  const home = await temporaryFolder();
  await chmod(home, 0o700);
  const below = join(home, "data", "postgres");
  await mkdir(dirname(below), { mode: 0o700 });
  await mkdir(join(below, "data.new", "base"), { recursive: true });
  const store = await started({ dataDir: below, durable: false });
  expect(await ask(store.url, "SELECT 1")).toEqual([1]);
  await expect(access(join(below, "data.new"))).rejects.toThrow(/ENOENT/);
  for (const folder of [home, dirname(below)]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

// Only root can become somebody else, and that somebody must be able to read this checkout.
const ordinary = { uid: 1_000, gid: 1_000 };
test.runIf(process.getuid?.() === 0 && (await othersMayRead()))(
  "an ordinary user can start it, and root can go on with that user's files",
  async () => {
    const folder = await temporaryFolder();
    await chown(folder, ordinary.uid, ordinary.gid);
    const theirs = await startInOtherProgram("postgres", folder, ordinary);
    expect(await readFile(`/proc/${theirs.pid}/status`, "utf8")).toMatch(/^Uid:\s+1000\b/m);
    await ask(theirs.url, "CREATE TABLE kept AS SELECT 7 AS n");
    await theirs.kill();
    const ours = await started({ dataDir: folder, durable: true });
    expect(await ask(ours.url, "SELECT n FROM kept")).toEqual([7]);
  },
);

async function othersMayRead(): Promise<boolean> {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o005) !== 0o005) return false;
  }
  return true;
}
