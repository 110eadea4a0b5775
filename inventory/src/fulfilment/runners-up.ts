// What else was possible: other locations that have everything, the greedy choice, and the chosen plan with one of
// its locations left out or exchanged. A plan that nobody can compare with another one can't be questioned.
import type { Alternative, RunnerUpReason } from "@dropgate/contracts/fulfilment";
import type { Part, Problem } from "./assignment.ts";
import { bestAddition } from "./improve.ts";
import { inOrder } from "./in-order.ts";
import { type Use, useOf } from "./use.ts";
import { type Setting, type Written, writePlan } from "./write-plan.ts";

/** As many as fit a screen beside the plan. */
export const RUNNERS_UP_MAX = 5;

/** The same for whoever ships the same. */
export function keyOf(parts: readonly Part[]): string {
  // Whole lines are always named in one order, pieces of a split one in any.
  if (parts.some(({ quantity }) => quantity !== null)) {
    return parts
      .map(({ demand, site, quantity }) => `${demand}@${site}×${quantity ?? "all"}`)
      .toSorted()
      .join();
  }
  let sites = "";
  for (const { site } of parts) sites += `${site},`;
  return sites;
}

/** For each of its locations, the best there is when it is left out or exchanged for another. */
function exchanges(problem: Problem, chosen: readonly number[]): Use[] {
  const others = [...problem.fixed.keys()].filter((j) => !chosen.includes(j));
  const uses: Use[] = [];
  for (const left of chosen) {
    const rest = chosen.filter((j) => j !== left);
    const addition = bestAddition(problem, rest, others);
    const without = rest.length === 0 ? null : useOf(problem, rest);
    if (without !== null) uses.push(without);
    const exchanged = addition === null ? null : useOf(problem, [...rest, addition.site]);
    if (exchanged !== null) uses.push(exchanged);
  }
  return uses;
}

const byValue = (a: Use, b: Use): number => a.value - b.value;

function singles(problem: Problem): Use[] {
  const uses: Use[] = [];
  for (let site = 0; site < problem.fixed.length; site += 1) {
    const use = useOf(problem, [site]);
    if (use !== null) uses.push(use);
  }
  return inOrder(uses, byValue).slice(0, RUNNERS_UP_MAX + 1);
}

/** Thousandths of a day or a point are no difference. */
function compare(a: number, b: number): number {
  return Math.abs(a - b) < 1e-6 ? 0 : a - b;
}

function reasonOf(it: Written, chosen: Written, preferSingle: boolean): RunnerUpReason {
  if (preferSingle && it.shipments.length > chosen.shipments.length) return "more_shipments";
  const cost = compare(it.totals.cost, chosen.totals.cost);
  const days = compare(it.totals.days, chosen.totals.days);
  if (cost === 0 && days === 0) return "tie";
  if (cost > 0 && days > 0) return "dearer_and_slower";
  if (cost >= 0 && days >= 0) return cost > 0 ? "dearer" : "slower";
  return "worse_trade";
}

/** @param plan what is chosen, as it is written. @returns best first, the chosen one not among them */
export function runnersUp(
  problem: Problem,
  chosen: readonly Part[],
  plan: Written,
  others: readonly Use[],
  setting: Setting,
  preferSingle: boolean,
): Alternative[] {
  const sites = [...new Set(chosen.map(({ site }) => site))];
  const known = new Set([keyOf(chosen)]);
  const different: Use[] = [];
  for (const uses of [singles(problem), exchanges(problem, sites), others]) {
    for (const use of uses) {
      const key = keyOf(use.parts);
      if (known.has(key)) continue;
      known.add(key);
      different.push(use);
    }
  }
  return inOrder(different, byValue)
    .slice(0, RUNNERS_UP_MAX)
    .map(({ parts }) => {
      const written = writePlan(parts, setting);
      const { score, parts: scoreParts, shipments, totalCost } = written;
      return {
        score,
        parts: scoreParts,
        shipments,
        totalCost,
        reason: reasonOf(written, plan, preferSingle),
      };
    });
}
