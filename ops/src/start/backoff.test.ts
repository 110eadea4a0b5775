import { expect, test } from "vitest";
import { failuresInARow, waitAfterMs } from "./backoff.ts";

test("the wait doubles from a tenth of a second to five seconds and stays there", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50].map(waitAfterMs);
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

test("a process that ran healthily for ten seconds starts the count anew", () => {
  expect(failuresInARow(5, 9_999)).toBe(6);
  expect(failuresInARow(5, 10_000)).toBe(1);
});
