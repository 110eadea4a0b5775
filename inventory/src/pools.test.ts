import fc from "fast-check";
import { expect, test } from "vitest";
import { demandOf, demandOfNeighbours, ownPool } from "./pools.ts";

const ids = fc.array(fc.string({ minLength: 1, maxLength: 31 }), { maxLength: 60 });

test("every winner asks for one unit, of a pool there is", () => {
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 16 }), (entryIds, pools) => {
      const demand = demandOf(entryIds, pools);
      expect(demand).toHaveLength(pools);
      expect(demand.reduce((a, b) => a + b, 0)).toBe(entryIds.length);
      for (const id of entryIds) expect(demand[ownPool(id, pools)]).toBeGreaterThan(0);
    }),
  );
});

test("what is missing is asked of neighbours, never more than they have and never more than is missing", () => {
  const count = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 12 }), (pools) => {
      const missing = pools.map(([m]) => m);
      // A pool that missed something is empty.
      const free = pools.map(([m, f]) => (m > 0 ? 0 : f));
      const demand = demandOfNeighbours(missing, free);
      const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
      demand.forEach((asked, i) => expect(asked).toBeLessThanOrEqual(free[i] ?? 0));
      expect(sum(demand)).toBe(Math.min(sum(missing), sum(free)));
    }),
  );
});
