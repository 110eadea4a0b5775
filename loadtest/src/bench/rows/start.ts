// `start`: from `npx pnpm start` to ready, as a newcomer waits for it: on an empty data directory, and on one that was
// there before. Dependencies are installed and the page is built.
import { join } from "node:path";
import { buildWeb } from "@dropgate/ops/web-build";
import { ROOT } from "../child.ts";
import type { Row } from "../row.ts";
import { startDropgate } from "../started.ts";
import { figure } from "../targets.ts";

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
        const started = await startDropgate(bench, join(folder, name));
        await started.stop();
        const { secondsToReady } = started;
        return { units: 1, seconds: secondsToReady, figures: { secondsToReady } };
      },
      close: async () => {},
    };
  },
};
