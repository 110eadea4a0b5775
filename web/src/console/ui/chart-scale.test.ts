import fc from "fast-check";
import { expect, test } from "vitest";
import { evenScale, valueScale } from "./chart-scale.ts";

test("an even course has an even scale, with round marks from 0", () => {
  expect(valueScale([[3, 7, 9]]).marks).toEqual([0, 5, 10]);
  expect(valueScale([[0.4, 0.2, 0.3]]).marks).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(valueScale([[1, 2, null]], false, true).marks).toEqual([0, 1, 2]);
  expect(valueScale([[]], false, true).marks).toEqual([0, 1]);
});

test("after a burst of joins the offers of five a second still stand well above the ground", () => {
  const joins = [300, 180, ...Array.from({ length: 50 }, () => 0)];
  const offers = [0, 0, ...Array.from({ length: 50 }, () => 5)];
  const { isPacked, height, marks, top } = valueScale([joins, offers]);
  expect(isPacked).toBe(true);
  expect([top, height(300)]).toEqual([300, 1]);
  expect(height(5)).toBeGreaterThan(0.25);
  expect(marks[0]).toBe(0);
  expect(marks.length).toBeGreaterThanOrEqual(4);
});

test("a curve that never comes near the others is seen as well: 40 sold beside 5,000 who wait", () => {
  const waiting = Array.from({ length: 30 }, () => 5_000);
  expect(valueScale([waiting, waiting.map((_value, i) => i)], false, true).isPacked).toBe(true);
  expect(valueScale([waiting, waiting.map(() => 900)], false, true).isPacked).toBe(false);
});

test("it does not jump to and fro: what was packed stays so until it is clearly even again", () => {
  const near = [[9 * 4, ...Array.from({ length: 9 }, () => 4)]];
  expect(valueScale(near, false).isPacked).toBe(false);
  expect(valueScale(near, true).isPacked).toBe(true);
});

test("whatever the values, all of them stand within the height, higher ones higher, and marks are apart", () => {
  const values = fc.array(fc.option(fc.double({ min: 0, max: 2e6, noNaN: true })), { maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.boolean(),
      (curves, ...how) => {
        const { marks, height, top } = valueScale(curves, ...how);
        for (const value of curves.flat()) {
          if (value === null) continue;
          expect(height(value)).toBeGreaterThanOrEqual(0);
          expect(height(value)).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(marks.at(-1)).toBeCloseTo(top);
        expect(marks.length).toBeLessThanOrEqual(7);
        for (let i = 1; i < marks.length; i++) {
          expect(height(marks[i] ?? 0) - height(marks[i - 1] ?? 0)).toBeGreaterThan(0.1);
        }
      },
    ),
  );
});

test("charts that are compared stand on one even scale, whatever peaks one of them has", () => {
  const { isPacked, top, height } = evenScale(100, true);
  expect([isPacked, top, height(50)]).toEqual([false, 100, 0.5]);
});
