// What a given set of open locations comes to: each line takes the cheapest of them. The search asks this of
// thousands of sets and wants a number; of a few it wants to know who ships what.
import type { Part, Problem, Split } from "./assignment.ts";

export interface Use {
  value: number;
  parts: Part[];
}

const CLOSED = 0;
const OPEN = 1;
const USED = 2;

function cheapest(prices: readonly number[], open: readonly number[]): number {
  let best = -1;
  for (const j of open) {
    if (best === -1 || prices[j]! < prices[best]! || (prices[j] === prices[best] && j < best)) best = j;
  }
  return best;
}

/** Takes the pieces of a split line from open sites, cheapest first; what they cost, infinite when there are too few. */
function fill(
  { demand, quantity, stock, prices, sites }: Split,
  states: Uint8Array,
  parts: Part[] | null,
): number {
  let left = quantity;
  let value = 0;
  for (const site of sites) {
    if (states[site] === CLOSED) continue;
    const taken = Math.min(left, stock[site]!);
    states[site] = USED;
    value += taken * prices[site]!;
    parts?.push({ demand, site, quantity: taken });
    left -= taken;
    if (left === 0) return value;
  }
  return Number.POSITIVE_INFINITY;
}

/** The best use of open sites; one that is not used is not paid for. Infinite when they can't ship all. */
function priceOf({ fixed, wholes, splits }: Problem, open: readonly number[], parts: Part[] | null): number {
  const states = new Uint8Array(fixed.length);
  for (const j of open) states[j] = OPEN;
  let value = 0;
  for (const { demand, prices } of wholes) {
    const site = cheapest(prices, open);
    if (site === -1 || prices[site] === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    value += prices[site]!;
    states[site] = USED;
    parts?.push({ demand, site, quantity: null });
  }
  for (const split of splits) {
    value += fill(split, states, parts);
    if (value === Number.POSITIVE_INFINITY) return value;
  }
  for (const j of open) {
    if (states[j] !== USED) continue;
    value += fixed[j]!;
    states[j] = OPEN;
  }
  return value;
}

export function valueOf(problem: Problem, open: readonly number[]): number {
  return priceOf(problem, open, null);
}

export function useOf(problem: Problem, open: readonly number[]): Use | null {
  const parts: Part[] = [];
  const value = priceOf(problem, open, parts);
  return value === Number.POSITIVE_INFINITY ? null : { value, parts };
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
