// A gateway as a process: what it refuses to start with, and how it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage } from "./stage.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let stage: Stage;
const children: ChildProcess[] = [];
/** A process starts in a second, on a machine that has nothing else to do. */
const START_MS_MAX = 60_000;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => stage.stop());

interface Run {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  code: Promise<number | null>;
}

function run(env: Record<string, string>, channel = false): Run {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      REDIS_URL: inject("redisUrl"),
      DATABASE_URL: stage.database.url,
      DROPGATE_SECRET: "a secret of the tests, of 32 or more characters",
      PROCESS_NAME: "alone",
      ...env,
    },
    stdio: channel ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let out = "";
  let err = "";
  child.stdout?.on("data", (data: Buffer) => {
    out += data.toString();
  });
  child.stderr?.on("data", (data: Buffer) => {
    err += data.toString();
  });
  const code = once(child, "exit").then(([status]) => status as number | null);
  return { child, out: () => out, err: () => err, code };
}

function portOf({ out }: Run): Promise<number> {
  return stage.until(() => {
    const line = out()
      .split("\n")
      .find((each) => each.includes("the gateway listens"));
    return line === undefined ? null : (JSON.parse(line) as { port: number }).port;
  }, START_MS_MAX);
}

async function portTaken(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port };
}

describe("it does not start", () => {
  it("with wrong settings, and says one sentence for each, without the secrets", async () => {
    const { code, err, out } = run({ PORT: "x", DROPGATE_SECRET: "short", JOINS_PER_ADDRESS: "many" });
    expect(await code).toBe(1);
    const lines = err().trim().split("\n");
    expect(new Set(lines.map((line) => line.split(" ")[0]))).toEqual(
      new Set(["DROPGATE_SECRET", "JOINS_PER_ADDRESS", "PORT"]),
    );
    expect(err() + out()).not.toContain("short");
  });

  it("with a proxy that is no address, or on a port that somebody has", async () => {
    const proxy = run({ TRUSTED_PROXIES: "nginx" });
    expect(await proxy.code).toBe(1);
    expect(proxy.err()).toBe('TRUSTED_PROXIES: "nginx" is no address\n');
    const { server, port } = await portTaken();
    const taken = run({ PORT: String(port) });
    expect(await taken.code).toBe(1);
    expect(taken.err()).toContain(`Port ${port} of 127.0.0.1 cannot be listened on.`);
    server.close();
  });
});

describe("it ends", () => {
  it("at SIGTERM with 0, having finished what was begun; several signals are one", async () => {
    const gateway = run({});
    const port = await portOf(gateway);
    // A body that is still on its way when the signal comes.
    const { id } = await stage.sale();
    const cookie = await stage.cookie(id);
    const socket = connect({ host: "127.0.0.1", port });
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString();
    });
    socket.write(
      `POST /api/v1/sales/${id}/entries HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n` +
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{",
    );
    // An answer to a later request says that the first bytes were read.
    await fetch(`http://127.0.0.1:${port}/healthz`);
    gateway.child.kill("SIGTERM");
    gateway.child.kill("SIGINT");
    await stage.until(() => gateway.out().includes("stopping") || null);
    socket.write("}");
    expect(await gateway.code).toBe(0);
    expect(answer).toContain("201 Created");
    expect(answer).toContain("connection: close");
  });

  it("when the channel to whoever started it closes", async () => {
    const gateway = run({}, true);
    await portOf(gateway);
    gateway.child.disconnect();
    expect(await gateway.code).toBe(0);
  });
});

it("two on one port share the calls", async () => {
  // A port of one's own choice: one that the system picked is not shared.
  const { server, port } = await portTaken();
  server.close();
  await once(server, "close");
  await portOf(run({ PORT: String(port) }));
  await portOf(run({ PORT: String(port), PROCESS_NAME: "second" }));
  const beats = await stage.until(async () => {
    const { rows } = await stage.database.truth.query<{ name: string }>(
      "SELECT name FROM process_heartbeats WHERE kind = 'gateway' ORDER BY name",
    );
    return rows.length === 3 ? rows.map(({ name }) => name) : null;
  });
  expect(beats).toEqual(["alone", "gateway-1", "second"]);
});
