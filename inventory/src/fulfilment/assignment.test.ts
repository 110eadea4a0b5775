// The exact choice against an oracle: the same problem as a mixed-integer programme, solved by HiGHS.
import fc from "fast-check";
import loadHighs from "highs";
import { expect, test } from "vitest";
import { assign, type Problem, splitOf } from "./assignment.ts";
import { useOf, valueOfParts } from "./use.ts";

const highs = await loadHighs();

/** y: a site is used. x: a whole line goes there. z: pieces of a split line that go there. */
function programme({ fixed, wholes, splits }: Problem): string {
  const cost = fixed.map((price, j) => `${price} y${j}`);
  const rules: string[] = [];
  const integers: string[] = [];
  const binaries = fixed.map((_, j) => `y${j}`);
  wholes.forEach(({ prices }, i) => {
    const able = prices.flatMap((price, j) => (price < Number.POSITIVE_INFINITY ? [j] : []));
    cost.push(...able.map((j) => `${prices[j]} x${i}_${j}`));
    rules.push(`${able.map((j) => `x${i}_${j}`).join(" + ")} = 1`);
    rules.push(...able.map((j) => `x${i}_${j} - y${j} <= 0`));
    binaries.push(...able.map((j) => `x${i}_${j}`));
  });
  splits.forEach(({ quantity, stock, prices }, i) => {
    cost.push(...stock.map((_, j) => `${prices[j]} z${i}_${j}`));
    rules.push(`${stock.map((_, j) => `z${i}_${j}`).join(" + ")} = ${quantity}`);
    rules.push(...stock.map((s, j) => `z${i}_${j} - ${s} y${j} <= 0`));
    integers.push(...stock.map((_, j) => `z${i}_${j}`));
  });
  const named = rules.map((rule, r) => ` r${r}: ${rule}`).join("\n");
  const general = integers.length === 0 ? "" : `General\n ${integers.join(" ")}\n`;
  return `Minimize\n cost: ${cost.join(" + ")}\nSubject To\n${named}\n${general}Binary\n ${binaries.join(" ")}\nEnd\n`;
}

function optimum(problem: Problem): number | null {
  const solution = highs.solve(programme(problem), { mip_rel_gap: 0, mip_abs_gap: 0 });
  if (solution.Status === "Infeasible") return null;
  expect(solution.Status).toBe("Optimal");
  return Math.round(solution.ObjectiveValue);
}

interface Size {
  sites: number;
  lines: number;
  splits: number;
  /** Few different prices make many plans equal. */
  priceMax: number;
}

function problems({ sites, lines, splits, priceMax }: Size): fc.Arbitrary<Problem> {
  const bySite = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: sites, maxLength: sites });
  const price = fc.integer({ min: 0, max: priceMax });
  const whole = bySite(fc.option(price, { nil: Number.POSITIVE_INFINITY, freq: 2 })).filter((prices) =>
    prices.some((p) => p < Number.POSITIVE_INFINITY),
  );
  const split = fc
    .tuple(
      bySite(fc.integer({ min: 0, max: 6 })),
      bySite(price),
      fc.double({ min: 0.3, max: 1.1, noNaN: true }),
    )
    .map(([stock, prices, part]) => {
      const all = stock.reduce((sum, s) => sum + s, 0);
      return { stock, prices, quantity: Math.max(1, Math.ceil(all * part)) };
    });
  return fc
    .tuple(
      bySite(fc.integer({ min: 1, max: priceMax * 3 })),
      fc.array(whole, { minLength: splits === 0 ? 1 : 0, maxLength: lines }),
      fc.array(split, { minLength: splits === 0 ? 0 : 1, maxLength: splits }),
    )
    .map(([fixed, wholes, pieces]) => ({
      fixed,
      wholes: wholes.map((prices, demand) => ({ demand, prices })),
      splits: pieces.map((piece, i) => splitOf({ ...piece, demand: wholes.length + i })),
    }));
}

function expectOptimum(problem: Problem): void {
  const found = assign(problem);
  expect(found?.value ?? null).toBe(optimum(problem));
  if (found === null) return;
  expect(found.proven).toBe(true);
  expect(valueOfParts(problem, found.parts)).toBe(found.value);
}

function all(size: Size, numRuns: number): void {
  fc.assert(fc.property(problems(size), expectOptimum), { numRuns });
}

test("small problems: the value of the oracle, ties included", () => {
  all({ sites: 6, lines: 5, splits: 0, priceMax: 5 }, 150);
  all({ sites: 8, lines: 6, splits: 0, priceMax: 400 }, 150);
});

test("medium problems: the value of the oracle", () => {
  all({ sites: 25, lines: 12, splits: 0, priceMax: 300 }, 30);
});

test("split lines: the value of the oracle, and none where stock does not suffice", () => {
  all({ sites: 6, lines: 4, splits: 2, priceMax: 5 }, 100);
  all({ sites: 10, lines: 6, splits: 3, priceMax: 100 }, 60);
});

test("an assignment to begin with never makes the answer other than the best", () => {
  fc.assert(
    fc.property(problems({ sites: 8, lines: 6, splits: 1, priceMax: 50 }), (problem) => {
      const known = useOf(
        problem,
        problem.fixed.map((_, j) => j),
      );
      expect(assign(problem, known)?.value).toBe(assign(problem)?.value);
    }),
    { numRuns: 100 },
  );
});
