// How the tests run: beside their sources, against real stores, on two cores. Files named *.slow.test.ts drive whole
// systems and come after the others, two at a time: first those of a browser, then those that kill and flood.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const elsewhere = ["**/node_modules/**", "**/dist/**", "**/.cache/**"];

// k6 brings its modules itself and is not installed here: the tests of its scripts play on stand-ins.
const alias = [
  { find: /^k6\/(.*)$/, replacement: resolve(import.meta.dirname, "loadtest/src/k6-stand-in/$1.ts") },
];

// Vitest begins with the largest file, or with the one that took longest when it remembers a run, so that all workers
// end together. These are small and take longest: begun last, one worker would be alone with them.
const LONGEST = ["simulator/src/sale.slow.test.ts", "simulator/src/load-test/load-test.slow.test.ts"];

/** Where a file stands in `LONGEST`; behind all of these when it is none of them. */
function rank({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((path) => moduleId.startsWith(resolve(import.meta.dirname, path)));
  return found === -1 ? LONGEST.length : found;
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Not `super.sort(files)`: the linter takes it for an array's, which sorts in place.
    const sorted = await super.sort.call(this, files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    // Of the whole run, not of a project: both use the same two stores. That is also why the projects do
    // not say `extends: true`, which would start a pair for each.
    globalSetup: ["./vitest.setup.ts"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "quick",
          alias,
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...elsewhere, "**/*.slow.test.{ts,tsx}"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // They wait for stores, workers and windows: with two at a time, 31 % of two cores were idle.
          maxWorkers: 3,
          // A worker keeps what it has imported, which else is a sixth of the time.
          isolate: false,
          setupFiles: ["./vitest.file.setup.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "browser",
          alias,
          include: ["e2e/**/*.slow.test.{ts,tsx}"],
          exclude: elsewhere,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "slow",
          alias,
          include: ["**/*.slow.test.{ts,tsx}"],
          exclude: [...elsewhere, "e2e/**"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
