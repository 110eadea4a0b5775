// Chooses where an order is shipped from. Pure: products, places, shelves, rates and the moment are arguments, and
// the same facts give the same plan in whatever order they come, so that a choice can be repeated and explained.
import type { FulfilmentPlan } from "@dropgate/contracts/fulfilment";
import { type Assignment, assign, type Problem } from "./assignment.ts";
import {
  type Candidate,
  type Circumstances,
  type Eligible,
  type Excluded,
  findEligible,
  isPast,
} from "./eligible.ts";
import { greedyParts, rankByScore } from "./greedy.ts";
import { inOrder } from "./in-order.ts";
import { compareBytes, type Demand, type Location, type Order, type Product, type Stock } from "./model.ts";
import { objectiveOf, problemOf } from "./objective.ts";
import { keyOf, runnersUp } from "./runners-up.ts";
import { costRange, unitsOf } from "./score.ts";
import { type Use, useOf, valueOfParts } from "./use.ts";
import { type Setting, writePlan } from "./write-plan.ts";

export interface Facts {
  products: readonly Product[];
  locations: readonly Location[];
  stock: readonly Stock[];
}

export type NoPlan =
  | { refusal: "UNKNOWN_PRODUCT"; skus: string[] }
  | { refusal: "WANTED_DATE_PAST" }
  /** Without the date there would be a plan; `earliest` is when a location that is kept away by it alone delivers. */
  | { refusal: "WANTED_DATE_NOT_REACHABLE"; earliest: string }
  /** No location may ship these there, in this way, whatever it has. */
  | { refusal: "NO_ROUTE"; skus: string[] }
  | { refusal: "INSUFFICIENT_STOCK"; short: { sku: string; requested: number; available: number }[] };

export interface Chosen {
  plan: FulfilmentPlan;
  /** Whether the search proved that there is no better plan; false only when it was stopped (ASSIGNMENT_NODES_MAX). */
  proven: boolean;
  /** Branches looked at, 0 where there was nothing to search. */
  nodes: number;
  /** What was minimised (objective.ts), in minor units; and what the greedy choice by score comes to. */
  objective: number;
  greedyObjective: number;
  excluded: Excluded[];
}

export type Choice = ({ ok: true } & Chosen) | ({ ok: false; excluded: Excluded[] } & NoPlan);

/** Lines of one SKU are one demand; by SKU. */
function demandsOf({ items }: Order, products: readonly Product[]): { demands: Demand[]; unknown: string[] } {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const demands: Demand[] = [];
  const unknown: string[] = [];
  for (const sku of inOrder([...quantities.keys()], compareBytes)) {
    const product = bySku.get(sku);
    if (product === undefined) unknown.push(sku);
    else demands.push({ product, quantity: quantities.get(sku)! });
  }
  return { demands, unknown };
}

function reach(candidates: readonly Candidate[], demand: number): number {
  return candidates.reduce((sum, { available }) => sum + (available[demand] ?? 0), 0);
}

function isRouted(candidates: readonly Candidate[], demand: number): boolean {
  return candidates.some(({ handles }) => handles[demand] === true);
}

/** Whether these can ship the order, at least with what may be back-ordered. */
function suffice(
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  allowBackorder: boolean,
): boolean {
  return demands.every(({ quantity }, i) =>
    allowBackorder ? isRouted(candidates, i) : reach(candidates, i) >= quantity,
  );
}

/** Why there is no plan. Stock comes last: it is blamed only where a location could ship what it lacks. */
function whyNot({ candidates, late }: Eligible, demands: readonly Demand[], allowBackorder: boolean): NoPlan {
  if (late.length > 0 && suffice([...candidates, ...late], demands, allowBackorder)) {
    const earliest = late.map(({ delivery }) => delivery.deliveryDate).toSorted()[0] ?? "";
    return { refusal: "WANTED_DATE_NOT_REACHABLE", earliest };
  }
  const skus = demands.flatMap(({ product }, i) => (isRouted(candidates, i) ? [] : [product.sku]));
  if (skus.length > 0) return { refusal: "NO_ROUTE", skus };
  const short = demands.flatMap(({ product: { sku }, quantity }, i) => {
    const available = reach(candidates, i);
    return available < quantity ? [{ sku, requested: quantity, available }] : [];
  });
  return { refusal: "INSUFFICIENT_STOCK", short };
}

