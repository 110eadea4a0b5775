import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Estimate, estimateWait as estimate, type Slowing } from "./estimate.ts";

const MINUTE = 60_000;

/** With a rate as uncertain as one that nobody has measured. */
function estimateWait(
  before: Estimate | null,
  position: number,
  ratePerSecond: number,
  now: number,
  reason: Slowing = "slower",
): Estimate | null {
  return estimate(before, position, { slow: ratePerSecond / 1.2, fast: ratePerSecond / 0.85 }, now, reason);
}

describe("an estimate", () => {
  test("is a range in whole minutes", () => {
    expect(estimateWait(null, 3_400, 8, 0)).toMatchObject({
      unit: "minute",
      low: 6,
      high: 9,
      grewBy: null,
    });
  });

  test("is in hours when minutes would be a pretence", () => {
    expect(estimateWait(null, 36_000, 4, 0)).toMatchObject({ unit: "hour", low: 2, high: 3 });
  });

  test("never ends later than it was said to without a reason", () => {
    const step = fc.record({ turns: fc.nat(60), rate: fc.double({ min: 0.2, max: 30, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let shown: Estimate | null = null;
        let position = 2_000;
        for (const [index, { turns, rate }] of steps.entries()) {
          position = Math.max(1, position - turns);
          const next: Estimate | null = estimateWait(shown, position, rate, index * 5_000);
          if (shown !== null && next !== null && next.latestAt > shown.latestAt) {
            expect(next.grewBy).not.toBeNull();
          }
          shown = next ?? shown;
        }
      }),
    );
  });

  test("is nothing when the line does not move", () => {
    expect(estimateWait(null, 100, 0, 0)).toBeNull();
  });

  test("does not go up when the rate wavers", () => {
    const first = estimateWait(null, 3_400, 8, 0);
    const wavering = estimateWait(first, 3_380, 7.4, 2_000);
    expect(wavering).toMatchObject({ low: 6, high: 9, grewBy: null });
  });

  test.each(["slower", "paused", "rate", "stock"] as const)(
    "says why when it has really grown: %s",
    (why) => {
      const first = estimateWait(null, 3_400, 8, 0);
      const slower = estimateWait(first, 3_300, 3, 10_000, why);
      expect(slower).toMatchObject({ grewBy: why });
      expect(slower?.high).toBeGreaterThan(first?.high ?? 0);
    },
  );

  test("comes down by itself as a steady line moves", () => {
    let shown: Estimate | null = null;
    let before = Number.POSITIVE_INFINITY;
    for (let second = 0; second < 400; second += 5) {
      shown = estimateWait(shown, 3_400 - second * 8, 8, second * 1_000);
      expect(shown?.high).toBeLessThanOrEqual(before);
      expect(shown?.grewBy).toBeNull();
      before = shown?.high ?? 0;
    }
    expect(before).toBeLessThanOrEqual(1);
  });

  test("keeps its promise: what is shown never ends later than what was said before", () => {
    const first = estimateWait(null, 960, 1, 0);
    const later = estimateWait(first, 660, 1, 5 * MINUTE);
    expect(later?.latestAt).toBeLessThanOrEqual(first?.latestAt ?? 0);
  });
});
