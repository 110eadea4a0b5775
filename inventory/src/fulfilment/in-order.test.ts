import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder } from "./in-order.ts";

const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;

test("is a stable sort, that leaves the array as it is", () => {
  const items = fc.array(fc.record({ key: fc.nat(5), name: fc.string() }));
  fc.assert(
    fc.property(items, (items) => {
      const before = [...items];
      expect(inOrder(items, byKey)).toEqual(items.toSorted(byKey));
      expect(items).toEqual(before);
    }),
  );
});

test("what is in order is not copied", () => {
  const items = [{ key: 1 }, { key: 1 }, { key: 2 }];
  expect(inOrder(items, byKey)).toBe(items);
});
