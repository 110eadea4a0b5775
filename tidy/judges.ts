// Who decides: chance comes from the operating system where it decides anything, and time from the stores'
// clocks. A process clock that is an hour off must cost nobody a place or a minute.
import { type Fault, faultsOfLines, isCode, isTest, type Rule } from "./source-files.ts";

/** Jitter and numbers for logs may come from anywhere; what is drawn, named or secret may not. */
const FAIR =
  /^(draw|inventory|lua)\/|^sql\/src\/sealing\/|^queue-worker\/src\/(sealing|admission|intake)\/|^gateway\/src\/callers\//;
const JITTER: ReadonlySet<string> = new Set(["lua/src/stay-connected.ts"]);

export const chanceIsFair: Rule = (files) =>
  faultsOfLines(
    files.filter((file) => isCode(file) && FAIR.test(file.path) && !JITTER.has(file.path)),
    (line) =>
      /\bMath\.random\b/.test(line)
        ? "Math.random can be foretold; node:crypto, or the draw's own keys"
        : null,
  );

/** Where a process clock may be read in rules and statements, and why. */
const CLOCK_READERS: ReadonlyMap<string, string> = new Map([
  ["sql/src/migrate.ts", "gives up waiting for another migration"],
  [
    "queue-worker/src/jobs/sale-jobs.ts",
    "the job queue counts its delays by it; PostgreSQL judges on waking",
  ],
  ["queue-worker/src/telemetry.ts", "shows how far intake is behind Redis' clock; nothing is decided by it"],
]);

export const storesKeepTheTime: Rule = (files) => {
  const judged = files.filter(
    (file) => isCode(file) && !isTest(file) && /^(inventory|sql|queue-worker)\/src\//.test(file.path),
  );
  const readers = new Set<string>();
  const faults = faultsOfLines(judged, (line, { path, text }) => {
    if (!/\bDate\.now\(|\bnew Date\(\)/.test(line)) return null;
    readers.add(path);
    // A stage for tests waits for levels by it.
    if (CLOCK_READERS.has(path) || /from "vitest"|template-database"/.test(text)) return null;
    return "ask the store: a process clock decides nothing";
  });
  const unused = [...CLOCK_READERS.keys()]
    .filter((path) => files.some((file) => file.path === path) && !readers.has(path))
    .map((path): Fault => ({ path, line: 0, says: "reads no clock any more: take it off tidy/judges.ts" }));
  return [...faults, ...unused];
};
