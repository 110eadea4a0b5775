import { describe, expect, test } from "vitest";
import { type Estimate, estimateWait } from "./estimate.ts";

const MINUTE = 60_000;

describe("an estimate", () => {
  test("is a range in whole minutes", () => {
    expect(estimateWait(null, 3_400, 8, 0)).toMatchObject({
      unit: "minute",
      low: 6,
      high: 9,
      hasGrown: false,
    });
  });

  test("is in hours when minutes would be a pretence", () => {
    expect(estimateWait(null, 36_000, 4, 0)).toMatchObject({ unit: "hour", low: 2, high: 3 });
  });

  test("is nothing when the line does not move", () => {
    expect(estimateWait(null, 100, 0, 0)).toBeNull();
  });

  test("does not go up when the rate wavers", () => {
    const first = estimateWait(null, 3_400, 8, 0);
    const wavering = estimateWait(first, 3_380, 7.4, 2_000);
    expect(wavering).toMatchObject({ low: 6, high: 9, hasGrown: false });
  });

  test("says that it has grown when the line has really become slower", () => {
    const first = estimateWait(null, 3_400, 8, 0);
    const slower = estimateWait(first, 3_300, 3, 10_000);
    expect(slower).toMatchObject({ hasGrown: true });
    expect(slower?.high).toBeGreaterThan(first?.high ?? 0);
  });

  test("comes down by itself as a steady line moves", () => {
    let estimate: Estimate | null = null;
    let before = Number.POSITIVE_INFINITY;
    for (let second = 0; second < 400; second += 5) {
      estimate = estimateWait(estimate, 3_400 - second * 8, 8, second * 1_000);
      expect(estimate?.high).toBeLessThanOrEqual(before);
      expect(estimate?.hasGrown).toBe(false);
      before = estimate?.high ?? 0;
    }
    expect(before).toBeLessThanOrEqual(1);
  });

  test("keeps its promise: what is shown never ends later than what was said before", () => {
    const first = estimateWait(null, 960, 1, 0);
    const later = estimateWait(first, 660, 1, 5 * MINUTE);
    expect(later?.latestAt).toBeLessThanOrEqual(first?.latestAt ?? 0);
  });
});
