import { describe, expect, test } from "vitest";
import {
  doubtClock,
  hearOneWay,
  hearRoundTrip,
  offsetOf,
  type ServerClock,
  unknownClock,
} from "./server-clock.ts";

const OFFSET = 120_000;

/** An answer after `out` ms there and `back` ms back, from a server that is two minutes ahead. */
function answer(clock: ServerClock, sentAt: number, out: number, back: number): ServerClock {
  const serverTime = sentAt + out + OFFSET;
  return hearRoundTrip(clock, { sentAt, receivedAt: sentAt + out + back, serverTime });
}

describe("the server's clock", () => {
  test("is unknown until something was heard", () => {
    expect(offsetOf(unknownClock)).toBeNull();
  });

  test("is right to half the round trip", () => {
    expect(offsetOf(answer(unknownClock, 1_000, 40, 40))).toBe(OFFSET);
    expect(Math.abs((offsetOf(answer(unknownClock, 1_000, 80, 0)) ?? 0) - OFFSET)).toBeLessThanOrEqual(40);
  });

  test("is the median of good answers: one that hung for seconds changes nothing", () => {
    let clock = unknownClock;
    for (let n = 0; n < 5; n++) clock = answer(clock, n * 1_000, 30, 30);
    clock = answer(clock, 9_000, 6_000, 10);
    expect(offsetOf(clock)).toBe(OFFSET);
  });

  test("is never behind a message that has arrived", () => {
    const late = answer(unknownClock, 1_000, 0, 400);
    expect(offsetOf(late)).toBe(OFFSET - 200);
    const pushed = hearOneWay(late, { receivedAt: 5_000, serverTime: 5_000 + OFFSET - 10 });
    expect(offsetOf(pushed)).toBe(OFFSET - 10);
  });

  test("takes a slow message for no more than a bound", () => {
    const clock = answer(unknownClock, 1_000, 20, 20);
    expect(offsetOf(hearOneWay(clock, { receivedAt: 60_000, serverTime: 5_000 }))).toBe(OFFSET);
  });

  test("forgets what it knew once our own clock was set and something new is heard", () => {
    const doubted = doubtClock(answer(unknownClock, 1_000, 20, 20));
    expect(offsetOf(doubted)).toBe(OFFSET);
    const sentAt = 500_000;
    const heard = hearRoundTrip(doubted, { sentAt, receivedAt: sentAt + 20, serverTime: sentAt + 10 });
    expect(offsetOf(heard)).toBe(0);
  });
});
