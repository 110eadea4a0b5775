// What follows from an answer, or from none.
import { WMS_RETRY_MS_MAX, WMS_TRIES_MAX } from "@dropgate/contracts/limits";
import { expect, test } from "vitest";
import { pauseMs, settlementOf } from "./settle.ts";

const answer = (status: number, text = ""): { answered: true; status: number; text: string } => ({
  answered: true,
  status,
  text,
});

test("any answer of success is one", () => {
  for (const status of [200, 201, 202, 204]) {
    expect(settlementOf(answer(status), WMS_TRIES_MAX, 0.5)).toEqual({ to: "sent" });
  }
});

test("the bounds of the pauses double up to a quarter of an hour, and any part of them is drawn", () => {
  const bounds = [1, 2, 3, 4, 5, 10, 11, 20].map((attempts) => pauseMs(attempts, 1));
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 512_000, WMS_RETRY_MS_MAX, WMS_RETRY_MS_MAX]);
  expect(pauseMs(4, 0)).toBe(0);
  expect(pauseMs(4, 0.25)).toBe(2_000);
});

test("no answer and a fault are tried again, the last time not", () => {
  for (const called of [
    answer(500),
    answer(503),
    answer(404),
    answer(401),
    answer(302),
    answer(429),
    { answered: false as const, reason: "it broke" },
  ]) {
    expect(settlementOf(called, WMS_TRIES_MAX - 1, 0.5)).toMatchObject({ to: "waiting" });
    expect(settlementOf(called, WMS_TRIES_MAX, 0.5)).toMatchObject({ to: "dead" });
  }
});

test("what a warehouse understood and refuses is given up at once, with its words in one line", () => {
  for (const status of [400, 413, 415, 422]) expect(settlementOf(answer(status), 1, 0.5).to).toBe("dead");
  expect(settlementOf(answer(400, "no\n such\u0000  SKU"), 1, 0.5)).toEqual({
    to: "dead",
    error: "it answered 400: no such SKU",
  });
  const settlement = settlementOf(answer(500, "x".repeat(10_000)), 1, 0.5);
  expect("error" in settlement && settlement.error.length).toBeLessThan(400);
});
