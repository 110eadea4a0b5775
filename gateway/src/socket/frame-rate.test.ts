// The token bucket by its own clock.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeFrame } from "./frame-rate.ts";

/** How many frames of those that come at these times pass. */
function passing(times: number[], rate: { perSecond: number; burst: number }): number {
  let fullAtMs = 0;
  let passed = 0;
  for (const now of times) {
    const next = takeFrame(fullAtMs, now, rate);
    if (next === undefined) continue;
    fullAtMs = next;
    passed++;
  }
  return passed;
}

describe("a socket's frame rate", () => {
  it("lets a burst pass and not one frame more", () => {
    expect(passing(Array(50).fill(1_000), { perSecond: 5, burst: 20 })).toBe(20);
  });

  it("lets its rate pass for ever", () => {
    const times = Array.from({ length: 1_000 }, (_, i) => 1_000 + i * 200);
    expect(passing(times, { perSecond: 5, burst: 1 })).toBe(1_000);
  });

  it("never lets more pass than the burst and the rate over the time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 30 }),
        (gaps, perSecond, burst) => {
          let now = 0;
          const times = gaps.map((gap) => (now += gap));
          const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
          expect(passing(times, { perSecond, burst })).toBeLessThanOrEqual(
            burst + perSecond * seconds + 1e-6,
          );
        },
      ),
    );
  });
});
