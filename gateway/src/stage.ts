// A gateway on the test run's real stores, with a database of its own, called from outside by HTTP.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import type { AdminSale, SaleCreate } from "@dropgate/contracts/sale";
import { readSettings } from "@dropgate/contracts/settings";
import { type GeneralClient, openGeneralClient } from "@dropgate/lua/general-client";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { pino } from "pino";
import { attachRealtime } from "./realtime/attach.ts";
import { type Gateway, startGateway } from "./start-gateway.ts";

const SECRET = "a secret of the tests, of 32 or more characters";
const WORKER = fileURLToPath(new URL("../../queue-worker/src/main.ts", import.meta.url));
const LOOK_EVERY_MS = 20;
const LOOK_MS_MAX = 25_000;
/** A process of its own: on a machine that is at work with something else it takes its time. */
const WORKER_MS_MAX = 55_000;

export const BOOTSTRAP_KEY = "bootstrap-key-of-the-tests";

/** An answer as a caller has it. */
export interface Told {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is none. Tests look into it as they expect it to be. */
  body: Record<string, unknown>;
}

export interface Stage {
  gateway: Gateway;
  database: TestDatabase;
  /** The run's Redis, to look at and to do harm in. */
  redis: GeneralClient;
  /** Starts a real worker on the same stores, so that entries are stored, drawn and offered. */
  worker(env?: Record<string, string>): Promise<void>;
  /** Looks until it is so: `look` answers undefined or null until then. */
  until<Value>(
    look: () => Promise<Value | null | undefined> | Value | null | undefined,
    msMax?: number,
  ): Promise<Value>;
  /** Another gateway on the same stores. */
  another(env?: Record<string, string>): Promise<Gateway>;
  call(method: string, path: string, request?: StageRequest): Promise<Told>;
  /** A sale whose lobby is open, with a name of its own. */
  sale(
    over?: Partial<Omit<SaleCreate, "schedule">> & { schedule?: Partial<SaleCreate["schedule"]> },
  ): Promise<AdminSale>;
  /** A fresh shopper's cookie. */
  cookie(saleId: string): Promise<string>;
  /** Approves a correction, by a key of its own. */
  approve(adjustmentId: string): Promise<Told>;
  /** Sends bytes as they are and reads until the peer closes or falls silent. */
  raw(parts: readonly string[], silenceMs?: number): Promise<{ text: string; closed: boolean }>;
  stop(): Promise<void>;
}

export interface StageRequest {
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as `Authorization: Bearer …`. */
  bearer?: string;
  cookie?: string;
  /** Another gateway than the stage's own. */
  at?: Gateway;
}

export interface StageStores {
  redisUrl: string;
  databaseUrl: string;
}

