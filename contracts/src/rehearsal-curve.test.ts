import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BEHAVIOURS, courseFrom, SALE_BEHAVIOURS } from "./rehearsal-behaviour.ts";
import { allHaveCome, comeAfter, delaysOf, predictCurve, type RehearsalShape } from "./rehearsal-curve.ts";

const SECONDS_MAX = 900;
const POINTS_MAX = 10_000;
const NEARLY = 1e-6;

const shapes: fc.Arbitrary<RehearsalShape> = fc
  .record({
    kind: fc.constantFrom("lottery" as const, "rush" as const),
    shoppers: fc.integer({ min: 1, max: 5_000 }),
    perSecond: fc.integer({ min: 5, max: 250 }),
    later: fc.integer({ min: 0, max: 10 }),
    quantity: fc.integer({ min: 1, max: 3_000 }),
    ratePerSecond: fc.double({ min: 0.5, max: 200, noNaN: true }),
    burst: fc.integer({ min: 1, max: 300 }),
    claimWindowSeconds: fc.integer({ min: 1, max: 60 }),
    purchaseWindowSeconds: fc.integer({ min: 1, max: 120 }),
    behaviour: fc.constantFrom(...SALE_BEHAVIOURS),
    speed: fc.double({ min: 1, max: 20, noNaN: true }),
  })
  .map(({ later, ...shape }) => ({ ...shape, opensSecond: Math.ceil(allHaveCome(shape)) + later }));

const SETTINGS = { numRuns: 25 };

describe("the predicted curve", () => {
  test("only rises, and no more is claimed than offered, bought than claimed, sold than there is", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { points } = predictCurve(shape, SECONDS_MAX, POINTS_MAX);
        for (const [i, point] of points.entries()) {
          const before = points[i - 1] ?? { joined: 0, offered: 0, claimed: 0, confirmed: 0 };
          const rises = (["joined", "offered", "claimed", "confirmed"] as const).every(
            (what) => point[what] >= before[what] - NEARLY,
          );
          const { joined, offered, claimed, confirmed, sold } = point;
          const isWithin =
            joined <= shape.shoppers + NEARLY &&
            claimed <= offered + NEARLY &&
            confirmed <= claimed + NEARLY &&
            sold <= Math.min(shape.quantity, shape.shoppers) + NEARLY;
          // Asked once for each point: thousands of expectations take longer than the curve.
          if (!rises || !isWithin) expect([before, point]).toBe("a course that can be");
        }
      }),
      SETTINGS,
    );
  });

  test("offers nothing before it opens, and never faster than the rate and the burst allow", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        for (const { second, offered } of predictCurve(shape, SECONDS_MAX, POINTS_MAX).points) {
          const open = Math.max(0, second - shape.opensSecond + 0.1);
          expect(offered).toBeLessThanOrEqual(
            open === 0 ? 0 : shape.burst + shape.ratePerSecond * (open + 0.1) + NEARLY,
          );
        }
      }),
      SETTINGS,
    );
  });

  test("an eager crowd buys all that there is, or as much as it is", () => {
    fc.assert(
      fc.property(shapes, (some) => {
        const shape: RehearsalShape = { ...some, behaviour: "eager", ratePerSecond: 50 };
        const last = predictCurve(shape, 3 * SECONDS_MAX, POINTS_MAX).points.at(-1);
        expect(last?.sold).toBeCloseTo(Math.min(shape.quantity, shape.shoppers), 4);
      }),
      SETTINGS,
    );
  });

  test("more units never sell fewer, whoever comes", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 500 }), (shape, more) => {
        const sold = (quantity: number) =>
          predictCurve({ ...shape, quantity }, SECONDS_MAX, POINTS_MAX).points.at(-1)?.sold ?? 0;
        expect(sold(shape.quantity + more)).toBeGreaterThanOrEqual(sold(shape.quantity) - 0.01);
      }),
      SETTINGS,
    );
  });

  test("has no more points than wished, and ends with the last", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 10, max: 100 }), (shape, most) => {
        const { stepSeconds, points } = predictCurve(shape, SECONDS_MAX, most);
        const whole = predictCurve(shape, SECONDS_MAX, POINTS_MAX).points;
        expect(points.length).toBeLessThanOrEqual(most + 1);
        expect(points.at(-1)).toEqual(whole.at(-1));
        expect(points[1]?.second ?? stepSeconds).toBeLessThanOrEqual(stepSeconds);
      }),
      SETTINGS,
    );
  });
});

test("a rush sells by the second what its burst and rate allow, and what is kept unpaid goes to who still tries", () => {
  const shape: RehearsalShape = {
    kind: "rush",
    shoppers: 100,
    perSecond: 1_000,
    opensSecond: 1,
    quantity: 40,
    ratePerSecond: 5,
    burst: 10,
    claimWindowSeconds: 10,
    purchaseWindowSeconds: 20,
    behaviour: "hesitant",
    speed: 1,
  };
  const { points } = predictCurve(shape, SECONDS_MAX, POINTS_MAX);
  expect(points[1]?.offered).toBeCloseTo(10, 4);
  expect(points[3]?.offered).toBeCloseTo(20, 4);
  // A fifth keeps a unit until its time is up; each of those is got by somebody else.
  expect(points.at(-1)?.sold).toBeCloseTo(40, 1);
  expect(points.at(-1)?.offered).toBeGreaterThan(45);
});

test("a crowd has come when it has: neither sooner nor with a shopper missing", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const seconds = allHaveCome(shape);
      expect(comeAfter(seconds, shape)).toBeCloseTo(shape.shoppers, 4);
      expect(comeAfter(seconds * 0.9, shape)).toBeLessThan(shape.shoppers);
    }),
  );
});

test("the kinds of shoppers come in the shares that the prediction goes by", () => {
  for (const behaviour of Object.values(BEHAVIOURS)) {
    const counts = new Map<string, number>();
    for (let i = 0; i < 1_000; i++) {
      const course = courseFrom(behaviour, (i + 0.5) / 1_000);
      counts.set(course, (counts.get(course) ?? 0) + 1);
    }
    for (const { course, share } of behaviour.kinds) expect(counts.get(course)).toBe(share * 10);
  }
});

test("nobody who means to claim or pay takes longer than the window", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { decide, pay } = delaysOf(shape);
      expect(decide.most).toBeLessThan(shape.claimWindowSeconds);
      expect(pay.most).toBeLessThan(shape.purchaseWindowSeconds);
      expect(decide.least).toBeLessThanOrEqual(decide.most);
    }),
  );
});
