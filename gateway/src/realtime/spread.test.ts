import { RECONNECT_SPREAD_MS_MAX, SPREAD_MS_MAX } from "@dropgate/contracts/limits";
import fc from "fast-check";
import { expect, it } from "vitest";
import { reconnectAfterMs, spreadMs } from "./spread.ts";

it("a small crowd is told at once, a large one over at most five seconds, a larger one never faster", () => {
  expect([0, 1, 500].map(spreadMs)).toEqual([0, 0, 0]);
  expect(spreadMs(1_000_000)).toBe(SPREAD_MS_MAX);
  fc.assert(
    fc.property(fc.nat(2_000_000), fc.nat(2_000_000), (one, other) => {
      expect(spreadMs(Math.min(one, other))).toBeLessThanOrEqual(spreadMs(Math.max(one, other)));
    }),
  );
});

it("ten thousand who are sent away come back over seconds, and nobody is asked to stay away for long", () => {
  expect(reconnectAfterMs(10_000, 1) - reconnectAfterMs(10_000, 0)).toBe(2_500);
  fc.assert(
    fc.property(fc.nat(5_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (crowd, random) => {
      const afterMs = reconnectAfterMs(crowd, random);
      expect(afterMs).toBeGreaterThanOrEqual(100);
      expect(afterMs).toBeLessThanOrEqual(100 + RECONNECT_SPREAD_MS_MAX);
    }),
  );
});
