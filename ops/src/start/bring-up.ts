// From nothing to ready, in the order in which each thing needs the others.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readNumber } from "../stores/kept-file.ts";
import { startPostgres } from "../stores/postgres.ts";
import { startRedis } from "../stores/redis.ts";
import { clusterServers, clusterUrl, formCluster } from "../stores/redis-cluster.ts";
import { freePort } from "../stores/store-process.ts";
import type { Undertaker } from "../stores/undertaker.ts";
import { buildWeb } from "../web-build.ts";
import { type DataDirectory, secretsFor } from "./data-directory.ts";
import { ensureDemoSale } from "./demo-sale.ts";
import { ensureDemoStock } from "./demo-stock.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import type { Flags } from "./flags.ts";
import type { House } from "./house.ts";
import { keepStore, type StoreEvents } from "./kept-store.ts";
import { databaseTrouble, portTrouble, redisTrouble } from "./machine.ts";
import { listenTrouble, readyTrouble, waitUntilWell } from "./readiness.ts";
import type { Roster } from "./roster.ts";
import { type ReadyFacts, type Screen, troubleIn } from "./screen.ts";
import { keepRunning, type ServiceEvents, type ServiceSpec } from "./service.ts";
import {
  coreServices,
  localUrl,
  type Surroundings,
  shoppersService,
  shopService,
  warehouseService,
} from "./services.ts";

/** Why it cannot start, in a sentence that also says how to mend it. Shown to people as it is. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

/** What bringing up works with. */
export type Site = {
  root: string;
  flags: Flags;
  env: Record<string, string | undefined>;
  directory: DataDirectory;
  roster: Roster;
  house: House;
  screen: Screen;
  undertaker: Undertaker;
  /** Aborted when we are asked to stop meanwhile. */
  signal: AbortSignal;
};

/** A gateway that is not ready by then will not become so. */
const READY_WITHIN_MS = 120_000;
/** Ends in a row, before anything was ready, after which a process is not tried again. */
const TRIES = 4;

/**
 * Starts everything and waits until it is ready.
 * @throws CannotStart or StoreUnavailable, to be shown; the signal's reason when it was aborted
 */
export async function bringUp(site: Site): Promise<ReadyFacts> {
  const { root, flags, env, directory, roster, house, screen, signal } = site;
  const { secret, apiKey, apiKeyFile, wmsSecret } = await secretsFor(directory, env);
  const port = flags.port === 0 ? await freePort() : flags.port;
  const url = localUrl(flags.host, port);
  roster.set({ name: "start", pid: process.pid, url });

  const [redisUrl, databaseUrl] = await together([
    site.flags.cluster ? bringUpCluster(site) : bringUpRedis(site),
    bringUpDatabase(site),
    buildWeb(root, screen.step).catch((error: unknown) => {
      throw new CannotStart(error instanceof Error ? error.message : String(error), { cause: error });
    }),
  ]);
  signal.throwIfAborted();

  const shopPort = flags.demo ? await choosePort(flags.host, directory.shopPort, port + 1) : 0;
  const warehousePort = flags.demo ? await choosePort(flags.host, directory.warehousePort, port + 2) : 0;
  const { host } = flags;
  const around: Surroundings = {
    root,
    env,
    host,
    port,
    shopPort,
    shopData: directory.shop,
    redisUrl,
    databaseUrl,
    secret,
    apiKey,
    wmsSecret,
    warehousePort,
    warehouseData: directory.warehouse,
  };
  const shopUrl = flags.demo ? localUrl(flags.host, shopPort) : null;
  const crew = openCrew(site);
  screen.step(`Gateway and worker (${flags.gateways} + ${flags.workers}) …`);
  for (const spec of coreServices(around, flags)) crew.start(spec);
  if (flags.demo) {
    crew.start(shopService(around));
    crew.start(warehouseService(around));
  }
  await crew.untilWell("The gateway", () => readyTrouble(url));

  let saleId: string | null = null;
  if (shopUrl !== null) {
    screen.step("Demo sale and shop …");
    const warehouseUrl = localUrl(flags.host, warehousePort);
    await crew.untilWell("The simulated warehouse", () => listenTrouble(warehouseUrl));
    await ensureDemoStock({ gatewayUrl: url, warehouseUrl, apiKey, wmsSecret });
    saleId = await ensureDemoSale(url, apiKey, shopUrl);
    signal.throwIfAborted();
    await crew.untilWell("The demo shop", () => listenTrouble(shopUrl));
    if (flags.demoShoppers > 0) crew.start(shoppersService(around, saleId, flags.demoShoppers));
  }
  // Last: a start that ends before its box would have made a password that nobody has seen.
  const firstAdmin = await ensureFirstAdmin(url, apiKey, Date.now());
  crew.settled();
  const processes = house
    .services()
    .flatMap((service) =>
      service.pid() === undefined ? [] : [{ name: service.name, pid: service.pid() ?? 0 }],
    );
  return {
    url,
    shopUrl,
    saleId,
    apiKeyFile,
    firstAdmin,
    dataDir: directory.path,
    shoppers: flags.demoShoppers,
    processes,
  };
}

/** Waits for all even when one fails, so that none is still being started while we already end. */
async function together(
  work: [Promise<string>, Promise<string>, Promise<unknown>],
): Promise<[string, string]> {
  const [redis, database, web] = await Promise.allSettled(work);
  for (const outcome of [redis, database, web]) if (outcome.status === "rejected") throw outcome.reason;
  if (redis.status !== "fulfilled" || database.status !== "fulfilled") throw new Error("unreachable");
  return [redis.value, database.value];
}

