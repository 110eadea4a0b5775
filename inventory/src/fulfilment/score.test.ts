import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partsOf, scoreOf, weightsOf } from "./score.ts";

const RANGE = { least: 500, most: 900 };
const BEST = { cost: 500, days: 0, utilisation: 0, depth: 1 };

describe("the score", () => {
  test("is 100 for the cheapest, at once, from an idle location with a deep shelf; and 0 for the opposite", () => {
    expect(scoreOf(partsOf(BEST, RANGE), 0.5)).toBe(100);
    expect(scoreOf(partsOf({ cost: 900, days: 10, utilisation: 1, depth: 0 }, RANGE), 0.5)).toBe(0);
  });

  test("each part is held between 0 and 100, however far off its figure is", () => {
    const parts = partsOf({ cost: 99_999, days: 400, utilisation: 3, depth: -1 }, RANGE);
    expect(parts).toEqual({ cost: 0, speed: 0, utilisation: 0, depth: 0 });
    const better = partsOf({ cost: 1, days: -3, utilisation: -1, depth: 7 }, RANGE);
    expect(better).toEqual({ cost: 100, speed: 100, utilisation: 100, depth: 100 });
  });

  test("cost is told between the cheapest and the dearest single shipment; where all cost the same, more is nothing", () => {
    expect(partsOf({ ...BEST, cost: 700 }, RANGE).cost).toBe(50);
    expect(partsOf({ ...BEST, cost: 501 }, { least: 500, most: 500 }).cost).toBe(0);
  });

  test("weights sum to 1, and the order's own weight moves cost against speed alone", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (costWeight) => {
        const weights = weightsOf(costWeight);
        const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
        expect(sum).toBeCloseTo(1, 12);
        expect(weights).toMatchObject({ utilisation: 0.1, depth: 0.1 });
      }),
    );
    expect(weightsOf(1).speed).toBe(0);
    expect(weightsOf(0).cost).toBe(0);
  });
});
