// The obvious choice: locations by score, each line to the first that has it. It is where the exact search begins,
// a runner-up to show, and what the exact choice is measured against.
import type { Part, Problem } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import { inOrder } from "./in-order.ts";
import type { Demand } from "./model.ts";
import { type CostRange, depthLeft, partsOf, scoreOf, type Totals } from "./score.ts";

/** A location as if it shipped everything; the depth is of what it has. */
function totalsAt(
  { available, tariff, delivery, location }: Candidate,
  demands: readonly Demand[],
  units: number,
): Totals {
  let depth = 0;
  for (let i = 0; i < demands.length; i += 1) depth += depthLeft(available[i]!, demands[i]!.quantity);
  return {
    cost: tariff.base + tariff.perBilledUnit * units,
    days: delivery.days,
    utilisation: location.currentUtilization ?? 0,
    depth: depth / demands.length,
  };
}

/**
 * @param units billed units of what is shipped
 * @returns sites, the best score first, equal ones by id
 */
export function rankByScore(
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  { units, range, costWeight }: { units: number; range: CostRange; costWeight: number },
): readonly number[] {
  const scores = candidates.map((candidate) =>
    scoreOf(partsOf(totalsAt(candidate, demands, units), range), costWeight),
  );
  return inOrder([...scores.keys()], (a, b) => scores[b]! - scores[a]! || a - b);
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
