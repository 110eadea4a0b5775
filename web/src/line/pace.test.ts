import { describe, expect, test } from "vitest";
import { type Pace, paceRange, unseenPace, watchPace } from "./pace.ts";

/** A line watched every second for so long, at so many turns a second. */
function watched(seconds: number, turnsPerSecond: number): { pace: Pace; serving: number; now: number } {
  let pace = unseenPace;
  for (let second = 0; second <= seconds; second++) {
    pace = watchPace(pace, Math.floor(second * turnsPerSecond), second * 1_000);
  }
  return { pace, serving: Math.floor(seconds * turnsPerSecond), now: seconds * 1_000 };
}

describe("the pace of the line", () => {
  test("is the shop's word until something was measured, and that is not taken for exact", () => {
    const { slow, fast } = paceRange(unseenPace, 8, 100, 0);
    expect(slow).toBeCloseTo(8 / 1.2);
    expect(fast).toBeCloseTo(8 / 0.85);
  });

  test("is what was measured afterwards", () => {
    const { pace, serving, now } = watched(120, 2);
    const { slow, fast } = paceRange(pace, 8, serving, now);
    expect(slow).toBeLessThan(2);
    expect(fast).toBeGreaterThan(2);
    expect(fast).toBeLessThan(3);
  });

  test("is less certain the fewer turns were seen", () => {
    const many = watched(60, 20);
    const few = watched(60, 0.5);
    const spread = ({ slow, fast }: { slow: number; fast: number }) => (fast - slow) / (fast + slow);
    expect(spread(paceRange(few.pace, 0.6, few.serving, few.now))).toBeGreaterThan(
      spread(paceRange(many.pace, 20, many.serving, many.now)),
    );
  });

  test("is none at worst when nothing moved", () => {
    const { pace, now } = watched(60, 0);
    expect(paceRange(pace, 8, 0, now).slow).toBe(0);
  });

  test("follows a shop that turns its rate down at once", () => {
    const { pace, serving, now } = watched(120, 10);
    expect(paceRange(pace, 2, serving, now).fast).toBeLessThanOrEqual(2 / 0.85);
  });

  test("keeps no more than its window, however long it is watched", () => {
    expect(watched(3_600, 5).pace.seen.length).toBeLessThanOrEqual(38);
  });
});
