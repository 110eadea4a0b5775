// A good set of sites found quickly: from a start, the best of closing one, opening one or exchanging two, until
// nothing helps. The closer the first answer is to the best one, the more branches end where they begin.
import type { Problem } from "./assignment.ts";
import { valueOf } from "./use.ts";

export interface Addition {
  site: number;
  value: number;
}

/** Each step is better than the one before; from any start a few suffice. */
const STEPS_MAX = 20;

/** With split lines each set is filled anew; exchanges are looked at while there are no more lines to fill than this. */
const FILLED_LINES_MAX = 40_000;

/**
 * The site that helps a set of sites most, and what they come to together. Without split lines it is enough to know
 * each line's lowest price so far, and all sites are paid for, though one may not be needed any more.
 */
export function bestAddition(
  problem: Problem,
  open: readonly number[],
  others: readonly number[],
): Addition | null {
  const { fixed, wholes, splits } = problem;
  const least: Addition = { site: -1, value: Number.POSITIVE_INFINITY };
  const lows = wholes.map(({ prices }) => open.reduce((low, j) => Math.min(low, prices[j]!), Infinity));
  const paid = open.reduce((sum, j) => sum + fixed[j]!, 0);
  for (const site of others) {
    let value = paid + fixed[site]!;
    if (splits.length > 0) value = valueOf(problem, [...open, site]);
    else for (let i = 0; i < lows.length; i += 1) value += Math.min(lows[i]!, wholes[i]!.prices[site]!);
    if (value < least.value) Object.assign(least, { site, value });
  }
  return least.site === -1 ? null : least;
}

/** The best set that is one change away. */
function bestChange(
  problem: Problem,
  open: readonly number[],
  free: readonly number[],
): { set: number[]; value: number } {
  const others = free.filter((j) => !open.includes(j));
  const without = open.map((j) => open.filter((k) => k !== j));
  let best = { set: [...open], value: Number.POSITIVE_INFINITY };
  for (const set of without) {
    const value = valueOf(problem, set);
    if (value < best.value) best = { set, value };
  }
  const mayExchange = problem.splits.length * open.length * others.length <= FILLED_LINES_MAX;
  for (const rest of mayExchange ? [open, ...without] : [open]) {
    const addition = bestAddition(problem, rest, others);
    if (addition === null || addition.value >= best.value) continue;
    best = { set: [...rest, addition.site], value: addition.value };
  }
  return best;
}

/** @param free the sites that may be used */
export function improve(problem: Problem, start: readonly number[], free: readonly number[]): number[] {
  let open = [...start];
  let value = valueOf(problem, open);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const change = bestChange(problem, open, free);
    if (change.value >= value) return open;
    open = change.set;
    value = change.value;
  }
  return open;
}
