import { expect, test } from "vitest";
import { pollDelay } from "./polling.ts";

test("a crowd that asks is spread over the seconds", () => {
  expect(pollDelay(0, null, 0)).toBe(3_000);
  expect(pollDelay(0, null, 1)).toBe(5_000);
});

test("it asks less often while nobody answers, within a bound", () => {
  expect(pollDelay(2, null, 0.5)).toBe(16_000);
  expect(pollDelay(50, null, 1)).toBeLessThanOrEqual(37_500);
});

test("it comes back no earlier than the server says", () => {
  expect(pollDelay(0, 60_000, 0)).toBe(60_000);
});
