// Dropgate as whoever runs it has it: the `start` command with its own stores in a directory, driven from outside.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@dropgate/ops/stores/store-process";
import type { Bench } from "./bench.ts";
import { ROOT } from "./child.ts";

const READY_MS_MAX = 60_000;

export interface Started {
  url: string;
  port: number;
  apiKey: string;
  /** From the command to its line that says ready. */
  secondsToReady: number;
  /** Process ids by the names of processes.json. */
  processes(): Promise<Record<string, number>>;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

/** @param flags besides --data-dir and --port; @throws Error with what it said when it is not ready in time */
export async function startDropgate(
  bench: Bench,
  dataDir: string,
  flags: readonly string[] = [],
): Promise<Started> {
  const port = await freePort();
  const beganMs = performance.now();
  const child = spawn("npx", ["pnpm", "start", "--data-dir", dataDir, "--port", String(port), ...flags], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, REDIS_URL: "", DATABASE_URL: "", LOG_LEVEL: "warn", JOINS_PER_ADDRESS: "off" },
    // So that the signal reaches whatever npx has put between us and the command.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    signalGroup(child.pid, "SIGTERM");
    await ended;
  };
  bench.atEnd(stop);
  const line = await new Promise<string>((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`start was not ready in time: ${said}`)), READY_MS_MAX);
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      const ready = said.split("\n").find((text) => text.startsWith('{"ready":true'));
      if (ready === undefined || !said.endsWith("\n")) return;
      clearTimeout(timer);
      resolve(ready);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`start ended with ${code}: ${said}`));
    });
  });
  const secondsToReady = (performance.now() - beganMs) / 1_000;
  const { url, apiKeyFile } = JSON.parse(line) as { url: string; apiKeyFile: string };
  return {
    url,
    port,
    apiKey: (await readFile(apiKeyFile, "utf8")).trim(),
    secondsToReady,
    async processes() {
      const text = await readFile(join(dataDir, "processes.json"), "utf8");
      const all = JSON.parse(text) as { name: string; pid: number }[];
      return Object.fromEntries(all.map(({ name, pid }) => [name, pid]));
    },
    stop,
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
