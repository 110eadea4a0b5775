// The benchmark command's own arguments, read and judged before anything starts.
import { parseArgs } from "node:util";

export interface BenchFlags {
  /** In the table's order; all when none was named. */
  names: string[];
  quick: boolean;
  check: boolean;
  profile: boolean;
  list: boolean;
  help: boolean;
}

export const USAGE = `npx pnpm bench [name…] [--quick] [--check] [--profile] [--list] [--help]

Measures Dropgate beside a ceiling (the same work with nothing of ours) and a plain way (what most people would
write), in alternating rounds of the same run. Writes loadtest/results/<name>.json, and docs/benchmarks.md from them.

  name…     rows to play; all without any
  --quick   short rounds, to see that a row runs: its figures are rough
  --check   ends with 1 and names each row that falls short of its targets
  --profile CPU profiles of the processes under test, into .cache/profiles; slows them
  --list    the rows, and what they measure
  --help    this
`;

/** @returns the flags, or a sentence on what is wrong with them */
export function readFlags(
  args: readonly string[],
  known: readonly string[],
): { ok: true; flags: BenchFlags } | { ok: false; sentence: string } {
  const option = { type: "boolean", default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      allowPositionals: true,
      options: { quick: option, check: option, profile: option, list: option, help: option },
    });
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      return { ok: false, sentence: `There is no row ${unknown.join(", ")}. Rows: ${known.join(", ")}.` };
    }
    const names = positionals.length === 0 ? [...known] : known.filter((name) => positionals.includes(name));
    return { ok: true, flags: { ...values, names } };
  } catch (error) {
    return { ok: false, sentence: error instanceof Error ? error.message : String(error) };
  }
}
