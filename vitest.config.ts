// How the tests run: beside their sources, against real stores, on two cores. Files named *.slow.test.ts drive whole
// systems and come after the others: those of a browser, who waits more than it works, two at a time; those that kill
// and flood one at a time.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const elsewhere = ["**/node_modules/**", "**/dist/**", "**/.cache/**"];

// k6 brings its modules itself and is not installed here: the tests of its scripts play on stand-ins.
const alias = [
  { find: /^k6\/(.*)$/, replacement: resolve(import.meta.dirname, "loadtest/src/k6-stand-in/$1.ts") },
];

export default defineConfig({
  test: {
    // Of the whole run, not of a project: both use the same two stores. That is also why the projects do
    // not say `extends: true`, which would start a pair for each.
    globalSetup: ["./vitest.setup.ts"],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "quick",
          alias,
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...elsewhere, "**/*.slow.test.{ts,tsx}"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
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
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
