import { describe, expect, test } from "vitest";
import { retryDelay } from "./live-link.ts";

describe("coming back", () => {
  test("is soon at first, then further and further apart, and never further than its bound", () => {
    const delays = [0, 1, 2, 3, 10, 1_000].map((tries) => retryDelay(tries, 0, 0.5));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 10_000, 10_000]);
  });

  test("is spread over half of the pace to one and a half of it", () => {
    expect([0, 1].map((random) => retryDelay(0, 0, random))).toEqual([250, 750]);
  });

  test("is spread wider in a larger crowd, from the first try on", () => {
    expect(retryDelay(0, 8_000, 0.5)).toBe(4_500);
    expect(retryDelay(1_000, 8_000, 0.5)).toBe(18_000);
  });
});
