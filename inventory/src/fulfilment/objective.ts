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
import { type Problem, splitOf } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import type { Demand } from "./model.ts";
import type { ShippingRates } from "./rates.ts";

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

/** One thing to minimise: a fixed part a location, a price a demand and location, or a piece of a split one. */
interface Level {
  fixed(site: number): number;
  whole(demand: number, site: number): number;
  piece(demand: number, site: number): number;
}

interface Sizes {
  sites: number;
  wholes: readonly number[];
  splits: readonly number[];
  quantities: readonly number[];
}

/** No plan's sum is more than this. */
function boundOf(level: Level, { sites, wholes, splits, quantities }: Sizes): number {
  let fixed = 0;
  let priced = 0;
  for (let j = 0; j < sites; j += 1) fixed = Math.max(fixed, level.fixed(j));
  for (const i of [...wholes, ...splits]) {
    let most = 0;
    for (let j = 0; j < sites; j += 1) {
      const price = splits.includes(i) ? (quantities[i] ?? 0) * level.piece(i, j) : level.whole(i, j);
      most = Math.max(most, price);
    }
    priced += most;
  }
  return priced + fixed * (splits.length > 0 ? sites : Math.min(sites, wholes.length));
}

/** The first level decides, each further one only what is equal in those before; what would not fit is left out. */
function pack(levels: readonly Level[], sizes: Sizes): Level {
  const [first, ...further] = levels;
  if (first === undefined) throw new Error("an objective has at least one level");
  let bound = boundOf(first, sizes);
  let packed = first;
  if (bound > EXACT_MAX) {
    // Orders worth more than a country: compared rounded.
    const scale = (bound / EXACT_MAX) * 2;
    return mapLevel(packed, (value) => Math.floor(value / scale));
  }
  for (const level of further) {
    const range = boundOf(level, sizes) + 1;
    if ((bound + 1) * range > EXACT_MAX) break;
    packed = addLevels(packed, range, level);
    bound = (bound + 1) * range;
  }
  return packed;
}

function mapLevel(level: Level, map: (value: number) => number): Level {
  return {
    fixed: (j) => map(level.fixed(j)),
    whole: (i, j) => map(level.whole(i, j)),
    piece: (i, j) => map(level.piece(i, j)),
  };
}

function addLevels(upper: Level, range: number, lower: Level): Level {
  return {
    fixed: (j) => upper.fixed(j) * range + lower.fixed(j),
    whole: (i, j) => upper.whole(i, j) * range + lower.whole(i, j),
    piece: (i, j) => upper.piece(i, j) * range + lower.piece(i, j),
  };
}

/** Money and days as levels of their own, and how they are ordered or added for a weight. */
function levelsOf(
  costWeight: number,
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  rates: ShippingRates,
): Level[] {
  const tariffs = candidates.map(({ tariff }) => tariff);
  const days = candidates.map(({ delivery }) => delivery.days);
  const quantities = demands.map(({ quantity }) => quantity);
  const units = demands.map(({ product }) => rates.billedUnits(product));
  const money = (factor: number): Level => ({
    fixed: (j) => factor * (tariffs[j]?.base ?? 0),
    whole: (i, j) => factor * (tariffs[j]?.perBilledUnit ?? 0) * (units[i] ?? 0) * (quantities[i] ?? 0),
    piece: (i, j) => factor * (tariffs[j]?.perBilledUnit ?? 0) * (units[i] ?? 0),
  });
  const wait = (steps: number): Level => ({
    fixed: () => 0,
    whole: (_, j) => steps * (days[j] ?? 0),
    piece: (i, j) => Math.floor((steps * (days[j] ?? 0)) / (quantities[i] ?? 1)),
  });
  // More than any sum of ranks, so that fewer shipments come first.
  const shipment = candidates.length * Math.min(candidates.length, demands.length) + 1;
  const ties: Level = { fixed: (j) => shipment + j, whole: () => 0, piece: () => 0 };
  const weight = Math.round(costWeight * WEIGHT_STEPS);
  if (weight === 0) return [wait(DAY_STEPS_FIRST), money(1), ties];
  if (weight === WEIGHT_STEPS) return [money(1), wait(DAY_STEPS_SECOND), ties];
  return [addLevels(money(weight), 1, wait((WEIGHT_STEPS - weight) * LINE_DAY)), ties];
}

/**
 * @param candidates by id: a site is a candidate's place in it
 * @param demands what ships now; a demand is split only when no candidate has all of it
 */
export function problemOf(
  costWeight: number,
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  rates: ShippingRates,
): Problem {
  const indices = demands.map((_, i) => i);
  const has = (i: number, j: number): number => candidates[j]?.available[i] ?? 0;
  const quantities = demands.map(({ quantity }) => quantity);
  const isWhole = (i: number): boolean => candidates.some((_, j) => has(i, j) >= (quantities[i] ?? 0));
  const wholes = indices.filter(isWhole);
  const splits = indices.filter((i) => !isWhole(i));
  const sites = candidates.map((_, j) => j);
  const level = pack(levelsOf(costWeight, candidates, demands, rates), {
    sites: sites.length,
    wholes,
    splits,
    quantities,
  });
  return {
    fixed: sites.map((j) => level.fixed(j)),
    wholes: wholes.map((demand) => ({
      demand,
      prices: sites.map((j) =>
        has(demand, j) >= (quantities[demand] ?? 0) ? level.whole(demand, j) : Number.POSITIVE_INFINITY,
      ),
    })),
    splits: splits.map((demand) =>
      splitOf({
        demand,
        quantity: quantities[demand] ?? 0,
        stock: sites.map((j) => has(demand, j)),
        prices: sites.map((j) => level.piece(demand, j)),
      }),
    ),
  };
}
