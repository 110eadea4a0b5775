// Dropgate as it runs: the gateway's and the worker's own programs on stores of the row's own, to be measured from
// outside. One gateway and one worker unless said otherwise.
import { randomBytes } from "node:crypto";
import type { AdminSale, SaleCreate } from "@dropgate/contracts/sale";
import { Signer } from "@dropgate/gateway/callers/secrets";
import { ShopperCookies } from "@dropgate/gateway/callers/shopper-cookie";
import { deriveKey } from "@dropgate/inventory/sealing";
import { GATEWAY_NODE_ARGS } from "@dropgate/ops/start/node-args";
import { freePort } from "@dropgate/ops/stores/store-process";
import { migrate } from "@dropgate/sql/migrate";
import type { Bench, Stores } from "./bench.ts";
import type { Child } from "./child.ts";

export interface HouseOptions {
  gateways?: number;
  workers?: number;
  /** For Node itself, of the gateways. */
  nodeArgs?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

type SaleWanted = Partial<Omit<SaleCreate, "schedule">> & { schedule?: Partial<SaleCreate["schedule"]> };

/** Checked like any address, and never reached: all of the load comes from one. */
const JOINS_PER_ADDRESS = "100000000/100000000";

export class House {
  readonly port: number;
  readonly stores: Stores;
  readonly gateways: readonly Child[];
  readonly workers: readonly Child[];
  readonly secret: string;
  readonly #apiKey: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #nodeArgs: readonly string[];

  private constructor(
    parts: Pick<House, "port" | "stores" | "gateways" | "workers" | "secret"> & {
      apiKey: string;
      env: Readonly<Record<string, string>>;
      nodeArgs: readonly string[];
    },
  ) {
    this.port = parts.port;
    this.stores = parts.stores;
    this.gateways = parts.gateways;
    this.workers = parts.workers;
    this.secret = parts.secret;
    this.#apiKey = parts.apiKey;
    this.#env = parts.env;
    this.#nodeArgs = parts.nodeArgs;
  }

  static async open(bench: Bench, options: HouseOptions = {}): Promise<House> {
    const { gateways = 1, workers = 1, nodeArgs = GATEWAY_NODE_ARGS, env = {} } = options;
    const stores = await bench.stores();
    await migrate(stores.postgres.url);
    const port = await freePort();
    const secret = randomBytes(24).toString("hex");
    const apiKey = randomBytes(24).toString("hex");
    const shared = {
      REDIS_URL: stores.redis.url,
      DATABASE_URL: stores.postgres.url,
      DROPGATE_SECRET: secret,
      BOOTSTRAP_API_KEY: apiKey,
      JOINS_PER_ADDRESS,
      LOG_LEVEL: "warn",
      PORT: String(port),
      ...env,
    };
    const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    const started = async (kind: "gateway" | "worker", count: number): Promise<Child[]> => {
      const children: Child[] = [];
      for (let n = 1; n <= count; n++) {
        const script = kind === "gateway" ? "gateway/src/main.ts" : "queue-worker/src/main.ts";
        const own = kind === "gateway" ? { nodeArgs, isReady } : { isReady: async () => true };
        children.push(
          await bench.start({ script, env: { ...shared, PROCESS_NAME: `${kind}-${n}` }, ...own }),
        );
      }
      return children;
    };
    const up = await started("gateway", gateways);
    const house = new House({
      port,
      stores,
      gateways: up,
      workers: await started("worker", workers),
      secret,
      apiKey,
      env: shared,
      nodeArgs,
    });
    if (workers > 0) {
      await house.until("the gateway is ready", async () => (await fetch(`${house.url}/readyz`)).ok || null);
    }
    return house;
  }

  /** Another gateway on the same stores, on a port of its own (`ready.port`), for whoever needs a fresh process. */
  async another(
    bench: Bench,
    nodeArgs = this.#nodeArgs,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Child> {
    const port = await freePort();
    const child = await bench.start({
      script: "gateway/src/main.ts",
      nodeArgs,
      env: { ...this.#env, PORT: String(port), PROCESS_NAME: `gateway-${port}`, ...env },
      isReady: async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
    });
    return { ...child, ready: { port } };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The one gateway. */
  get gateway(): Child {
    const [only] = this.gateways;
    if (only === undefined) throw new Error("this house has no gateway");
    return only;
  }

  /** Process ids by name, for `measure`: several of a kind are one entry only when there is one. */
  get processes(): Record<string, number> {
    const { redis, postgres } = this.stores;
    return {
      ...Object.fromEntries(this.gateways.map(({ pid }, i) => [i === 0 ? "server" : `server${i + 1}`, pid])),
      ...Object.fromEntries(this.workers.map(({ pid }, i) => [i === 0 ? "worker" : `worker${i + 1}`, pid])),
      redis: redis.pid,
      postgres: postgres.pid,
    };
  }

  /** Calls the API with a key that may everything. @throws Error on a refusal */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#apiKey}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  get authorization(): string {
    return `Bearer ${this.#apiKey}`;
  }

  /** A sale whose lobby is open, and drawn in an hour unless said otherwise. */
  async sale(wanted: SaleWanted = {}): Promise<AdminSale> {
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
    const sale = await this.call<AdminSale>("POST", "/admin/sales", {
      title: "A benchmark",
      sku: "bench",
      quantity: 100,
      source: "own",
      limitPerShopper: 1,
      admission: { ratePerSecond: 100, burst: 100 },
      claimWindowSeconds: 3_600,
      purchaseWindowSeconds: 3_600,
      paymentExtensionSeconds: 60,
      ...wanted,
      schedule: { drawAt: at(3_600), opensAt: at(3_600), closesAt: at(7_200), ...wanted.schedule },
    });
    await this.until("the lobby is open", async () => {
      const { phase } = await this.call<{ phase: string }>("GET", `/sales/${sale.id}`);
      return phase === "scheduled" ? null : phase;
    });
    return sale;
  }

  /** `Cookie` headers of as many new shoppers, signed as the gateway signs them. */
  cookies(count: number): string[] {
    const cookies = new ShopperCookies(new Signer(deriveKey(this.secret, "shopper cookie")), false);
    return Array.from({ length: count }, () => cookies.fresh().split(";")[0] ?? "");
  }

  /** The sum of a metric of the (one) gateway. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text
      .split("\n")
      .filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ""));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }

  /** Looks until it is so. @throws Error when it does not become so */
  async until<Value>(what: string, look: () => Promise<Value | null>, secondsMax = 60): Promise<Value> {
    const end = performance.now() + secondsMax * 1_000;
    for (;;) {
      const value = await look();
      if (value !== null) return value;

      if (performance.now() > end) throw new Error(`after ${secondsMax} s still not: ${what}`);
      await new Promise((again) => setTimeout(again, 20));
    }
  }

  /** The workers stand still, as if stopped in the middle of anything. */
  pauseWorkers(): void {
    for (const { process } of this.workers) process.kill("SIGSTOP");
  }

  resumeWorkers(): void {
    for (const { process } of this.workers) process.kill("SIGCONT");
  }
}
