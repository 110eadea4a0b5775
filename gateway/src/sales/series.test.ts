import { SERIES_STEPS } from "@dropgate/contracts/sale-metrics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sample, Series } from "./series.ts";

const sample = (second: number, change: Partial<Sample> = {}): Sample => ({
  atMs: second * 1_000,
  waiting: 0,
  serving: 0,
  ratePerSecond: 1,
  free: 0,
  held: 0,
  sold: 0,
  returned: 0,
  visitors: 0,
  joined: 0,
  offered: 0,
  claimed: 0,
  confirmed: 0,
  expired: 0,
  ...change,
});

test("each ring keeps its steps, newest last, and no more than its points", () => {
  const series = new Series();
  for (let second = 0; second < 90_000; second++)
    series.add(sample(second, { serving: second * 2, sold: second }));
  const counts = SERIES_STEPS.map((step) => series.points(step).length);
  expect(counts).toEqual([600, 1_080, 1_440]);
  for (const step of SERIES_STEPS) {
    const points = series.points(step);
    expect(points.at(-1)?.atMs).toBeGreaterThan((90_000 - 1 - step) * 1_000);
    const steps = new Set(points.slice(1).map((point, i) => point.atMs - (points[i]?.atMs ?? 0)));
    expect(steps).toEqual(new Set([step * 1_000]));
    const rates = new Set(points.map((point) => `${point.servedPerSecond} ${point.soldPerSecond}`));
    expect(rates).toEqual(new Set(["2 1"]));
  }
});

test("samples that come early or late leave no step out of order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 300 }), (gaps) => {
      const series = new Series();
      let at = 0;
      for (const gap of gaps) series.add(sample((at += gap / 1_000)));
      for (const step of SERIES_STEPS) {
        const points = series.points(step);
        for (const [i, point] of points.entries()) {
          const before = points[i - 1];
          if (before) expect(point.atMs - before.atMs).toBeGreaterThanOrEqual(step * 1_000);
        }
      }
    }),
  );
});
