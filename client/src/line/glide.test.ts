import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { glidePosition } from "./glide.ts";

const seen = { serving: 100, waiting: 5_000, ratePerSecond: 10, at: 0 };

describe("a position between two frames", () => {
  test("glides by the rate", () => {
    expect(glidePosition(5_100, seen, 0, null)).toBe(5_000);
    expect(glidePosition(5_100, seen, 1_000, 5_000)).toBe(4_990);
  });

  test("goes no further than until the next frame is due", () => {
    expect(glidePosition(5_100, seen, 3_600_000, 5_000)).toBe(4_990);
    expect(glidePosition(300, seen, 3_600_000, 200)).toBe(198);
  });

  test("is never the next one before a frame has said so", () => {
    expect(glidePosition(103, { ...seen, ratePerSecond: 1_000 }, 60_000, 3)).toBe(2);
    expect(glidePosition(101, seen, 60_000, 2)).toBe(1);
  });

  test("stands still while the server's time is not known or the line does not move", () => {
    expect(glidePosition(5_100, seen, null, null)).toBe(5_000);
    expect(glidePosition(5_100, { ...seen, ratePerSecond: 0 }, 9_000, null)).toBe(5_000);
  });

  test("is 0 for a number that was passed by, until the line says otherwise", () => {
    expect(glidePosition(90, seen, 5_000, null)).toBe(0);
  });

  test("never grows, whatever frames come", () => {
    const frame = fc.record({
      step: fc.nat(50),
      ratePerSecond: fc.double({ min: 0, max: 200, noNaN: true }),
      pause: fc.nat(20_000),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        let serving = 0;
        let now = 0;
        let shown: number | null = null;
        for (const { step, ratePerSecond, pause } of frames) {
          serving += step;
          const at = now;
          for (now += 1; now < at + pause; now += 2_500) {
            const next: number = glidePosition(900, { serving, waiting: 1, ratePerSecond, at }, now, shown);
            if (shown !== null && shown > 0) expect(next).toBeLessThanOrEqual(shown);
            shown = next;
          }
        }
      }),
    );
  });
});
