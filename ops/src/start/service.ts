// One process of ours that is kept running: started, its lines written to its log, started again with
// growing patience when it ends, asked to stop and then made to.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { failuresInARow, waitAfterMs } from "./backoff.ts";

export type ServiceSpec = {
  name: string;
  /** Of Node, which loads tsx besides; the script; its own. */
  args: string[];
  /** The whole environment of the process. */
  env: Record<string, string | undefined>;
  cwd: string;
  /** Where it is reached, for the roster. */
  url: string | null;
  /** true for what ends by itself when its work is done: an exit code 0 is then no accident. */
  mayFinish?: boolean;
};

export type ServiceEvents = {
  onStart: (name: string, pid: number, url: string | null) => void;
  /** `failures` counts ends in a row without a healthy run between; `waitMs` is until it is started again. */
  onEnd: (name: string, how: string, failures: number, waitMs: number) => void;
  onFinish: (name: string) => void;
  /** Each line that the process wrote. */
  onLine: (name: string, line: string) => void;
};

export type Service = {
  name: string;
  pid: () => number | undefined;
  /** The newest lines it wrote, oldest first: what to show when it will not run. */
  lastLines: () => string[];
  /** SIGTERM; what still lives after `graceMs` is killed. Settles when it is gone; it stays gone. */
  stop: (graceMs: number) => Promise<void>;
  /** SIGKILL, and it stays gone. */
  kill: () => void;
};

/** A log beyond this is put aside at the next start; two such files a process are kept. */
const LOG_ROTATES_BYTES = 10 * 1024 * 1024;
const LINES_REMEMBERED = 20;
const PRELOADED = [import.meta.resolve("tsx"), new URL("leash.ts", import.meta.url).href].flatMap(
  (module) => ["--import", module],
);

/** Starts it and keeps it running until it is stopped. */
export function keepRunning(spec: ServiceSpec, logDir: string, events: ServiceEvents): Service {
  const logFile = join(logDir, `${spec.name}.log`);
  rotate(logFile);
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  // A full disk must not take the process down; its lines are lost, which the disk's owner will expect.
  log.on("error", () => {});
  const remembered: string[] = [];
  const ending = new AbortController();
  let child: ChildProcess | undefined;
  let failures = 0;

  const hear = (line: string): void => {
    log.write(`${line}\n`);
    remembered.push(line);
    if (remembered.length > LINES_REMEMBERED) remembered.shift();
    events.onLine(spec.name, line);
  };

  const runOnce = async (): Promise<{ how: string; finished: boolean }> => {
    const running = spawn(process.execPath, [...PRELOADED, ...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      // The channel tells the child when we are gone, however that came about.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = running;
    if (running.stdout !== null) createInterface({ input: running.stdout }).on("line", hear);
    if (running.stderr !== null) createInterface({ input: running.stderr }).on("line", hear);
    return await new Promise((resolve) => {
      const end = (how: string, finished: boolean): void => {
        child = undefined;
        resolve({ how, finished });
      };
      running.once("spawn", () => {
        if (running.pid !== undefined) events.onStart(spec.name, running.pid, spec.url);
      });
      // Without a process (too many of them, no memory) there is no exit either. An error of one that runs
      // is its broken channel, soon followed by its exit.
      running.on("error", (error) =>
        running.pid === undefined ? end(error.message, false) : hear(error.message),
      );
      running.once("exit", (code, signal) => {
        const how = signal === null ? `ended with code ${code ?? "unknown"}` : `was ended by ${signal}`;
        end(how, spec.mayFinish === true && code === 0);
      });
    });
  };

  const life = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const startedAt = performance.now();
      const { how, finished } = await runOnce();
      if (ending.signal.aborted) break;
      if (finished) return events.onFinish(spec.name);
      failures = failuresInARow(failures, performance.now() - startedAt);
      const waitMs = waitAfterMs(failures);
      events.onEnd(spec.name, how, failures, waitMs);
      await sleep(waitMs, undefined, { signal: ending.signal }).catch(() => {});
    }
  };
  const over = life().finally(() => log.end());

  return {
    name: spec.name,
    pid: () => child?.pid,
    lastLines: () => [...remembered],
    async stop(graceMs) {
      ending.abort();
      child?.kill("SIGTERM");
      const timer = setTimeout(() => child?.kill("SIGKILL"), graceMs);
      await over;
      clearTimeout(timer);
    },
    kill() {
      ending.abort();
      child?.kill("SIGKILL");
    },
  };
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_ROTATES_BYTES) renameSync(file, `${file}.1`);
}
