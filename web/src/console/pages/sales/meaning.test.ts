import { expect, test } from "vitest";
import { lastReturnAt, meaningOf, offeredWithinSeconds, type Planned, roughSeconds } from "./meaning.ts";

const AT = Date.parse("2026-03-01T12:18:41Z");
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const planned = (more: Partial<Planned> = {}): Planned => ({
  kind: "lottery",
  quantity: 100,
  ratePerSecond: 5,
  burst: 5,
  claimWindowSeconds: 45,
  purchaseWindowSeconds: 600,
  paymentExtensionSeconds: 300,
  opensAt: AT,
  closesAt: AT + 7_200_000,
  ...more,
});

test("a hundred units at five a second are told in the words of people", () => {
  expect(meaningOf(planned(), clock)).toEqual({
    sentences: [
      "100 units at 5/s: sold in about 20 s once it opens, if enough people come.",
      "Each shopper has 45 s to claim an offer.",
      "10 min windows to pay, 5 min more once a payment has begun.",
      "Last returns by 12:34; they go to the next in line.",
    ],
    warnings: [],
  });
});

test("what may be let in at once is not waited for", () => {
  expect(offeredWithinSeconds(planned({ burst: 100 }))).toBe(0);
  expect(offeredWithinSeconds(planned({ burst: 1_000 }))).toBe(0);
  expect(meaningOf(planned({ burst: 100 }), clock).sentences[0]).toBe(
    "100 units at 5/s: all are offered at once.",
  );
});

test("the last return is a full claim, purchase and extension after the last offer", () => {
  expect(lastReturnAt(planned())).toBe(AT + (19 + 45 + 600 + 300) * 1_000);
  expect(lastReturnAt(planned({ kind: "rush" }))).toBe(AT + (600 + 300) * 1_000);
});

test("a sale that closes too early is warned of with the number that is left", () => {
  const short = meaningOf(planned({ ratePerSecond: 1, burst: 1, closesAt: AT + 60_000 }), clock);
  expect(short.warnings).toEqual([
    "It closes before all units are offered: about 39 are never offered. Raise the rate or close later.",
  ]);
  const late = meaningOf(planned({ closesAt: AT + 600_000 }), clock);
  expect(late.warnings[0]).toContain("before the last returns can be offered again");
});

test("times are rounded as people round them", () => {
  expect([3.2, 19, 61, 599, 3_661, 90_000].map(roughSeconds)).toEqual([3, 20, 60, 600, 3_660, 90_000]);
});
