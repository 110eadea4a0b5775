import { expect, test } from "vitest";
import { isPlayed, isQuiet } from "./rehearsing.ts";

test("an empty line ends a lottery's rehearsal, but not a rush's, whose shoppers wait in none", () => {
  const empty = { phase: "live", open: 0 };
  expect(isQuiet("lottery", empty)).toBe(true);
  // Of a run that was stored before rushes could be rehearsed.
  expect(isQuiet(undefined, empty)).toBe(true);
  expect(isQuiet("rush", empty)).toBe(false);
  for (const kind of ["lottery", "rush"] as const) {
    expect(isQuiet(kind, { phase: "live", open: 3 })).toBe(false);
    expect(isQuiet(kind, { phase: "sold_out", open: 3 })).toBe(true);
    expect(isQuiet(kind, null)).toBe(true);
  }
});

test("a rehearsal is over when nothing moved for some seconds after its opening, and not before it began", () => {
  const run = { begunAtMs: 0, quietSinceMs: 1_000, row: { shape: { opensSecond: 10 } } };
  expect(isPlayed({ ...run, begunAtMs: null }, 60_000)).toBe(false);
  expect(isPlayed(run, 12_000)).toBe(false);
  expect(isPlayed(run, 13_001)).toBe(true);
  expect(isPlayed({ ...run, quietSinceMs: null }, 60_000)).toBe(false);
});
