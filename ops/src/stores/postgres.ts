// An embedded PostgreSQL: the real server, from an npm package, on the loopback interface with a password,
// so that a newcomer needs no database and the tests use the real thing.
import { execFile } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chown, lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { errorCode, keptSecret, lastLines, readIfPresent, readNumber } from "./kept-file.ts";
import { findPostgresPrograms, type PostgresPrograms } from "./postgres-programs.ts";
import {
  endLeftover,
  freePort,
  type RunningStore,
  type StoreProcess,
  StoreUnavailable,
  spawnStore,
} from "./store-process.ts";

export type PostgresOptions = {
  /** Made when absent. Holds the cluster in `data`, the password and the log. */
  dataDir: string;
  /** A fixed port; absent means the one used last time if it is free, else any free one. */
  port?: number;
  /** true: fsync on. false: a power cut may lose everything, for tests. */
  durable: boolean;
  /** Default 200. */
  maxConnections?: number;
  /** Gets the postmaster's process id as soon as there is one, long before it answers. */
  onSpawn?: (pid: number) => void;
};

const USER = "dropgate";
const DATABASE = "dropgate";
/** Replaying the log after an accident takes its time; a server that says nothing for so long is broken. */
const READY_WITHIN_MS = 120_000;

/**
 * Starts a PostgreSQL server with a database `dropgate` and waits until it answers. A server that an
 * earlier, killed start left in this directory is ended cleanly first: so settings and port are those asked for.
 * Works as root too: the server then runs as `nobody`.
 * @throws StoreUnavailable when it cannot run here
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningStore> {
  const home = resolve(options.dataDir);
  const programs = await findPostgresPrograms();
  await mkdir(home, { recursive: true, mode: 0o700 });
  await giveTo(programs, home);
  const place = openHome(programs, home);
  try {
    await endLeftoverPostgres(home);
    const { secret: password } = await keptSecret(join(home, "password"), 24);
    await giveTo(programs, join(home, "password"));
    await initialise(programs, home, place, options.durable);
    return await launch(programs, home, place, password, options);
  } finally {
    if (place.fd !== undefined) closeSync(place.fd);
  }
}

/** The server's directory as the server itself may name it. */
type Place = { path: string; fd: number | undefined };

/**
 * As root the server runs as somebody who may not be able to walk to the directory: a HOME of mode 0700 is
 * on the way. Opening a way with chmod would change what belongs to a person; on Linux the open directory
 * is handed over instead, as file descriptor 3.
 */
function openHome(programs: PostgresPrograms, home: string): Place {
  if (programs.identity === undefined || process.platform !== "linux") return { path: home, fd: undefined };
  return { path: "/proc/self/fd/3", fd: openSync(home, "r") };
}

async function giveTo(programs: PostgresPrograms, path: string): Promise<void> {
  const to = programs.identity;
  if (to === undefined) return;
  const found = await lstat(path);
  if (found.uid !== to.uid || found.gid !== to.gid) await chown(path, to.uid, to.gid);
}

/** Ends a server that a killed start left in this directory, cleanly. */
export async function endLeftoverPostgres(dataDir: string): Promise<void> {
  await endLeftover(await postmasterPid(dataDir), join(dataDir, "data"), /postgres/, "SIGINT");
}

async function postmasterPid(home: string): Promise<number> {
  return await readNumber(join(home, "data/postmaster.pid"));
}

