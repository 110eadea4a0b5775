import fc from "fast-check";
import { expect, test } from "vitest";
import { ownPool } from "../pools.ts";
import { areAllEmpty, planPools } from "./pool-plan.ts";

const keys = fc.array(fc.string({ minLength: 1, maxLength: 22 }), { maxLength: 40 });
const counts = fc.array(fc.option(fc.nat(12), { nil: null }), { minLength: 1, maxLength: 16 });

test("no pool is sent more tries than it is known to have, and none that is empty any", () => {
  fc.assert(
    fc.property(keys, counts, (shoppers, pools) => {
      const plan = planPools(shoppers, pools);
      for (const [pool, count] of pools.entries()) {
        const sent = plan.filter((planned) => planned === pool).length;
        if (count !== null) expect(sent).toBeLessThanOrEqual(count);
      }
    }),
  );
});

test("a try is refused only when every pool is used up, and goes to its own while that has units", () => {
  fc.assert(
    fc.property(keys, counts, (shoppers, pools) => {
      const plan = planPools(shoppers, pools);
      const known = pools.reduce<number>((sum, count) => sum + (count ?? Number.POSITIVE_INFINITY), 0);
      expect(plan.filter((pool) => pool !== null)).toHaveLength(Math.min(shoppers.length, known));
      const first = shoppers[0];
      const own = first === undefined ? 0 : ownPool(first, pools.length);
      if (first !== undefined && pools[own] !== 0) expect(plan[0]).toBe(own);
    }),
  );
});

test("one pool of many that is not empty takes everybody", () => {
  const pools = Array.from({ length: 64 }, (_, pool) => (pool === 17 ? null : 0));
  const shoppers = Array.from({ length: 100 }, (_, n) => `shopper ${n}`);
  expect(new Set(planPools(shoppers, pools))).toEqual(new Set([17]));
  expect(areAllEmpty(pools)).toBe(false);
  expect(areAllEmpty(pools.map(() => 0))).toBe(true);
  expect(planPools(["a"], [0, 0])).toEqual([null]);
});
