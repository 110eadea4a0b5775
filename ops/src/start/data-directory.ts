// The data directory: what is kept for the next start, and whose it is while one runs.
import { readFileSync } from "node:fs";
import { mkdir, open, readFile, rm, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode, keptSecret } from "../stores/kept-file.ts";
import { endLeftoverPostgres } from "../stores/postgres.ts";
import { endLeftoverRedis } from "../stores/redis.ts";
import { endLeftoverCluster } from "../stores/redis-cluster.ts";
import { isAlive, untilGone } from "../stores/store-process.ts";

export type DataDirectory = {
  path: string;
  redis: string;
  redisCluster: string;
  postgres: string;
  logs: string;
  roster: string;
  shop: string;
  shopPort: string;
  warehouse: string;
  warehousePort: string;
  /** Lets the next start have it. */
  release: () => Promise<void>;
};

export type Opened = { ok: true; directory: DataDirectory } | { ok: false; sentence: string };

/** PostgreSQL's files and its write-ahead log take some 100 MB before anything is sold. */
const SPACE_NEEDED_BYTES = 300 * 1024 * 1024;
/** All that we ever put there. `--fresh` removes these and nothing else: the folder may be somebody's home. */
const OURS = [
  "redis",
  "redis-cluster",
  "postgres",
  "logs",
  "secret",
  "api-key",
  "shop",
  "shop-port",
  "warehouse",
  "warehouse-port",
  "wms-secret",
  "processes.json",
];

/** Makes the directory, sees that there is space, and takes it for this process. */
export async function openDataDirectory(path: string): Promise<Opened> {
  const root = resolve(path);
  const directory: DataDirectory = {
    path: root,
    redis: join(root, "redis"),
    redisCluster: join(root, "redis-cluster"),
    postgres: join(root, "postgres"),
    logs: join(root, "logs"),
    roster: join(root, "processes.json"),
    shop: join(root, "shop"),
    shopPort: join(root, "shop-port"),
    warehouse: join(root, "warehouse"),
    warehousePort: join(root, "warehouse-port"),
    release: () => rm(join(root, "start.pid"), { force: true }),
  };
  try {
    // Only the data directory itself is private when we make it; it holds passwords.
    await mkdir(root, { recursive: true, mode: 0o700 });
    const space = await statfs(root);
    const free = space.bavail * space.bsize;
    if (free < SPACE_NEEDED_BYTES) {
      const sentence = `Only ${Math.floor(free / 1_048_576)} MB are free where ${root} is; at least ${SPACE_NEEDED_BYTES / 1_048_576} MB are needed. Make room, or choose another place with --data-dir.`;
      return { ok: false, sentence };
    }
    const other = await take(join(root, "start.pid"));
    if (other !== undefined) {
      const sentence = `Dropgate already runs on ${root} (process ${other}). Stop it with \`kill ${other}\`, or start a second one with --data-dir and --port of its own.`;
      return { ok: false, sentence };
    }
    await mkdir(directory.logs, { recursive: true, mode: 0o700 });
    return { ok: true, directory };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = `The data directory ${root} cannot be used: ${reason}. Choose another with --data-dir, or give yourself the right to write there.`;
    return { ok: false, sentence };
  }
}

/** Writes our process id; answers that of a start which still runs, if there is one. */
async function take(file: string): Promise<number | undefined> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      const handle = await open(file, "wx", 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return undefined;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
    const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
    if (isOurs(pid, /ops\/src\/start\/main\.ts/)) return pid;
    await rm(file, { force: true });
  }
  throw new Error(`${file} is made again and again by somebody else`);
}

/** True when `pid` lives and its command line fits: a process id may have been given to somebody else. */
function isOurs(pid: number, command: RegExp): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return command.test(readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " "));
  } catch {
    return false;
  }
}

/**
 * Ends what a start that was killed left behind: its processes end by themselves when they notice, but may
 * still hold the port; its stores may not have been ended yet.
 */
export async function endLeftovers(directory: DataDirectory): Promise<void> {
  const left = (await listed(directory.roster)).filter((pid) =>
    isOurs(pid, /(gateway|queue-worker|demo)\/src\/\S*main\.ts/),
  );
  await Promise.all(
    left.map(async (pid) => {
      process.kill(pid, "SIGTERM");
      if (!(await untilGone(pid, 3_000))) process.kill(pid, "SIGKILL");
      await untilGone(pid, 1_000);
    }),
  );
  await Promise.all([
    endLeftoverRedis(directory.redis),
    endLeftoverCluster(directory.redisCluster),
    endLeftoverPostgres(directory.postgres),
  ]);
}

async function listed(roster: string): Promise<number[]> {
  try {
    const entries: unknown = JSON.parse(await readFile(roster, "utf8"));
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: unknown) =>
      typeof entry === "object" && entry !== null && "pid" in entry && typeof entry.pid === "number"
        ? [entry.pid]
        : [],
    );
  } catch {
    // None, or one that a person edited: then there is nothing to go by.
    return [];
  }
}

/** Removes all that was kept. */
export async function emptyDataDirectory(directory: DataDirectory): Promise<void> {
  for (const name of OURS) await rm(join(directory.path, name), { recursive: true, force: true });
  await mkdir(directory.logs, { recursive: true, mode: 0o700 });
}

/** The secrets that processes need: the environment's, else those kept here, else new ones. */
export async function secretsFor(
  directory: DataDirectory,
  env: Record<string, string | undefined>,
): Promise<{ secret: string; apiKey: string; apiKeyFile: string | null; wmsSecret: string }> {
  const given = env["BOOTSTRAP_API_KEY"];
  const apiKeyFile = join(directory.path, "api-key");
  return {
    secret: env["DROPGATE_SECRET"] || (await keptSecret(join(directory.path, "secret"), 32)).secret,
    apiKey: given || (await keptSecret(apiKeyFile, 24)).secret,
    apiKeyFile: given ? null : apiKeyFile,
    wmsSecret: env["WMS_SECRET"] || (await keptSecret(join(directory.path, "wms-secret"), 32)).secret,
  };
}
