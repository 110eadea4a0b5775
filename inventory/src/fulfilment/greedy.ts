// The obvious choice: locations by score, each line to the first that has it. It is where the exact search begins,
// a runner-up to show, and what the exact choice is measured against.
import type { Part, Problem } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import type { Demand } from "./model.ts";
import { type CostRange, costRange, depthLeft, partsOf, scoreOf, type Totals } from "./score.ts";

/** A location as if it shipped everything; the depth is of what it has. */
function totalsAt(
  { available, tariff, delivery, location }: Candidate,
  demands: readonly Demand[],
  units: number,
): Totals {
  const depths = demands.map(({ quantity }, i) => depthLeft(available[i] ?? 0, quantity));
  return {
    cost: tariff.base + tariff.perBilledUnit * units,
    days: delivery.days,
    utilisation: location.currentUtilization ?? 0,
    depth: depths.reduce((sum, depth) => sum + depth, 0) / depths.length,
  };
}

/** Sites, the best score first, equal ones by id. */
export function rankByScore(
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  units: number,
  costWeight: number,
): number[] {
  const range: CostRange = costRange(candidates, units);
  const scores = candidates.map((candidate) =>
    scoreOf(partsOf(totalsAt(candidate, demands, units), range), costWeight),
  );
  return scores.map((_, j) => j).toSorted((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Each line whole at the first that has it; what none has, piece by piece in the same order. */
export function greedyParts({ wholes, splits }: Problem, ranked: readonly number[]): Part[] {
  const parts: Part[] = wholes.flatMap(({ demand, prices }) => {
    const site = ranked.find((j) => prices[j]! < Number.POSITIVE_INFINITY);
    return site === undefined ? [] : [{ demand, site, quantity: null }];
  });
  for (const { demand, quantity, stock } of splits) {
    let left = quantity;
    for (const site of ranked) {
      const taken = Math.min(left, stock[site]!);
      if (taken > 0) parts.push({ demand, site, quantity: taken });
      left -= taken;
    }
  }
  return parts;
}
