// `start`: from `npx pnpm start` to ready, as a newcomer waits for it: on an empty data directory, and on one that was
// there before. Dependencies are installed and the page is built.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "@dropgate/ops/stores/store-process";
import { buildWeb } from "@dropgate/ops/web-build";
import type { Bench } from "../bench.ts";
import { ROOT } from "../child.ts";
import type { Row } from "../row.ts";
import { figure } from "../targets.ts";

const READY_MS_MAX = 60_000;

export const row: Row = {
  name: "start",
  measures:
    "`npx pnpm start` to its line that says ready, demo sale and shop included, with dependencies installed and the page built.",
  unit: "start",
  variants: [
    { key: "empty", role: "ours", label: "empty data directory" },
    { key: "again", role: "ours", label: "started before" },
  ],
  rounds: { full: 3, quick: 1 },
  shown: ["secondsToReady"],
  units: { secondsToReady: "s" },
  targets: [
    figure("secondsToReady", "empty", { atMost: 10 }, "s"),
    figure("secondsToReady", "again", { atMost: 10 }, "s"),
  ],

  async open(bench) {
    await buildWeb(ROOT, bench.say);
    const folder = await bench.folder("start");
    let starts = 0;
    return {
      async round(variant, { warmUp }) {
        if (warmUp && variant === "empty") return { units: 1, seconds: 1 };
        const name = variant === "again" ? "again" : `empty-${++starts}`;
        const seconds = await startAndStop(bench, join(folder, name));
        return { units: 1, seconds, figures: { secondsToReady: seconds } };
      },
      close: async () => {},
    };
  },
};

async function startAndStop(bench: Bench, dataDir: string): Promise<number> {
  const beganMs = performance.now();
  const child = spawn("npx", ["pnpm", "start", "--data-dir", dataDir, "--port", String(await freePort())], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, REDIS_URL: "", DATABASE_URL: "", LOG_LEVEL: "warn" },
    // So that the signal reaches whatever npx has put between us and the command.
    detached: true,
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  bench.atEnd(async () => signalGroup(child.pid, "SIGTERM"));
  try {
    return await new Promise<number>((resolve, reject) => {
      let said = "";
      const timer = setTimeout(() => reject(new Error(`start was not ready in time: ${said}`)), READY_MS_MAX);
      const hear = (piece: Buffer): void => {
        said += piece.toString();
        if (!said.includes('"ready":true')) return;
        clearTimeout(timer);
        resolve((performance.now() - beganMs) / 1_000);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`start ended with ${code}: ${said}`));
      });
    });
  } finally {
    signalGroup(child.pid, "SIGTERM");
    await ended;
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
