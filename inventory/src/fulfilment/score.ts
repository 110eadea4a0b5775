// How good a location, or a whole plan, is in one number from 0 to 100 that an operator can follow: four parts and
// their weights. The chosen plan is not the one with the best score, but the one with the least objective
// (objective.ts); the score says in what a plan is good, and orders the greedy choice that the exact one must beat.
import type { ScoreParts } from "@dropgate/contracts/fulfilment";
import type { Candidate } from "./eligible.ts";
import type { Demand } from "./model.ts";

/** What a plan of one or more shipments comes to, as far as the score asks. */
export interface Totals {
  cost: number;
  /** Mean over the lines. */
  days: number;
  /** Part of the capacity in use, mean over the lines. */
  utilisation: number;
  /** Part of the shelf that is left afterwards, mean over the lines. */
  depth: number;
}

/** What one shipment of the same lines costs at the cheapest and at the dearest of the eligible locations. */
export interface CostRange {
  least: number;
  most: number;
}

/** Being nearly full, or taking the last piece, is worth a tenth each; cost and speed share the rest. */
const UTILISATION_WEIGHT = 0.1;
const DEPTH_WEIGHT = 0.1;
/** A delivery after so many days has no speed at all. */
const DAYS_WORST = 10;
/** Figures for people: a thousandth of a point is none, and hides what adding in another order does. */
const SCORE_DIGITS = 1_000;

export function weightsOf(costWeight: number): ScoreParts {
  const shared = 1 - UTILISATION_WEIGHT - DEPTH_WEIGHT;
  return {
    cost: shared * costWeight,
    speed: shared * (1 - costWeight),
    utilisation: UTILISATION_WEIGHT,
    depth: DEPTH_WEIGHT,
  };
}

function clamp(percent: number): number {
  return Math.round(Math.min(100, Math.max(0, percent)) * SCORE_DIGITS) / SCORE_DIGITS;
}

function costPart(cost: number, { least, most }: CostRange): number {
  if (cost <= least) return 100;
  return most > least ? clamp((100 * (most - cost)) / (most - least)) : 0;
}

export function partsOf(totals: Totals, range: CostRange): ScoreParts {
  return {
    speed: clamp(100 * (1 - totals.days / DAYS_WORST)),
    cost: costPart(totals.cost, range),
    utilisation: clamp(100 * (1 - totals.utilisation)),
    depth: clamp(100 * totals.depth),
  };
}

export function scoreOf(parts: ScoreParts, costWeight: number): number {
  const weights = weightsOf(costWeight);
  return clamp(
    parts.speed * weights.speed +
      parts.cost * weights.cost +
      parts.utilisation * weights.utilisation +
      parts.depth * weights.depth,
  );
}

/** Billed units of what is shipped. @param billedUnits of one piece, by demand */
export function unitsOf(demands: readonly Demand[], billedUnits: readonly number[]): number {
  return demands.reduce((sum, { quantity }, i) => sum + quantity * billedUnits[i]!, 0);
}

/** @param units billed units of what is shipped */
export function costRange(candidates: readonly Candidate[], units: number): CostRange {
  const range = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  for (const { tariff } of candidates) {
    const cost = tariff.base + tariff.perBilledUnit * units;
    range.least = Math.min(range.least, cost);
    range.most = Math.max(range.most, cost);
  }
  return range;
}

/** What a location leaves of its shelf when it ships so many of a demand. */
export function depthLeft(available: number, quantity: number): number {
  return available <= 0 ? 0 : Math.max(0, available - quantity) / available;
}