/** Makes the cluster, if there is none. It appears by rename, so half a one is never taken for whole. */
async function initialise(
  programs: PostgresPrograms,
  home: string,
  place: Place,
  durable: boolean,
): Promise<void> {
  if ((await readIfPresent(join(home, "data/PG_VERSION"))) !== undefined) {
    const owner = (await stat(join(home, "data"))).uid;
    const self = programs.identity?.uid ?? process.getuid?.();
    if (owner !== self && programs.identity !== undefined) await giveTree(programs, join(home, "data"));
    return;
  }
  for (const name of await readdir(home)) {
    // What a start that was killed left half made; its last program may still be writing.
    if (name.startsWith("data.new"))
      await rm(join(home, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const fresh = `data.new-${process.pid}`;
  const args = ["--pgdata", join(place.path, fresh), "--pwfile", join(place.path, "password")];
  // The C locale compares byte for byte, as ids are compared everywhere else.
  args.push("--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C");
  if (!durable) args.push("--no-sync");
  const result = await runToEnd(programs, programs.initdb, args, place, join(home, "initdb.log"));
  if (!result.ok) {
    throw new StoreUnavailable(`PostgreSQL could not make its files in ${home}: ${lastLines(result.log)}`);
  }
  await rename(join(home, fresh), join(home, "data"));
}

/** The data of an ordinary user's start, now started by root. */
async function giveTree(programs: PostgresPrograms, folder: string): Promise<void> {
  await giveTo(programs, folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTree(programs, path);
    else if (entry.isFile()) await giveTo(programs, path);
  }
}

async function runToEnd(
  programs: PostgresPrograms,
  command: string,
  args: string[],
  place: Place,
  logFile: string,
): Promise<{ ok: true } | { ok: false; log: string }> {
  const child = await spawnProgram(programs, command, args, place, logFile);
  // The child does not hold the event loop open; this does.
  const awake = setInterval(() => {}, 1_000);
  const exit = await child.exited.finally(() => clearInterval(awake));
  return exit.code === 0 ? { ok: true } : { ok: false, log: (await readIfPresent(logFile)) ?? "" };
}

async function spawnProgram(
  programs: PostgresPrograms,
  command: string,
  args: string[],
  place: Place,
  logFile: string,
): Promise<StoreProcess> {
  const log = openSync(logFile, "w", 0o600);
  try {
    return await spawnStore(
      command,
      args,
      {
        ...programs.identity,
        cwd: "/",
        // PG* variables of whoever starts us (PGPORT, PGDATA, PGOPTIONS) must not steer this server.
        env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", TZ: "UTC", LC_ALL: "C" },
        stdio: ["ignore", log, log, ...(place.fd === undefined ? [] : [place.fd])],
      },
      // A "fast" shutdown: sessions are ended, the log is closed properly.
      "SIGINT",
    );
  } finally {
    closeSync(log);
  }
}

async function launch(
  programs: PostgresPrograms,
  home: string,
  place: Place,
  password: string,
  options: PostgresOptions,
): Promise<RunningStore> {
  const logFile = join(home, "postgres.log");
  const remembered = await readNumber(join(home, "port"));
  let port = options.port ?? (remembered > 0 ? remembered : await freePort());
  for (let attempt = 1; ; attempt += 1) {
    const args = ["-D", join(place.path, "data"), ...settings(port, options).flatMap((line) => ["-c", line])];
    const server = await spawnProgram(programs, programs.postgres, args, place, logFile);
    options.onSpawn?.(server.pid);
    const url = `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
    if (await answers(server, url)) {
      await writeFile(join(home, "port"), String(port));
      const { pid, exited, stop, kill } = server;
      return { url, pid, port, exited, stop, kill };
    }
    const log = (await readIfPresent(logFile)) ?? "";
    if (attempt < 10 && options.port === undefined && /Address already in use/.test(log)) {
      port = await freePort();
    } else if (attempt < 100 && /pre-existing shared memory block|lock file "postmaster.pid"/.test(log)) {
      // After a SIGKILL of the postmaster its children need a moment to notice.
      await clearStaleLock(home);
      await sleep(100);
    } else {
      throw new StoreUnavailable(`PostgreSQL did not start: ${lastLines(log)} The whole log is ${logFile}.`);
    }
  }
}

/** A lock file of a postmaster that is gone, whose number now belongs to some other program of ours. */
async function clearStaleLock(home: string): Promise<void> {
  const pid = await postmasterPid(home);
  if (!Number.isInteger(pid)) return;
  const { stdout } = await promisify(execFile)("ps", ["-o", "comm=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  if (!stdout.includes("postgres")) await rm(join(home, "data/postmaster.pid"), { force: true });
}

function settings(port: number, { durable, maxConnections }: PostgresOptions): string[] {
  return [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    `max_connections=${maxConnections ?? 200}`,
    "password_encryption=scram-sha-256",
    "timezone=UTC",
    "log_timezone=UTC",
    "shared_buffers=128MB",
    ...(durable
      ? ["fsync=on", "synchronous_commit=on", "full_page_writes=on"]
      : [
          "fsync=off",
          "synchronous_commit=off",
          "full_page_writes=off",
          "wal_level=minimal",
          "max_wal_senders=0",
        ]),
  ];
}

/** Waits until the server takes our password; false when its process ended first. Makes the database. */
async function answers(server: StoreProcess, url: string): Promise<boolean> {
  const end = Date.now() + READY_WITHIN_MS;
  while (!server.hasExited()) {
    const outcome = await tryConnect(url, server.pid);
    if (outcome === "ours") return true;
    if (outcome === "no database") {
      const admin = new URL(url);
      admin.pathname = "/postgres";
      await query(admin.href, `CREATE DATABASE ${DATABASE}`);
      continue;
    }
    if (Date.now() > end) {
      await server.kill();
      return false;
    }
    await Promise.race([server.exited, sleep(10)]);
  }
  return false;
}

async function tryConnect(url: string, pid: number): Promise<"ours" | "no database" | "not yet"> {
  try {
    // The postmaster writes its number into its lock file, which the server reads for us: another server on
    // this port must not be taken for ours.
    const rows = await query(url, "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1) AS pid");
    return rows[0]?.["pid"] === String(pid) ? "ours" : "not yet";
  } catch (error) {
    return errorCode(error) === "3D000" ? "no database" : "not yet";
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that is just going away reports that here as well as in the query.
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
