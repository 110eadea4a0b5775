// What the two embedded stores have in common as processes: each runs in a session of its own, so that a
// Ctrl-C to our group passes it by, each may have been left behind by a start that was killed, and each
// is asked to end before it is made to.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "./kept-file.ts";

/** How a store's process ended. `asked` is true when `stop` or `kill` of this process ended it. */
export type StoreExit = { code: number | null; signal: NodeJS.Signals | null; asked: boolean };

/** One embedded store that accepts connections. */
export type RunningStore = {
  /** The connection string, password included. */
  url: string;
  /** For PostgreSQL the postmaster. */
  pid: number;
  port: number;
  /** Settles when the process has ended, whoever ended it. Never rejects. */
  exited: Promise<StoreExit>;
  /** Ends it cleanly; what does not end within `graceMs` (default 5000) is killed. Safe to call again. */
  stop: (graceMs?: number) => Promise<void>;
  /** Ends it with SIGKILL, as an accident would, and waits until it is gone. */
  kill: () => Promise<void>;
};

/** Why a store cannot run here, in a sentence that also says how to mend it. Shown to people as it is. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no port was assigned"));
      server.close(() => resolve(address.port));
    });
  });
}

/** True while a process with this id exists, even one that belongs to somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
  // A process that ended but was not collected by its parent still answers signals.
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return process.platform !== "linux";
  }
}

/** Waits until the process is gone; false when it still lives after `timeoutMs`. */
export async function untilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() >= end) return false;
    await sleep(10);
  }
  return true;
}

/**
 * Ends a store that an earlier start left behind in `directory`, if `pid` is really one: a pid file may be
 * older than a reboot and its number by now somebody else's. Both stores make their data directory their
 * working directory, which Linux shows; elsewhere the name of the program has to do.
 */
export async function endLeftover(
  pid: number,
  directory: string,
  program: RegExp,
  askSignal: NodeJS.Signals,
): Promise<void> {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isAlive(pid)) return;
  if (!(await runsIn(pid, directory, program))) return;
  process.kill(pid, askSignal);
  if (await untilGone(pid, 10_000)) return;
  process.kill(pid, "SIGKILL");
  await untilGone(pid, 5_000);
}

async function runsIn(pid: number, directory: string, program: RegExp): Promise<boolean> {
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === (await realpath(directory));
    } catch {
      return false;
    }
  }
  return await new Promise((resolve) => {
    const ps = spawn("ps", ["-o", "comm=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    ps.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    ps.once("error", () => resolve(false));
    ps.once("close", () => resolve(program.test(text)));
  });
}

/** A store's process from spawn to exit. */
export type StoreProcess = {
  pid: number;
  exited: Promise<StoreExit>;
  hasExited: () => boolean;
  stop: (graceMs?: number) => Promise<void>;
  kill: () => Promise<void>;
};

/**
 * Starts a store's process, detached (a session and process group of its own) and not holding our event
 * loop open. `askSignal` is how it is asked to end.
 */
export async function spawnStore(
  command: string,
  args: string[],
  options: SpawnOptions,
  askSignal: NodeJS.Signals,
): Promise<StoreProcess> {
  const child: ChildProcess = spawn(command, args, { ...options, detached: true });
  let asked = false;
  let ended = false;
  const exited = new Promise<StoreExit>((resolve) => {
    child.once("exit", (code, signal) => {
      ended = true;
      resolve({ code, signal, asked });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} started without a process id`);
  // `unref` lets a program end while its store runs on; whoever waits for the exit keeps it awake here.
  const within = async (ms: number): Promise<boolean> => {
    if (ended) return true;
    const timer = new AbortController();
    const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
    const done = await Promise.race([exited.then(() => true), late]);
    timer.abort();
    return done;
  };
  const kill = async (): Promise<void> => {
    asked = true;
    if (ended) return;
    child.kill("SIGKILL");
    await within(10_000);
  };
  return {
    pid,
    exited,
    hasExited: () => ended,
    kill,
    async stop(graceMs = 5_000) {
      asked = true;
      if (ended) return;
      child.kill(askSignal);
      if (!(await within(graceMs))) await kill();
    },
  };
}
