// Which processes of ours run, and with what environment: the one place that knows.
import { isIP } from "node:net";
import { join } from "node:path";
import type { Flags } from "./flags.ts";
import { GATEWAY_NODE_ARGS } from "./node-args.ts";
import type { ServiceSpec } from "./service.ts";

/** What the services need to know of this start. */
export type Surroundings = {
  /** The checkout. */
  root: string;
  /** Our own environment, passed on: LOG_LEVEL, ALLOWED_ORIGINS and all else that the processes read. */
  env: Record<string, string | undefined>;
  host: string;
  port: number;
  shopPort: number;
  /** Where the demo shop keeps its orders. */
  shopData: string;
  redisUrl: string;
  databaseUrl: string;
  secret: string;
  apiKey: string;
  /** Under which messages to and from warehouses are signed. */
  wmsSecret: string;
  /** Of the simulated warehouse; 0: there is none. */
  warehousePort: number;
  /** Where it keeps what it was asked. */
  warehouseData: string;
};

/** A listening address as a URL that this machine can call. */
export function localUrl(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where browsers find the gateway, as far as we can know it. */
function publicUrl({ env, host, port }: Surroundings): string | undefined {
  if (env["PUBLIC_URL"]) return env["PUBLIC_URL"];
  // Listening everywhere, each visitor calls it by another name; the gateway then goes by the request.
  return host === "0.0.0.0" || host === "::" ? undefined : localUrl(host, port);
}

function base(around: Surroundings, name: string): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...around.env, PROCESS_NAME: name };
  env["NODE_ENV"] ??= "production";
  return env;
}

function truth(around: Surroundings): Record<string, string> {
  const { redisUrl, databaseUrl, secret } = around;
  return { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, DROPGATE_SECRET: secret };
}

/** How warehouses are reached: as our own environment says, else the simulated one on this machine. */
function warehouses(around: Surroundings): Record<string, string | undefined> {
  const { env, host, warehousePort, wmsSecret } = around;
  const simulated = warehousePort === 0 ? undefined : `${localUrl(host, warehousePort)}/requests`;
  const isOurs = simulated !== undefined && !env["WMS_URL"];
  return {
    WMS_SECRET: wmsSecret,
    WMS_URL: isOurs ? simulated : env["WMS_URL"],
    // It listens where we do, which on this machine is no public address.
    WMS_ALLOW_PRIVATE: [env["WMS_ALLOW_PRIVATE"], isOurs ? addressOf(simulated) : ""]
      .filter(Boolean)
      .join(","),
  };
}

/** The demo shop shows the line inside a page of its own, as any merchant may who is on this list. */
function allowedOrigins({ env, host, shopPort }: Surroundings): string | undefined {
  const shop = shopPort === 0 ? undefined : localUrl(host, shopPort);
  return [env["ALLOWED_ORIGINS"], shop].filter(Boolean).join(",") || undefined;
}

function addressOf(url: string): string {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? "127.0.0.0/8,::1" : host;
}

/** Gateways and workers: what is always there. All gateways listen on one port; the system spreads them. */
export function coreServices(
  around: Surroundings,
  flags: Pick<Flags, "gateways" | "workers">,
): ServiceSpec[] {
  const { root, host, port, apiKey } = around;
  const specs: ServiceSpec[] = [];
  for (let n = 1; n <= flags.gateways; n += 1) {
    const name = `gateway-${n}`;
    specs.push({
      name,
      args: [...GATEWAY_NODE_ARGS, join(root, "gateway/src/main.ts")],
      cwd: root,
      url: localUrl(host, port),
      env: {
        ...base(around, name),
        ...truth(around),
        PORT: String(port),
        HOST: host,
        PUBLIC_URL: publicUrl(around),
        BOOTSTRAP_API_KEY: apiKey,
        ALLOWED_ORIGINS: allowedOrigins(around),
        ...warehouses(around),
      },
    });
  }
  for (let n = 1; n <= flags.workers; n += 1) {
    const name = `worker-${n}`;
    specs.push({
      name,
      args: [join(root, "queue-worker/src/main.ts")],
      cwd: root,
      url: null,
      env: {
        ...base(around, name),
        ...truth(around),
        // Mails to shoppers lead there.
        PUBLIC_URL: publicUrl(around),
        ...warehouses(around),
        GATEWAY_URL: around.env["GATEWAY_URL"] || localUrl(host, port),
      },
    });
  }
  return specs;
}

/** The demo shop, which knows no more than any merchant would: the gateway's address and an API key. */
export function shopService(around: Surroundings): ServiceSpec {
  const { root, host, port, shopPort, shopData, apiKey } = around;
  return {
    name: "shop",
    args: [join(root, "demo/src/shop/main.ts")],
    cwd: root,
    url: localUrl(host, shopPort),
    env: {
      ...outsider(around, "shop"),
      PORT: String(shopPort),
      HOST: host,
      GATEWAY_URL: localUrl(host, port),
      GATEWAY_PUBLIC_URL: publicUrl(around),
      API_KEY: apiKey,
      SHOP_DATA: shopData,
    },
  };
}

/** The simulated warehouse, which knows no more than any warehouse would: where events go, and the shared secret. */
export function warehouseService(around: Surroundings): ServiceSpec {
  const { root, host, port, warehousePort, warehouseData, wmsSecret } = around;
  return {
    name: "warehouse",
    args: [join(root, "demo/src/warehouse/main.ts")],
    cwd: root,
    url: localUrl(host, warehousePort),
    env: {
      ...outsider(around, "warehouse"),
      PORT: String(warehousePort),
      HOST: host,
      GATEWAY_URL: localUrl(host, port),
      WMS_SECRET: wmsSecret,
      WAREHOUSE_DATA: warehouseData,
    },
  };
}

/** Simulated shoppers; they end by themselves when the sale is over. */
export function shoppersService(around: Surroundings, saleId: string, count: number): ServiceSpec {
  const { root, host, port, shopPort } = around;
  return {
    name: "shoppers",
    args: [join(root, "demo/src/shoppers/main.ts")],
    cwd: root,
    url: null,
    mayFinish: true,
    env: {
      ...outsider(around, "shoppers"),
      GATEWAY_URL: localUrl(host, port),
      SHOP_URL: localUrl(host, shopPort),
      SALE_ID: saleId,
      COUNT: String(count),
    },
  };
}

/** Whoever stands for people outside must not be given our secrets or stores by accident. */
function outsider(around: Surroundings, name: string): Record<string, string | undefined> {
  const env = base(around, name);
  const ours = [
    "REDIS_URL",
    "DATABASE_URL",
    "DROPGATE_SECRET",
    "BOOTSTRAP_API_KEY",
    "WMS_SECRET",
    "SMTP_URL",
  ];
  for (const key of ours) delete env[key];
  return env;
}