async function bringUpRedis(site: Site): Promise<string> {
  const { env, directory, house, screen, undertaker } = site;
  const given = env["REDIS_URL"];
  if (given) {
    const trouble = await redisTrouble(given);
    if (trouble !== undefined) throw new CannotStart(trouble);
    return given;
  }
  screen.step("Redis …");
  const start = (port: number | undefined) =>
    startRedis({
      dataDir: directory.redis,
      durable: true,
      say: screen.note,
      onSpawn: (pid) => undertaker.take("redis", pid),
      ...(port === undefined ? {} : { port }),
    });
  const store = await keepStore("redis", start, storeEvents(site));
  house.addStore(store);
  return store.url;
}

/** Each server is kept running by itself; a master that stays away too long has been replaced by then. */
async function bringUpCluster(site: Site): Promise<string> {
  const { directory, house, screen, undertaker } = site;
  screen.step("Redis, three masters with a replica each …");
  const servers = await clusterServers({
    dataDir: directory.redisCluster,
    replicas: 1,
    durable: true,
    say: screen.note,
    onSpawn: (name, pid) => undertaker.take(name, pid),
  });
  const urls = await Promise.all(
    servers.map(async ({ name, start }) => {
      const store = await keepStore(name, start, storeEvents(site));
      house.addStore(store);
      return store.url;
    }),
  );
  await formCluster(urls);
  return clusterUrl(urls);
}

async function bringUpDatabase(site: Site): Promise<string> {
  const { env, directory, house, screen, undertaker, signal } = site;
  let url = env["DATABASE_URL"];
  if (url) {
    const trouble = await databaseTrouble(url);
    if (trouble !== undefined) throw new CannotStart(trouble);
  } else {
    screen.step("PostgreSQL …");
    const start = (port: number | undefined) =>
      startPostgres({
        dataDir: directory.postgres,
        durable: true,
        onSpawn: (pid) => undertaker.take("postgres", pid),
        ...(port === undefined ? {} : { port }),
      });
    const store = await keepStore("postgres", start, storeEvents(site));
    house.addStore(store);
    url = store.url;
  }
  signal.throwIfAborted();
  await migrate(site, url);
  return url;
}

async function migrate({ root, signal }: Site, databaseUrl: string): Promise<void> {
  const script = join(root, "sql/src/migrate.ts");
  try {
    await promisify(execFile)(process.execPath, ["--import", import.meta.resolve("tsx"), script], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: databaseUrl },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new CannotStart(
      `The database could not be brought to the newest form: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function storeEvents({ roster, screen }: Site): StoreEvents {
  return {
    onStart: (name, store) => roster.set({ name, pid: store.pid, url: store.url }),
    onEnd(name, how) {
      roster.remove(name);
      screen.note(`${name} ${how}; it is started again.`);
    },
    onFailure: (name, error) =>
      screen.note(
        `${name} could not be started again: ${error instanceof Error ? error.message : String(error)}`,
      ),
  };
}

/** The port used last time, else the wanted one, else any; written down so that links stay true. */
async function choosePort(host: string, file: string, wanted: number): Promise<number> {
  const remembered = await readNumber(file);
  let port = 0;
  for (const candidate of [remembered, wanted]) {
    if (!(candidate > 0 && candidate <= 65_535)) continue;
    if ((await portTrouble(host, candidate)) === undefined) {
      port = candidate;
      break;
    }
  }
  if (port === 0) port = await freePort();
  await writeFile(file, String(port));
  return port;
}

type Crew = {
  start: (spec: ServiceSpec) => void;
  /** Waits for a level; fails early when a process does not stay. */
  untilWell: (what: string, look: () => Promise<string | undefined>) => Promise<void>;
  /** From now on whatever ends is started again, for ever. */
  settled: () => void;
};

function openCrew({ directory, roster, house, screen, signal }: Site): Crew {
  const starting = new AbortController();
  let settled = false;
  const events: ServiceEvents = {
    onStart: (name, pid, url) => roster.set({ name, pid, url }),
    onEnd(name, how, failures, waitMs) {
      roster.remove(name);
      if (!settled && failures >= TRIES) starting.abort(new CannotStart(notStaying(name, how)));
      else screen.note(`${name} ${how}; it is started again in ${waitMs / 1000} s.`);
    },
    onFinish(name) {
      roster.remove(name);
      screen.note(`${name}: done.`);
    },
    onLine(name, line) {
      const trouble = troubleIn(name, line);
      if (trouble !== undefined) screen.trouble(trouble);
    },
  };
  const notStaying = (name: string, how: string): string => {
    const lines =
      house
        .services()
        .find((service) => service.name === name)
        ?.lastLines() ?? [];
    return `${name} ${how}, ${TRIES} times in a row. Its log is ${join(directory.logs, `${name}.log`)} and ends so:\n${lines.join("\n")}`;
  };
  return {
    start: (spec) => house.addService(keepRunning(spec, directory.logs, events)),
    async untilWell(what, look) {
      const trouble = await waitUntilWell(look, READY_WITHIN_MS, AbortSignal.any([signal, starting.signal]));
      if (trouble === undefined) return;
      throw new CannotStart(
        `${what} was not ready after ${READY_WITHIN_MS / 1000} s: ${trouble}. The logs are in ${directory.logs}.`,
      );
    },
    settled() {
      settled = true;
    },
  };
}
