// Where results lie: one JSON file a row, written when it was played, and read again to tell all rows in one table.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ROOT } from "./child.ts";
import type { Machine } from "./machine.ts";
import type { RowResult } from "./play-row.ts";

export interface KeptResult extends RowResult {
  /** RFC 3339, when it was played. */
  at: string;
  machine: Machine;
}

const RESULTS = resolve(ROOT, "loadtest/results");

export async function keepResult(result: KeptResult): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const text = JSON.stringify(
    result,
    (_, value: unknown) => (typeof value === "number" ? shortened(value) : value),
    2,
  );
  await writeFile(join(RESULTS, `${result.name}.json`), `${text}\n`);
}

/** Those there are, in the order of the names. */
export async function keptResults(names: readonly string[]): Promise<KeptResult[]> {
  const files = new Set(await readdir(RESULTS).catch(() => []));
  const there = names.filter((name) => files.has(`${name}.json`));
  return Promise.all(
    there.map(
      async (name) => JSON.parse(await readFile(join(RESULTS, `${name}.json`), "utf8")) as KeptResult,
    ),
  );
}

/** Four figures that count: the rest is noise, in the file as in the eye. */
function shortened(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
