import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { isAlive } from "../stores/store-process.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** A loaded machine; the promises in seconds are measured, not tested. */
const LONG = { timeout: 60_000, interval: 100 };

type Listed = { name: string; pid: number; url: string | null };
type Ready = {
  ready: true;
  url: string;
  apiKeyFile: string;
  sale: { id: string; url: string } | null;
  shop: string | null;
  firstAdmin: { email: string; password: string } | null;
};
type Start = {
  process: ChildProcess;
  out: string[];
  err: string[];
  exited: Promise<number | null>;
  ready: Promise<Ready>;
};

let dataDir = "";
const started: ChildProcess[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dropgate-start-"));
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await allGone(await listed());
  await rm(dataDir, { recursive: true, force: true });
});

function start(...args: string[]): Start {
  const main = join(ROOT, "ops/src/start/main.ts");
  const env: NodeJS.ProcessEnv = { ...process.env, LOG_LEVEL: "warn" };
  for (const name of ["REDIS_URL", "DATABASE_URL", "PORT", "HOST", "NODE_ENV"]) delete env[name];
  const child = spawn(process.execPath, ["--import", "tsx", main, "--data-dir", dataDir, ...args], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  started.push(child);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("it was started without pipes");
  const out: string[] = [];
  const err: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  createInterface({ input: stderr }).on("line", (line) => err.push(line));
  const lines = createInterface({ input: stdout });
  const ready = new Promise<Ready>((resolve, reject) => {
    lines.on("line", (line) => {
      out.push(line);
      const said: unknown = JSON.parse(line);
      if (isReady(said)) resolve(said);
    });
    void exited.then((code) => reject(new Error(`it ended with ${code}: ${err.join("\n")}`)));
  });
  // Whoever only wants the exit does not wait for this.
  ready.catch(() => {});
  return { process: child, out, err, exited, ready };
}

function isReady(said: unknown): said is Ready {
  return typeof said === "object" && said !== null && "ready" in said && "url" in said;
}

async function listed(): Promise<Listed[]> {
  return JSON.parse(await readFile(join(dataDir, "processes.json"), "utf8"));
}

async function find(name: string): Promise<Listed> {
  const entry = (await listed()).find((one) => one.name === name);
  if (entry === undefined) throw new Error(`${name} is not listed`);
  return entry;
}

async function allGone(entries: Listed[]): Promise<void> {
  await vi.waitFor(() => expect(entries.filter(({ pid }) => isAlive(pid))).toEqual([]), LONG);
}

const status = async (url: string, init?: RequestInit): Promise<number> =>
  (await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) }).catch(() => undefined))?.status ?? 0;

/** The status of signing in to the console. */
const signIn = (url: string, body: unknown): Promise<number> =>
  status(`${url}/api/v1/admin/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("one start after another on the same data", () => {
  let saleId = "";
  let admin: Ready["firstAdmin"] = null;

  test("it says that it is ready in one JSON line, lists who runs, and keeps them running", async () => {
    const run = start("--port", "0", "--workers", "1");
    const ready = await run.ready;
    expect(run.out).toHaveLength(1);
    expect(await status(`${ready.url}/readyz`)).toBe(200);
    expect(await status(`${ready.shop}/`)).toBe(200);
    saleId = ready.sale?.id ?? "";
    admin = ready.firstAdmin;
    expect(await signIn(ready.url, admin)).toBe(200);
    expect(await status(`${ready.url}/api/v1/sales/${saleId}`)).toBe(200);
    expect((await listed()).map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "gateway-1",
      "postgres",
      "redis",
      "shop",
      "start",
      "warehouse",
      "worker-1",
    ]);
    expect(await find("start")).toMatchObject({ pid: run.process.pid, url: ready.url });

    for (const name of ["gateway-1", "worker-1", "redis", "postgres"]) {
      const before = await find(name);
      process.kill(before.pid, "SIGKILL");
      await vi.waitFor(async () => expect((await find(name)).pid).not.toBe(before.pid), LONG);
      expect((await find(name)).url).toBe(before.url);
      await vi.waitFor(async () => expect(await status(`${ready.url}/readyz`)).toBe(200), LONG);
    }

    const second = start("--port", "0");
    expect(await second.exited).toBe(1);
    expect(second.err.join("\n")).toContain(`process ${run.process.pid}`);

    const running = await listed();
    run.process.kill("SIGTERM");
    // Passed on again by npx and pnpm, it is still the same wish.
    run.process.kill("SIGINT");
    expect(await run.exited).toBe(0);
    await allGone(running);
    expect(await listed()).toEqual([]);
  });

  test("the next start has what the last one kept, and a killed one takes all it started with it", async () => {
    const run = start("--port", "0", "--no-demo");
    const ready = await run.ready;
    // The admin is there, and nobody is shown a password again.
    expect(ready).toMatchObject({ sale: null, shop: null, firstAdmin: null });
    expect(await signIn(ready.url, admin)).toBe(200);
    const key = (await readFile(ready.apiKeyFile, "utf8")).trim();
    const headers = { authorization: `Bearer ${key}` };
    expect(await status(`${ready.url}/api/v1/admin/sales/${saleId}`, { headers })).toBe(200);
    const running = await listed();
    run.process.kill("SIGKILL");
    await allGone(running);
  });

  test("with a cluster it knows the sales it had, keeps each server running, and takes them along when it is killed", async () => {
    const run = start("--port", "0", "--no-demo", "--cluster");
    const ready = await run.ready;
    expect(await status(`${ready.url}/api/v1/sales/${saleId}`)).toBe(200);
    const servers = (await listed()).filter(({ name }) => /^redis-[1-6]$/.test(name));
    expect(servers).toHaveLength(6);
    const before = await find("redis-2");
    process.kill(before.pid, "SIGKILL");
    await vi.waitFor(async () => expect((await find("redis-2")).pid).not.toBe(before.pid), LONG);
    expect((await find("redis-2")).url).toBe(before.url);
    const running = await listed();
    run.process.kill("SIGKILL");
    await allGone(running);
  });

  test("emptied on demand, nothing of it is left; without being told so by anyone, it refuses", async () => {
    const asked = start("--port", "0", "--fresh");
    expect(await asked.exited).toBe(1);
    expect(asked.err.join("\n")).toContain("--yes");
    const run = start("--port", "0", "--no-demo", "--fresh", "--yes");
    const ready = await run.ready;
    expect(await status(`${ready.url}/api/v1/sales/${saleId}`)).toBe(404);
    expect(ready.firstAdmin?.password).not.toBe(admin?.password);
    // As when whoever started it has died.
    const ended = once(run.process, "exit");
    run.process.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(run.err.join("\n")).toContain("Whoever started this is gone");
    expect(await listed()).toEqual([]);
  });

  test("a stop while it is still coming up ends all the same", async () => {
    const run = start("--port", "0", "--no-demo");
    await vi.waitFor(() => expect(run.err.join("\n")).toContain("PostgreSQL"), LONG);
    run.process.kill("SIGTERM");
    expect(await run.exited).toBe(0);
    expect(run.out).toEqual([]);
    expect(await listed()).toEqual([]);
  });

  test("a port in use stops it before anything is started", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void holder.close());
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const run = start("--port", String(port));
    expect(await run.exited).toBe(1);
    expect(run.err.join("\n")).toContain(`Port ${port} on 127.0.0.1 is in use`);
  });
});
