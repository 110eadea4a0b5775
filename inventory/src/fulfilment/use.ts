// What a given set of open locations comes to: each line takes the cheapest of them. The search asks this of
// thousands of sets and wants a number; of a few it wants to know who ships what.
import type { Part, Problem, Split } from "./assignment.ts";

export interface Use {
  value: number;
  parts: Part[];
}

function cheapest(prices: readonly number[], open: readonly number[]): number {
  let best = -1;
  for (const j of open) if (best === -1 || prices[j]! < prices[best]!) best = j;
  return best;
}

/** The pieces of a split line from open sites, cheapest first; null when they have too few. */
function fill({ demand, quantity, stock, prices }: Split, open: readonly number[]): Part[] | null {
  const parts: Part[] = [];
  let left = quantity;
  for (const site of open.toSorted((a, b) => prices[a]! - prices[b]! || a - b)) {
    const taken = Math.min(left, stock[site]!);
    if (taken > 0) parts.push({ demand, site, quantity: taken });
    left -= taken;
    if (left === 0) return parts;
  }
  return null;
}

/** The best use of open sites; one that is not used is not paid for. Null when they can't ship all. */
export function useOf(problem: Problem, open: readonly number[]): Use | null {
  const parts: Part[] = [];
  let value = 0;
  const used = new Set<number>();
  for (const { demand, prices } of problem.wholes) {
    const site = cheapest(prices, open);
    if (site === -1 || prices[site] === Number.POSITIVE_INFINITY) return null;
    value += prices[site]!;
    used.add(site);
    parts.push({ demand, site, quantity: null });
  }
  for (const split of problem.splits) {
    const pieces = fill(split, open);
    if (pieces === null) return null;
    for (const { site, quantity } of pieces) {
      value += split.prices[site]! * (quantity ?? 0);
      used.add(site);
    }
    parts.push(...pieces);
  }
  for (const site of used) value += problem.fixed[site]!;
  return { value, parts };
}

/** The same value without its parts. */
export function valueOf(problem: Problem, open: readonly number[]): number {
  if (problem.splits.length > 0) return useOf(problem, open)?.value ?? Number.POSITIVE_INFINITY;
  let value = 0;
  const used = new Set<number>();
  for (const { prices } of problem.wholes) {
    const site = cheapest(prices, open);
    if (site === -1) return Number.POSITIVE_INFINITY;
    value += prices[site]!;
    used.add(site);
  }
  for (const site of used) value += problem.fixed[site]!;
  return value;
}

/** What given parts come to, whoever chose them. */
export function valueOfParts({ fixed, wholes, splits }: Problem, parts: readonly Part[]): number {
  const sites = new Set(parts.map(({ site }) => site));
  let value = 0;
  for (const site of sites) value += fixed[site]!;
  for (const { demand, site, quantity } of parts) {
    const whole = wholes.find((line) => line.demand === demand);
    const split = splits.find((line) => line.demand === demand);
    value += whole?.prices[site] ?? split!.prices[site]! * (quantity ?? 0);
  }
  return value;
}