/** @param webFolder where the built page lies; nowhere unless said, so that no test hangs on a build */
export async function openStage(
  stores: StageStores,
  env: Record<string, string> = {},
  webFolder = "/nowhere",
): Promise<Stage> {
  const database = await testDatabase(stores.databaseUrl);
  const gateways: Gateway[] = [];
  const another = async (more: Record<string, string> = {}): Promise<Gateway> => {
    const read = readSettings({
      PORT: "0",
      REDIS_URL: stores.redisUrl,
      DATABASE_URL: database.url,
      DROPGATE_SECRET: SECRET,
      BOOTSTRAP_API_KEY: BOOTSTRAP_KEY,
      JOINS_PER_ADDRESS: "off",
      // The least that is one: tests sign in a hundred times.
      PASSWORD_COST: "64/1/1",
      PROCESS_NAME: `gateway-${gateways.length + 1}`,
      ...env,
      ...more,
    });
    if (!read.ok) throw new Error(read.sentences.join("\n"));
    const gateway = await startGateway(
      { settings: read.settings, log: pino({ level: "error" }), webFolder },
      attachRealtime,
    );
    gateways.push(gateway);
    return gateway;
  };
  const gateway = await another();
  const redis = await openGeneralClient(stores.redisUrl);
  let worker: ChildProcess | null = null;
  let approver: Promise<Told> | undefined;
  await gateway.services.hotStore.whenReady(10_000);
  // Stands for the worker: the service is known to be at work, so windows are judged.
  const heart = setInterval(() => void beat(database), 500);
  await beat(database);

  const call = async (method: string, path: string, request: StageRequest = {}): Promise<Told> => {
    const headers = new Headers(request.headers);
    if (request.bearer !== undefined) headers.set("authorization", `Bearer ${request.bearer}`);
    if (request.cookie !== undefined) headers.set("cookie", request.cookie);
    if (request.body !== undefined && !headers.has("content-type")) {
      headers.set("content-type", "application/json");
    }
    const response = await fetch(`${(request.at ?? gateway).url}${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(request.body !== undefined && {
        body: typeof request.body === "string" ? request.body : JSON.stringify(request.body),
      }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
  };

  return {
    gateway,
    database,
    redis,
    another,
    call,
    async sale({ schedule, ...over } = {}) {
      const created = await call("POST", "/api/v1/admin/sales", {
        bearer: BOOTSTRAP_KEY,
        body: {
          id: `test-${randomBytes(6).toString("hex")}`,
          title: "A sale",
          sku: "sku-1",
          quantity: 10,
          ...over,
          schedule: {
            drawAt: inMinutes(10),
            opensAt: inMinutes(11),
            closesAt: inMinutes(60),
            ...schedule,
          },
        },
      });
      if (created.status !== 201) throw new Error(created.text);
      return created.body as unknown as AdminSale;
    },
    async cookie(saleId) {
      const { headers } = await call("GET", `/api/v1/sales/${saleId}`);
      const cookie = headers.get("set-cookie")?.split(";")[0];
      if (cookie === undefined) throw new Error("no cookie was set");
      return cookie;
    },
    async approve(adjustmentId) {
      approver ??= call("POST", "/api/v1/admin/api-keys", {
        bearer: BOOTSTRAP_KEY,
        body: { name: "The second pair of eyes", scopes: ["operator"] },
      });
      const bearer = String((await approver).body["key"]);
      return call("POST", `/api/v1/admin/adjustments/${adjustmentId}/approve`, { bearer, body: {} });
    },
    async worker(more = {}) {
      worker ??= spawn(process.execPath, ["--import", "tsx", WORKER], {
        env: {
          PATH: process.env["PATH"],
          REDIS_URL: stores.redisUrl,
          DATABASE_URL: database.url,
          DROPGATE_SECRET: SECRET,
          PROCESS_NAME: "worker-1",
          LOG_LEVEL: "error",
          GATEWAY_URL: gateway.url,
          ...more,
        },
        stdio: ["ignore", "inherit", "inherit"],
      });
      await until(async () => (await call("GET", "/readyz")).status === 200 || null, WORKER_MS_MAX);
    },
    until,
    raw: (parts, silenceMs = 500) => sendRaw(gateway.port, parts, silenceMs),
    async stop() {
      clearInterval(heart);
      for (const each of gateways) await each.stop();
      await ended(worker);
      redis.disconnect();
      await database.drop();
    },
  };
}

async function until<Value>(
  look: () => Promise<Value | null | undefined> | Value | null | undefined,
  msMax = LOOK_MS_MAX,
): Promise<Value> {
  const giveUpMs = performance.now() + msMax;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined) return value;
    if (performance.now() > giveUpMs) throw new Error(`it did not become so: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function ended(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exit;
}

export function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

async function beat({ truth }: TestDatabase): Promise<void> {
  await truth.query("UPDATE service_heartbeat SET beat_at = clock_timestamp()");
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function sendRaw(
  port: number,
  parts: readonly string[],
  silenceMs: number,
): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    socket.setTimeout(silenceMs, () => {
      socket.destroy();
      resolve({ text, closed: false });
    });
    socket.on("data", (data) => {
      text += data.toString("latin1");
    });
    socket.once("close", () => resolve({ text, closed: true }));
    socket.once("error", (error) => {
      if ("code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE"))
        resolve({ text, closed: true });
      else reject(error);
    });
    const [first = "", ...rest] = parts;
    socket.write(first, "latin1");
    // Apart, so that they come as packets of their own.
    rest
      .reduce<Promise<void>>(
        (before, part) =>
          before.then(
            () =>
              new Promise((done) => {
                setTimeout(() => {
                  if (!socket.destroyed) socket.write(part, "latin1");
                  done();
                }, 20);
              }),
          ),
        Promise.resolve(),
      )
      .catch(reject);
  });
}
