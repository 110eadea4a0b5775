import { expect, test } from "vitest";
import { burstFor, RATE_STEPS, rateOfStep, rateOfText, stepOfRate } from "./rate.ts";

test("each step of the slider is faster than the one before, and leads back to itself", () => {
  const rates = Array.from({ length: RATE_STEPS + 1 }, (_none, step) => rateOfStep(step));
  for (let step = 1; step <= RATE_STEPS; step++) expect(rates[step]).toBeGreaterThan(rates[step - 1] ?? 0);
  expect(rates.map(stepOfRate)).toEqual(rates.map((_rate, step) => step));
  expect([rates[0], rates[25], rates[50], rates[100]]).toEqual([0.1, 1, 10, 1_000]);
});

test("a rate beyond the slider stands at its end", () => {
  expect(stepOfRate(20_000)).toBe(RATE_STEPS);
  expect(stepOfRate(0.01)).toBe(0);
});

test("what may be let in at once keeps its proportion, and is never nothing", () => {
  expect(burstFor(50, { ratePerSecond: 5, burst: 5 })).toBe(50);
  expect(burstFor(0.1, { ratePerSecond: 5, burst: 5 })).toBe(1);
  expect(burstFor(10, { ratePerSecond: 5, burst: 20 })).toBe(40);
});

test("a rate that was low for a moment comes back with no more at once than it had", () => {
  const low = { ratePerSecond: 0.1, burst: burstFor(0.1, { ratePerSecond: 5, burst: 5 }) };
  expect(burstFor(5, low)).toBe(5);
  // One at a time beside a fast rate is a choice, and stays one.
  expect(burstFor(20, { ratePerSecond: 20, burst: 1 })).toBe(1);
});

test("a rate is typed exactly, and only one that the sale can have", () => {
  expect(["5", "0.05", " 12.5 ", "2500"].map(rateOfText)).toEqual([5, 0.05, 12.5, 2_500]);
  expect(["", " ", "0", "-1", "fast", "1e9", "Infinity", "NaN"].map(rateOfText)).toEqual(Array(8).fill(null));
});
