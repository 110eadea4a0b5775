// `fulfil`: how long it takes to choose from where an order ships, and what the exact choice is worth beside the
// greedy one.

import { type FulfilmentCase, fulfilmentCase } from "@dropgate/inventory/fulfilment/cases";
import { choosePlan } from "@dropgate/inventory/fulfilment/choose";
import { findEligible } from "@dropgate/inventory/fulfilment/eligible";
import { greedyParts, rankByScore } from "@dropgate/inventory/fulfilment/greedy";
import { problemOf } from "@dropgate/inventory/fulfilment/objective";
import { loadPostalTable } from "@dropgate/inventory/fulfilment/places";
import { tableRates } from "@dropgate/inventory/fulfilment/rates";
import { costRange, unitsOf } from "@dropgate/inventory/fulfilment/score";
import type { Row, Sample } from "../row.ts";
import { figure } from "../targets.ts";

const CASES = { full: 500, quick: 150 } as const;
const WARM_UP_CASES = 60;
/** Days are shares of lines: sums in another order differ in the last digit. */
const HALF_A_CENT = 0.5;

export const row: Row = {
  name: "fulfil",
  measures:
    "The choice of locations for an order of 20 lines among 200 locations, seeded cases, nothing but the choice itself. `savedPercent` is what its objective (money and days) is below that of the greedy choice by score; `unproven` counts plans that the search was stopped at before it knew that there is no better one, and `dearer` those worse than the greedy.",
  unit: "choice",
  variants: [
    { key: "ours", role: "ours", label: "exact" },
    { key: "greedy", role: "plain", label: "greedy by score" },
  ],
  rounds: { full: 3, quick: 1 },
  shown: ["p50", "p99", "savedPercent", "unproven", "dearer"],
  units: { savedPercent: "%" },
  targets: [
    figure("p99", "ours", { atMost: 50 }, "ms"),
    figure("dearer", "ours", { atMost: 0 }),
    figure("unproven", "ours", { atMost: 0 }),
  ],

  async open(bench) {
    const postalTable = await loadPostalTable();
    const rates = tableRates();
    const cases = Array.from({ length: bench.pick(CASES.full, CASES.quick) }, (_, seed) =>
      fulfilmentCase(seed),
    );
    const circumstances = (now: Date) => ({ now, postalTable, rates });

    function choose({
      order,
      facts,
      now,
    }: FulfilmentCase): { objective: number; greedy: number; proven: boolean } | null {
      const choice = choosePlan(order, facts, circumstances(now));
      if (!choice.ok) return null;
      return { objective: choice.objective, greedy: choice.greedyObjective, proven: choice.proven };
    }

    /** What a shop would write that ranks locations and goes down the list. */
    function chooseGreedily({ order, facts, now }: FulfilmentCase): void {
      const bySku = new Map(facts.products.map((product) => [product.sku, product]));
      const demands = order.items.map(({ sku, quantity }) => {
        const product = bySku.get(sku);
        if (product === undefined) throw new Error(`no product ${sku}`);
        return { product, quantity };
      });
      const { candidates } = findEligible(order, demands, facts.locations, facts.stock, circumstances(now));
      const { costWeight } = order;
      const billedUnits = demands.map(({ product }) => rates.billedUnits(product));
      const units = unitsOf(demands, billedUnits);
      const problem = problemOf(costWeight, candidates, demands, billedUnits);
      const range = costRange(candidates, units);
      greedyParts(problem, rankByScore(candidates, demands, { units, range, costWeight }));
    }

    function playOurs(some: readonly FulfilmentCase[]): Sample {
      const latenciesMs: number[] = [];
      let [unproven, dearer, ours, greedy] = [0, 0, 0, 0];
      const began = performance.now();
      for (const each of some) {
        const start = performance.now();
        const chosen = choose(each);
        latenciesMs.push(performance.now() - start);
        if (chosen === null) continue;
        ours += chosen.objective;
        greedy += chosen.greedy;
        if (!chosen.proven) unproven++;
        if (chosen.objective > chosen.greedy + HALF_A_CENT) dearer++;
      }
      const seconds = (performance.now() - began) / 1_000;
      const savedPercent = greedy === 0 ? 0 : (1 - ours / greedy) * 100;
      return { units: some.length, seconds, latenciesMs, figures: { unproven, dearer, savedPercent } };
    }

    function playGreedy(some: readonly FulfilmentCase[]): Sample {
      const latenciesMs: number[] = [];
      const began = performance.now();
      for (const each of some) {
        const start = performance.now();
        chooseGreedily(each);
        latenciesMs.push(performance.now() - start);
      }
      return { units: some.length, seconds: (performance.now() - began) / 1_000, latenciesMs };
    }

    return {
      async round(variant, { warmUp }) {
        const some = warmUp ? cases.slice(0, WARM_UP_CASES) : cases;
        return variant === "ours" ? playOurs(some) : playGreedy(some);
      },
      close: async () => {},
    };
  },
};
