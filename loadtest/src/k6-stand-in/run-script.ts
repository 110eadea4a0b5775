// Plays a load test's script as k6 would, on the stand-ins beside this: setup, each VU once and all at the same time,
// teardown, thresholds. It shows that the scripts hold together; that k6 itself reads them is not shown here.

import type { K6Run } from "../runs/k6-run.ts";
import { type Judged, judge } from "../runs/thresholds.ts";
import exec from "./execution.ts";
import { freshFigures } from "./metrics.ts";

/** What a script exports. */
export interface Script extends Pick<K6Run, "options" | "setup" | "teardown"> {
  default: K6Run["shoppers"];
}

/** @param load imports the script; `env` is there by then, and read as k6 reads it */
export async function runScript(
  load: () => Promise<Script>,
  env: Readonly<Record<string, string>>,
): Promise<Judged[]> {
  Object.assign(globalThis, { __ENV: { ...env } });
  const script = await load();
  const figures = freshFigures();
  const { scenarios, thresholds } = script.options;
  const vus = Object.values(scenarios ?? {})[0];
  const target = await script.setup();
  const playing: Promise<void>[] = [];
  for (let vu = 1; vu <= (vus !== undefined && "vus" in vus ? (vus.vus ?? 1) : 1); vu++) {
    exec.vu.idInTest = vu;
    // As plain data, which is how k6 hands it to its VUs.
    playing.push(script.default(JSON.parse(JSON.stringify(target))));
  }
  await Promise.all(playing);
  await script.teardown(target);
  // k6's type of a threshold may be an object too; the load tests write sentences.
  return judge(thresholds as Record<string, string[]>, figures);
}
