import { expect, test } from "vitest";
import { restOfTick, tokensAt } from "./tokens.ts";

const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);

test("tokens come at the rate and never exceed the burst", () => {
  const bucket = { tokens: 2, tokensAt: at(0), ratePerSecond: 4, burst: 10 };
  expect(tokensAt(bucket, at(0))).toBe(2);
  expect(tokensAt(bucket, at(500))).toBe(4);
  expect(tokensAt(bucket, at(60_000))).toBe(10);
});

test("a clock that went back takes nothing away", () => {
  expect(tokensAt({ tokens: 2, tokensAt: at(1000), ratePerSecond: 4, burst: 10 }, at(0))).toBe(2);
});

test("ticks come often enough that no refill is lost, and no oftener than they may", () => {
  const bounds = { leastMs: 20, mostMs: 150 };
  expect(restOfTick({ ratePerSecond: 50, burst: 5 }, bounds)).toBe(50);
  expect(restOfTick({ ratePerSecond: 1_000, burst: 1 }, bounds)).toBe(20);
  expect(restOfTick({ ratePerSecond: 100, burst: 1_000 }, bounds)).toBe(150);
});
