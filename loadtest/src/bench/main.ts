// `npx pnpm bench`: plays the rows that were asked for, writes down what they showed, and with --check says which
// falls short.

import { resolve } from "node:path";
import { ROOT } from "./child.ts";
import { shortNumber } from "./figure-text.ts";
import { readFlags, USAGE } from "./flags.ts";
import { readMachine } from "./machine.ts";
import { writePage } from "./page.ts";
import { playRow, type RowResult } from "./play-row.ts";
import { keepResult, keptResults } from "./results.ts";
import { loadRow, ROW_NAMES } from "./rows.ts";

const PROFILES = resolve(ROOT, ".cache/profiles");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const read = readFlags(process.argv.slice(2), ROW_NAMES);
  if (!read.ok) {
    process.stderr.write(`${read.sentence}\n\n${USAGE}`);
    return 2;
  }
  const { names, quick, check, profile, list, help } = read.flags;
  if (help) {
    say(USAGE);
    return 0;
  }
  if (list) {
    for (const name of names) say(`${name.padEnd(10)} ${(await loadRow(name)).measures}`);
    return 0;
  }
  if (process.platform !== "linux") {
    process.stderr.write("The benchmarks read CPU time and memory from /proc: they need Linux.\n");
    return 2;
  }
  const machine = await readMachine(say);
  const short: string[] = [];
  for (const name of names) {
    say(name);
    try {
      const result = await playRow(await loadRow(name), {
        quick,
        say,
        profiles: profile ? PROFILES : undefined,
      });
      // A profiled process is a slower one.
      if (!profile) await keepResult({ ...result, at: new Date().toISOString(), machine });
      short.push(...tellTargets(result));
    } catch (error) {
      say(`✗ ${name} broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      short.push(`${name}: broke`);
    }
  }
  await writePage(await keptResults(ROW_NAMES));
  if (short.length === 0) return 0;
  say(`\nFalls short:\n${short.map((line) => `  ${line}`).join("\n")}`);
  // A row that broke was not measured at all: that is an error whoever asks.
  return check || short.some((line) => line.endsWith(": broke")) ? 1 : 0;
}

/** @returns a line for each target that was missed */
function tellTargets({ name, targets, tookSeconds }: RowResult): string[] {
  for (const { says, value, met } of targets) {
    say(`  ${met ? "✓" : "✗"} ${says}: ${value === null ? "not measured" : shortNumber(value)}`);
  }
  say(`  took ${tookSeconds} s`);
  return targets
    .filter(({ met }) => !met)
    .map(
      ({ says, value }) => `${name}: ${says}, and is ${value === null ? "not measured" : shortNumber(value)}`,
    );
}

process.exitCode = await main();
