import fc from "fast-check";
import { expect, test } from "vitest";
import { decideRebalance, marksOf } from "./pools.ts";

const pools = fc.array(fc.nat(500), { minLength: 1, maxLength: 64 });

function after(free: readonly number[]): number[] {
  const end = [...free];
  for (const { from, to, count } of decideRebalance(free)) {
    end[from] = (end[from] ?? 0) - count;
    end[to] = (end[to] ?? 0) + count;
  }
  return end;
}

test("after the moves no two pools differ by more than one unit, and none was made or lost", () => {
  fc.assert(
    fc.property(pools, (free) => {
      const end = after(free);
      expect(Math.max(...end) - Math.min(...end)).toBeLessThanOrEqual(1);
      expect(end.reduce((a, b) => a + b)).toBe(free.reduce((a, b) => a + b));
    }),
  );
});

test("a pool gives or gets, never both, and what is even stays as it is", () => {
  fc.assert(
    fc.property(pools, (free) => {
      const moves = decideRebalance(free);
      const givers = new Set(moves.map(({ from }) => from));
      for (const { to, count } of moves) {
        expect(givers.has(to)).toBe(false);
        expect(count).toBeGreaterThan(0);
      }
      expect(decideRebalance(after(free))).toEqual([]);
    }),
  );
});

test("a moved unit leaves the one record and comes to the other", () => {
  const change = { sale: {} as never, moved: [{ unit: 9, from: 1, to: 0 }], added: [], withdrawn: [] };
  expect([...marksOf(change)]).toEqual([
    [1, [{ unit: 9, seen: "", becomes: "-" }]],
    [0, [{ unit: 9, seen: "-", becomes: "" }]],
  ]);
});
