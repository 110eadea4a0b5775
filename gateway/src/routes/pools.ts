// A sale's pools in an operator's hands, and its figures over time.

import type { Outcome } from "@dropgate/contracts/refusals";
import { refuse } from "@dropgate/contracts/refusals";
import type { SaleMetrics, SeriesStep } from "@dropgate/contracts/sale-metrics";
import { adjustPoolIn, type PoolChange, rebalancePoolsIn } from "@dropgate/inventory/sales/pools";
import type { Statements } from "@dropgate/sql";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { countPools, countUnits } from "@dropgate/sql/sales/stock";
import { readTallies } from "@dropgate/sql/sales/totals";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, type Reply } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import { sampleOf } from "../sales/figures.ts";
import { followChange } from "../sales/follow-change.ts";
import { figuresOf, ratesOf } from "../sales/live-metrics.ts";
import { NO_TOTALS, totalsOf } from "../sales/totals.ts";
import type { Services } from "../services.ts";

type PoolRoutes = Pick<Handlers, "getPools" | "rebalancePools" | "adjustPool" | "getSaleMetrics">;

export function poolRoutes(services: Services): PoolRoutes {
  const { truth, idempotency, sales, figures } = services;

  /** Runs a change of the pools under its key; Redis follows after the commit. */
  async function change(
    call: Call<"rebalancePools"> | Call<"adjustPool">,
    write: (tx: Statements, saleId: string) => Promise<Outcome<PoolChange>>,
  ): Promise<Reply> {
    let written: PoolChange | null = null;
    const reply = await idempotency.once(call.idempotency, async (tx) => {
      const outcome = await write(tx, parameter(call, "saleId"));
      if (!outcome.ok) return outcome;
      written = outcome.value;
      return showPools(tx, outcome.value.sale);
    });
    if (written !== null) await followChange(services, written);
    return reply;
  }

  return {
    async getPools(call) {
      const row = await readSale(truth, parameter(call, "saleId"));
      return row === null ? refuse("SALE_NOT_FOUND") : showPools(truth, row);
    },

    rebalancePools: (call) => change(call, (tx, saleId) => rebalancePoolsIn(tx, saleId, actorOf(call))),

    adjustPool: (call) =>
      change(call, (tx, saleId) =>
        adjustPoolIn(tx, saleId, Number(parameter(call, "index")), call.body, actorOf(call)),
      ),

    async getSaleMetrics(call) {
      const sale = await sales.find(parameter(call, "saleId"));
      if (sale === null) return refuse("SALE_NOT_FOUND");
      const series = figures.of(sale);
      const step = Number(call.query.step) as SeriesStep; // the schema lets no other through
      const [counts, tallies] = await Promise.all([
        countUnits(truth, sale.id),
        readTallies(truth, [sale.id]),
      ]);
      const totals = tallies[0] === undefined ? NO_TOTALS : totalsOf(tallies[0]);
      const sample = sampleOf(sale, counts, totals, figures.visitorsOf(sale), Date.now());
      return json(200, {
        phase: sale.phase,
        now: figuresOf({ ...sample, ...ratesOf(series.newest) }),
        totals,
        series: { stepSeconds: step, points: series.points(step).map(figuresOf) },
      } satisfies SaleMetrics);
    },
  };
}

async function showPools(tx: Statements, row: Pick<SaleRow, "id" | "poolCount">): Promise<Answer> {
  const counted = new Map((await countPools(tx, row.id)).map((pool) => [pool.index, pool]));
  const items = Array.from(
    { length: row.poolCount },
    (_, index) => counted.get(index) ?? { index, capacity: 0, available: 0, held: 0, sold: 0 },
  );
  return json(200, { items });
}
