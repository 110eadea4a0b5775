// What the choice minimises, in whole numbers, so that "equal" means equal on every machine:
//
//   costWeight × (sum over shipments of base + perBilledUnit × billed units)
//   + (1 − costWeight) × LINE_DAY × (sum over lines of the days until they arrive)
//
// in minor units of money. A shipment's base is paid once however many lines are in it. A line that had to be split
// counts each piece's days by its share, rounded down to the unit of calculation below. `costWeight` is taken to
// the thousandth. At its ends one term is gone, and then breaks ties: at 1 the cheapest plan, of equally cheap ones
// the fastest; at 0 the fastest, of equally fast ones the cheapest. What is equal in all that: fewer shipments, then
// the lower ids (the least sum of their ranks, which for one shipment is the lower id).
//
// All of it is a fixed part for each location used and a price for each line at each location. That is the problem
// of uncapacitated facility location, with capacities for split lines only; assignment.ts solves it exactly.
import { type Problem, type Split, splitOf, type Whole } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import type { Demand } from "./model.ts";

/** What a day's wait for a line is set against, in minor units: five dollars. */
const LINE_DAY = 500;
const WEIGHT_STEPS = 1_000;
/** Steps of a day: enough for a split line's shares, few enough for all levels to fit a double. */
const DAY_STEPS_FIRST = 100;
const DAY_STEPS_SECOND = 10;
/** Whole numbers stay exact in a double up to 2^53; sums of two bounds must too. */
const EXACT_MAX = 2 ** 52;

/** The objective of a plan in minor units, without what only breaks ties: for people, and to compare choices. */
export function objectiveOf(
  { cost, days }: { cost: number; days: number },
  lines: number,
  costWeight: number,
): number {
  const weight = Math.round(costWeight * WEIGHT_STEPS) / WEIGHT_STEPS;
  return weight * cost + (1 - weight) * LINE_DAY * days * lines;
}

/** One thing to minimise. Made for one problem, and changed while it is put together. */
interface Level {
  /** By site. */
  fixed: number[];
  /** By demand and site: of a piece where it is split, else of all of it. */
  prices: number[][];
}

/** What is shipped, by demand. */
interface Sizes {
  quantities: readonly number[];
  isSplit: readonly boolean[];
}

/** No plan's sum is more than this. */
function boundOf({ fixed, prices }: Level, { quantities, isSplit }: Sizes): number {
  let sum = 0;
  for (let i = 0; i < prices.length; i += 1) {
    const most = mostOf(prices[i]!);
    sum += isSplit[i] === true ? quantities[i]! * most : most;
  }
  const used = isSplit.includes(true) ? fixed.length : Math.min(fixed.length, prices.length);
  return sum + used * mostOf(fixed);
}

function mostOf(row: readonly number[]): number {
  let most = 0;
  for (let j = 0; j < row.length; j += 1) most = Math.max(most, row[j]!);
  return most;
}

/** The first level decides, each further one only what is equal in those before; what would not fit is left out. */
function pack([first, ...further]: readonly [Level, ...Level[]], sizes: Sizes): Level {
  let bound = boundOf(first, sizes);
  if (bound > EXACT_MAX) {
    // Orders worth more than a country: compared rounded.
    const scale = (bound / EXACT_MAX) * 2;
    const rounded = (value: number): number => Math.floor(value / scale);
    return { fixed: first.fixed.map(rounded), prices: first.prices.map((row) => row.map(rounded)) };
  }
  for (const level of further) {
    const range = boundOf(level, sizes) + 1;
    if ((bound + 1) * range > EXACT_MAX) break;
    append(first, range, level);
    bound = (bound + 1) * range;
  }
  return first;
}

/** The upper one is changed. */
function append(upper: Level, range: number, lower: Level): Level {
  scaleAndAdd(upper.fixed, range, lower.fixed);
  for (let i = 0; i < upper.prices.length; i += 1) scaleAndAdd(upper.prices[i]!, range, lower.prices[i]!);
  return upper;
}

function scaleAndAdd(row: number[], factor: number, other: readonly number[]): void {
  for (let j = 0; j < row.length; j += 1) row[j] = row[j]! * factor + other[j]!;
}

/** Money and days as levels of their own, and how they are ordered or added for a weight. */
function levelsOf(
  costWeight: number,
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  { billedUnits, isSplit }: { billedUnits: readonly number[]; isSplit: readonly boolean[] },
): [Level, ...Level[]] {
  const money = (factor: number): Level => ({
    fixed: candidates.map(({ tariff }) => factor * tariff.base),
    prices: demands.map(({ quantity }, i) => {
      const units = billedUnits[i]! * (isSplit[i] === true ? 1 : quantity);
      return candidates.map(({ tariff }) => factor * tariff.perBilledUnit * units);
    }),
  });
  const wait = (steps: number): Level => ({
    fixed: candidates.map(() => 0),
    prices: demands.map(({ quantity }, i) =>
      candidates.map(({ delivery: { days } }) =>
        isSplit[i] === true ? Math.floor((steps * days) / quantity) : steps * days,
      ),
    ),
  });
  // More than any sum of ranks, so that fewer shipments come first.
  const shipment = candidates.length * Math.min(candidates.length, demands.length) + 1;
  const nothing = candidates.map(() => 0);
  const ties: Level = {
    fixed: candidates.map((_, j) => shipment + j),
    prices: demands.map(() => nothing),
  };
  const weight = Math.round(costWeight * WEIGHT_STEPS);
  if (weight === 0) return [wait(DAY_STEPS_FIRST), money(1), ties];
  if (weight === WEIGHT_STEPS) return [money(1), wait(DAY_STEPS_SECOND), ties];
  return [append(money(weight), 1, wait((WEIGHT_STEPS - weight) * LINE_DAY)), ties];
}

/**
 * @param candidates by id: a site is a candidate's place in it
 * @param demands what ships now; a demand is split only when no candidate has all of it
 * @param billedUnits of one piece, by demand
 */
export function problemOf(
  costWeight: number,
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  billedUnits: readonly number[],
): Problem {
  const quantities = demands.map(({ quantity }) => quantity);
  const isSplit = quantities.map((quantity, i) =>
    candidates.every(({ available }) => available[i]! < quantity),
  );
  const levels = levelsOf(costWeight, candidates, demands, { billedUnits, isSplit });
  const { fixed, prices } = pack(levels, { quantities, isSplit });
  const wholes: Whole[] = [];
  const splits: Split[] = [];
  for (let demand = 0; demand < demands.length; demand += 1) {
    const quantity = quantities[demand]!;
    const row = prices[demand]!;
    if (isSplit[demand] === true) {
      const stock = candidates.map(({ available }) => available[demand]!);
      splits.push(splitOf({ demand, quantity, stock, prices: row }));
      continue;
    }
    for (let j = 0; j < row.length; j += 1) {
      if (candidates[j]!.available[demand]! < quantity) row[j] = Number.POSITIVE_INFINITY;
    }
    wholes.push({ demand, prices: row });
  }
  return { fixed, wholes, splits };
}
