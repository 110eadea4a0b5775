import { expect, test } from "vitest";
import { tokensAt } from "./tokens.ts";

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