/** What ships now, and what waits: a shelf's last pieces go, the rest is back-ordered. */
function shippedNow(
  candidates: readonly Candidate[],
  demands: readonly Demand[],
): {
  candidates: readonly Candidate[];
  demands: readonly Demand[];
  backorders: FulfilmentPlan["backorders"];
} {
  const reached = demands.map((_, i) => reach(candidates, i));
  if (demands.every(({ quantity }, i) => reached[i]! >= quantity))
    return { candidates, demands, backorders: [] };
  const kept = demands.map((_, i) => i).filter((i) => reached[i]! > 0);
  return {
    candidates: candidates.map((candidate) => ({
      ...candidate,
      available: kept.map((i) => candidate.available[i]!),
      handles: kept.map((i) => candidate.handles[i]!),
    })),
    demands: kept.map((i) => ({ ...demands[i]!, quantity: Math.min(demands[i]!.quantity, reached[i]!) })),
    backorders: demands.flatMap(({ product: { sku }, quantity }, i) =>
      reached[i]! < quantity ? [{ sku, quantity: quantity - reached[i]! }] : [],
    ),
  };
}

/** The best location that has everything. */
function single(problem: Problem): Assignment | null {
  if (problem.splits.length > 0) return null;
  let best: Use | null = null;
  for (const site of problem.fixed.keys()) {
    const use = useOf(problem, [site]);
    if (use !== null && (best === null || use.value < best.value)) best = use;
  }
  return best === null ? null : { ...best, proven: true, nodes: 0 };
}

function search(problem: Problem, greedy: Use, preferSingle: boolean): Assignment {
  const found = (preferSingle ? single(problem) : null) ?? assign(problem, greedy);
  // The caller has counted what is in reach.
  if (found === null) throw new Error("no assignment, though the stock in reach suffices");
  return found;
}

export function choosePlan(order: Order, facts: Facts, circumstances: Circumstances): Choice {
  const { demands: asked, unknown } = demandsOf(order, facts.products);
  if (unknown.length > 0) return { ok: false, excluded: [], refusal: "UNKNOWN_PRODUCT", skus: unknown };
  const wanted = order.requestedDeliveryDate;
  if (wanted !== undefined && isPast(wanted, circumstances.now)) {
    return { ok: false, excluded: [], refusal: "WANTED_DATE_PAST" };
  }
  const eligible = findEligible(order, asked, facts.locations, facts.stock, circumstances);
  const { excluded } = eligible;
  const allowBackorder = order.allowBackorder === true;
  if (!suffice(eligible.candidates, asked, allowBackorder)) {
    return { ok: false, excluded, ...whyNot(eligible, asked, allowBackorder) };
  }
  return { ok: true, excluded, ...planFor(order, eligible.candidates, asked, circumstances) };
}

function planFor(
  order: Order,
  eligible: readonly Candidate[],
  asked: readonly Demand[],
  { rates }: Circumstances,
): Omit<Chosen, "excluded"> {
  const { candidates, demands, backorders } = shippedNow(eligible, asked);
  const { costWeight, preferSingleShipment, shippingSpeed: method } = order;
  const billedUnits = demands.map(({ product }) => rates.billedUnits(product));
  const units = unitsOf(demands, billedUnits);
  const range = costRange(candidates, units);
  const { currency } = rates;
  const setting: Setting = { candidates, demands, billedUnits, currency, range, costWeight, method };
  const problem = problemOf(costWeight, candidates, demands, billedUnits);
  const parts = greedyParts(problem, rankByScore(candidates, demands, { units, range, costWeight }));
  const greedy: Use = { value: valueOfParts(problem, parts), parts };
  const found =
    demands.length === 0
      ? { value: 0, parts: [], proven: true, nodes: 0 }
      : search(problem, greedy, preferSingleShipment);
  const chosen = writePlan(found.parts, setting);
  const { totals, ...written } = chosen;
  const alternatives =
    demands.length === 0
      ? []
      : runnersUp(problem, found.parts, chosen, [greedy], setting, preferSingleShipment);
  const isGreedy = keyOf(greedy.parts) === keyOf(found.parts);
  const greedyTotals = isGreedy ? totals : writePlan(greedy.parts, setting).totals;
  return {
    plan: { ...written, alternatives, backorders },
    proven: found.proven,
    nodes: found.nodes,
    objective: objectiveOf(totals, demands.length, costWeight),
    greedyObjective: objectiveOf(greedyTotals, demands.length, costWeight),
  };
}
