// An embedded Redis: one server on the loopback interface, with its data in a directory of ours, so that a
// newcomer needs no server and the tests use the real thing.
import { closeSync, openSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keptSecret, lastLines, readIfPresent, readNumber } from "./kept-file.ts";
import { findRedisServer, type RedisServer } from "./redis-server.ts";
import {
  endLeftover,
  freePort,
  type RunningStore,
  type StoreProcess,
  StoreUnavailable,
  spawnStore,
} from "./store-process.ts";

export type RedisOptions = {
  /** Made when absent. Holds the append-only file, the configuration, the password and the log. */
  dataDir: string;
  /** A fixed port; absent means the one used last time if it is free, else any free one. */
  port?: number;
  /** true: append-only file, synced every second. false: nothing is written, for tests. */
  durable: boolean;
  /** Makes it one server of a cluster; all of these have one password. */
  cluster?: ClusterSetup;
  /** Where a fetched server program is kept; the checkout's `.cache` by default. */
  cacheDir?: string;
  /** Gets the process id as soon as there is a process, long before it answers. */
  onSpawn?: (pid: number) => void;
  /** Gets a line before something takes long, and when damaged data was set aside. */
  say?: (line: string) => void;
};

export type ClusterSetup = {
  password: string;
  /** A master that is silent for this long counts as dead, and one of its replicas takes over. */
  nodeTimeoutMs: number;
};

/** Loading a large append-only file takes its time; a server that says nothing for so long is broken. */
const READY_WITHIN_MS = 120_000;
const CACHE_DIR = resolve(import.meta.dirname, "../../../.cache");

/**
 * Starts a Redis server and waits until it answers. A server that an earlier, killed start left in this
 * directory is ended first (it keeps its data). A damaged append-only file is set aside and said so: all that Redis
 * knows is rebuilt from PostgreSQL.
 * @throws StoreUnavailable when no server program can be had, or it does not come up
 */
export async function startRedis(options: RedisOptions): Promise<RunningStore> {
  const dir = resolve(options.dataDir);
  const say = options.say ?? (() => {});
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await endLeftoverRedis(dir);
  const server = await findRedisServer(options.cacheDir ?? CACHE_DIR, { say });
  const password = options.cluster?.password ?? (await keptSecret(join(dir, "password"), 24)).secret;
  const remembered = await readNumber(join(dir, "port"));
  let port = options.port ?? (remembered > 0 ? remembered : await freePort());
  let setAside = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await launch(server, dir, port, password, options, await clusterLines(dir, options));
    if (outcome.ok) {
      await writeFile(join(dir, "port"), String(port));
      const { pid, exited, stop, kill } = outcome.process;
      return { url: `redis://default:${password}@127.0.0.1:${port}`, pid, port, exited, stop, kill };
    }
    if (
      /Address already in use|Failed listening/i.test(outcome.log) &&
      options.port === undefined &&
      attempt < 10
    ) {
      port = await freePort();
      await rm(join(dir, "bus-port"), { force: true });
    } else if (options.durable && !setAside && isDamaged(outcome.log)) {
      setAside = true;
      const aside = join(dir, `damaged-${Date.now()}`);
      await rename(join(dir, "appendonlydir"), aside);
      say(`Redis could not read its append-only file. It was moved to ${aside}; Redis starts empty.`);
    } else {
      throw new StoreUnavailable(
        `Redis (${server.path}) did not start: ${lastLines(outcome.log)} The whole log is ${join(dir, "redis.log")}.`,
      );
    }
  }
}

/** Ends a server that a killed start left in this directory; it keeps its data. */
export async function endLeftoverRedis(dataDir: string): Promise<void> {
  const pid = await readNumber(join(dataDir, "redis.pid"));
  await endLeftover(pid, dataDir, /redis|valkey/, "SIGTERM");
}

/** True when the log of a server that ended says that its data, and not its surroundings, was the trouble. */
export function isDamaged(log: string): boolean {
  return /Bad file format|Unexpected end of file|Error reading the (append only|RDB) file|RDB file (corruption|was saved)|Internal error in RDB|AOF (manifest|loading)[^\n]*(error|fail|invalid)|Invalid AOF manifest|Fatal error loading|doesn't exist[^\n]*AOF|Short read or OOM loading DB/i.test(
    log,
  );
}

/** What makes a server one of a cluster. */
async function clusterLines(dir: string, { cluster }: RedisOptions): Promise<string[]> {
  if (cluster === undefined) return [];
  const file = join(dir, "bus-port");
  // By itself Redis would take the port plus 10000, which the free ports of most systems have no room for.
  const busPort = (await readNumber(file)) || (await freePort());
  await writeFile(file, String(busPort));
  return [
    "cluster-enabled yes",
    "cluster-config-file nodes.conf",
    `cluster-port ${busPort}`,
    "cluster-announce-ip 127.0.0.1",
    `cluster-node-timeout ${cluster.nodeTimeoutMs}`,
    // One dead master stops its own lanes and not everybody's.
    "cluster-require-full-coverage no",
    `masterauth ${cluster.password}`,
    // A replica need not wait for others that want the same copy.
    "repl-diskless-sync-delay 0",
  ];
}

type Launch = { ok: true; process: StoreProcess } | { ok: false; log: string };

async function launch(
  server: RedisServer,
  dir: string,
  port: number,
  password: string,
  { durable, onSpawn }: RedisOptions,
  more: readonly string[],
): Promise<Launch> {
  // A file of mode 0600 and not arguments: those are readable by everybody who may list processes.
  const lines = [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    `pidfile ${JSON.stringify(join(dir, "redis.pid"))}`,
    "daemonize no",
    "maxmemory-policy noeviction",
    'save ""',
    durable ? "appendonly yes\nappendfsync everysec\nno-appendfsync-on-rewrite no" : "appendonly no",
    ...more,
  ];
  const config = join(dir, "redis.conf");
  await writeFile(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  const logFile = join(dir, "redis.log");
  // A new log with each start: what is read from it below is then about this one.
  const log = openSync(logFile, "w", 0o600);
  let redis: StoreProcess;
  try {
    redis = await spawnStore(
      server.path,
      [config],
      { cwd: dir, env: { ...process.env, ...server.env }, stdio: ["ignore", log, log] },
      "SIGTERM",
    );
  } finally {
    closeSync(log);
  }
  onSpawn?.(redis.pid);
  const end = Date.now() + READY_WITHIN_MS;
  while (!redis.hasExited()) {
    if ((await ask(port, password)) === redis.pid) return { ok: true, process: redis };
    if (Date.now() > end) {
      await redis.kill();
      break;
    }
    await Promise.race([redis.exited, sleep(10)]);
  }
  await rm(join(dir, "redis.pid"), { force: true });
  return { ok: false, log: (await readIfPresent(logFile)) ?? "" };
}

/**
 * Pings by hand and asks for the process id, so that another server on the same port is not mistaken for
 * ours. Undefined when nobody answers.
 */
async function ask(port: number, password: string): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    const finish = (answer: number | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(undefined));
    socket.once("error", () => finish(undefined));
    socket.once("close", () => finish(undefined));
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\nINFO server\r\n`));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.includes("LOADING") || text.includes("-ERR") || text.includes("-WRONGPASS"))
        return finish(undefined);
      const pid = /process_id:(\d+)/.exec(text)?.[1];
      if (pid !== undefined && text.includes("+PONG")) finish(Number(pid));
    });
  });
}
