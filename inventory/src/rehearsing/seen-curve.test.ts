import fc from "fast-check";
import { expect, test } from "vitest";
import { isRehearsalPass, rehearsalPass, saleOfPass } from "./pass.ts";
import { seenCurve } from "./seen-curve.ts";

const second = fc.record({
  joined: fc.nat(9),
  offered: fc.nat(9),
  claimed: fc.nat(9),
  confirmed: fc.nat(9),
  cancelled: fc.nat(2),
});

test("what was seen is added up, to the end of the run, in no more points than wished", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.integer({ min: 0, max: 500 }).map(String), second),
      fc.nat(700),
      fc.integer({ min: 5, max: 200 }),
      (bySecond, lasted, pointsMax) => {
        const seconds = Object.entries(bySecond)
          .map(([at, what]) => ({ second: Number(at), ...what }))
          .toSorted((one, other) => one.second - other.second);
        const { points } = seenCurve(seconds, lasted, pointsMax);
        const sum = (what: "joined" | "confirmed" | "cancelled"): number =>
          seconds.reduce((all, each) => all + each[what], 0);
        expect(points.at(-1)).toMatchObject({
          second: Math.max(lasted, seconds.at(-1)?.second ?? 0),
          joined: sum("joined"),
          sold: sum("confirmed") - sum("cancelled"),
        });
        expect(points.length).toBeLessThanOrEqual(pointsMax + 1);
        for (const [i, point] of points.entries()) {
          const before = points[i - 1];
          if (before === undefined) continue;
          expect(point.second).toBeGreaterThan(before.second);
          expect(point.joined).toBeGreaterThanOrEqual(before.joined);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("a pass is good for its own rehearsal, and for no real sale though it had the same key", () => {
  const sale = { id: "rehearsal_a.b", rehearsal: true, idKey: new Uint8Array(32).fill(7) };
  const pass = rehearsalPass("rehearsal_a", sale.idKey);
  const own = { ...sale, id: "rehearsal_a" };
  expect(saleOfPass(pass)).toBe("rehearsal_a");
  expect(isRehearsalPass(pass, own)).toBe(true);
  expect(isRehearsalPass(pass, { ...own, rehearsal: false })).toBe(false);
  expect(isRehearsalPass(pass, { ...own, id: "rehearsal_b" })).toBe(false);
  expect(isRehearsalPass(pass, { ...own, idKey: new Uint8Array(32) })).toBe(false);
  expect(isRehearsalPass(pass.slice(0, -1), own)).toBe(false);
  expect(isRehearsalPass("", own)).toBe(false);
});
