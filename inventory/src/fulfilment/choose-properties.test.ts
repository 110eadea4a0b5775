// What holds of every plan, on orders made at random: from the seeded cases, in small sizes where all plans can be
// tried and in the size the choice is dimensioned for.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CaseSize, type FulfilmentCase, fulfilmentCase, LARGE_CASE } from "./cases.ts";
import { type Choice, choosePlan } from "./choose.ts";
import { type Candidate, findEligible } from "./eligible.ts";
import type { Demand } from "./model.ts";
import { objectiveOf } from "./objective.ts";
import { loadPostalTable } from "./places.ts";
import { tableRates } from "./rates.ts";

const postalTable = await loadPostalTable();
const rates = tableRates();

function choose({ order, facts, now }: FulfilmentCase): Choice {
  return choosePlan(order, facts, { now, postalTable, rates });
}

interface Wishes {
  seed: number;
  /** Quantities are raised by it, so that lines must be split and wait. */
  factor: number;
  costWeight: number;
  preferSingleShipment: boolean;
  allowBackorder: boolean;
}

// Numbers, not the case itself: what a failure prints can then be read.
const wishes: fc.Arbitrary<Wishes> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  factor: fc.constantFrom(1, 1, 3, 30),
  costWeight: fc.oneof(
    fc.constantFrom(0, 1),
    fc.integer({ min: 1, max: 999 }).map((w) => w / 1000),
  ),
  preferSingleShipment: fc.boolean(),
  allowBackorder: fc.boolean(),
});

function caseOf({ seed, factor, ...wished }: Wishes, size: CaseSize): FulfilmentCase {
  const made = fulfilmentCase(seed, size);
  const items = made.order.items.map(({ sku, quantity }) => ({ sku, quantity: quantity * factor }));
  return { ...made, order: { ...made.order, ...wished, items } };
}

function shipped(choice: Choice & { ok: true }, sku: string): number {
  return choice.plan.shipments
    .flatMap(({ lines }) => lines)
    .filter((line) => line.sku === sku)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function expectSound({ order, facts }: FulfilmentCase, choice: Choice): void {
  if (!choice.ok) return;
  const { plan } = choice;
  for (const { sku, quantity } of order.items) {
    const waiting = plan.backorders.find((it) => it.sku === sku)?.quantity ?? 0;
    expect(shipped(choice, sku) + waiting).toBe(quantity);
    if (order.allowBackorder !== true) expect(waiting).toBe(0);
  }
  for (const { locationId, lines } of plan.shipments) {
    for (const { sku, quantity } of lines) {
      const level = facts.stock.find((it) => it.locationId === locationId && it.sku === sku);
      expect(level?.sellable).toBe(true);
      expect(quantity).toBeLessThanOrEqual(level?.available ?? 0);
    }
  }
  const ids = plan.shipments.map(({ locationId }) => locationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(plan.totalCost.amount).toBe(plan.shipments.reduce((sum, { cost }) => sum + cost.amount, 0));
}

const SMALL: CaseSize = { lines: 3, locations: 5 };
const MEDIUM: CaseSize = { lines: 8, locations: 30 };

test("each line is shipped once or waits, and no shelf gives what it does not have", () => {
  fc.assert(
    fc.property(wishes, fc.constantFrom(SMALL, MEDIUM), (wished, size) => {
      const it = caseOf(wished, size);
      expectSound(it, choose(it));
    }),
    { numRuns: 150 },
  );
});

test("the same facts in another order are the same plan", () => {
  fc.assert(
    fc.property(wishes, fc.integer({ min: 1, max: 1_000 }), (wished, shuffle) => {
      // By a key that has nothing to do with any of them.
      const mixed = <T>(values: readonly T[]): T[] =>
        values
          .map((value, i) => ({ value, key: ((i + 1) * shuffle * 7_919) % 1_009 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ value }) => value);
      const it = caseOf(wished, MEDIUM);
      const { order, facts, now } = it;
      const other: FulfilmentCase = {
        order: { ...order, items: mixed(order.items) },
        facts: {
          products: mixed(facts.products),
          locations: mixed(facts.locations),
          stock: mixed(facts.stock),
        },
        now,
      };
      expect(choose(other)).toEqual(choose(it));
    }),
    { numRuns: 60 },
  );
});

/** The least objective of all ways to give each line to one location; infinite when some line fits none. */
function leastByTrying(
  candidates: readonly Candidate[],
  demands: readonly Demand[],
  costWeight: number,
): number {
  const totals = (sites: readonly number[]): { cost: number; days: number } => {
    let cost = 0;
    let days = 0;
    for (const j of new Set(sites)) cost += candidates[j]!.tariff.base;
    sites.forEach((j, i) => {
      const { product, quantity } = demands[i]!;
      const { tariff, delivery } = candidates[j]!;
      cost += tariff.perBilledUnit * rates.billedUnits(product) * quantity;
      days += delivery.days / demands.length;
    });
    return { cost, days };
  };
  const tryFrom = (sites: number[]): number => {
    if (sites.length === demands.length) return objectiveOf(totals(sites), demands.length, costWeight);
    const { quantity } = demands[sites.length]!;
    const able = candidates.flatMap(({ available }, j) => (available[sites.length]! >= quantity ? [j] : []));
    return Math.min(Number.POSITIVE_INFINITY, ...able.map((j) => tryFrom([...sites, j])));
  };
  return tryFrom([]);
}

test("no other way to give each line to a location is better", () => {
  let compared = 0;
  fc.assert(
    fc.property(wishes, (wished) => {
      const it = caseOf({ ...wished, preferSingleShipment: false }, { lines: 4, locations: 7 });
      const { order, facts, now } = it;
      const demands = order.items.map(({ sku, quantity }) => ({
        product: facts.products.find((product) => product.sku === sku)!,
        quantity,
      }));
      const { candidates } = findEligible(order, demands, facts.locations, facts.stock, {
        now,
        postalTable,
        rates,
      });
      const least = leastByTrying(candidates, demands, order.costWeight);
      const choice = choose(it);
      if (least === Number.POSITIVE_INFINITY) return;
      compared += 1;
      expect(choice.ok && choice.objective).toBeCloseTo(least, 6);
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(20);
});

test("twenty lines and two hundred locations: sound, and never dearer than the greedy choice", () => {
  fc.assert(
    fc.property(wishes, (wished) => {
      const it = caseOf({ ...wished, preferSingleShipment: false }, LARGE_CASE);
      const choice = choose(it);
      expectSound(it, choice);
      if (!choice.ok) return;
      expect(choice.objective).toBeLessThanOrEqual(choice.greedyObjective + 1e-6);
      expect(choice.plan.alternatives.every(({ score }) => score >= 0 && score <= 100)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("the seeded cases are all proven", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const choice = choose(fulfilmentCase(seed));
    expect(choice.ok && choice.proven, `case ${seed}`).toBe(true);
  }
});
