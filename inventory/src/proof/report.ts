// The proof of a sale: every check by its name, recomputed at each call from what is in the stores. The same
// checks serve the tests, reconciliation and whoever breaks things on purpose.
import { REPORT_CHECKS, type Report, type ReportCheckName } from "@dropgate/contracts/report";
import type { HotStore } from "@dropgate/lua";
import type { Statements } from "@dropgate/sql";
import { admissionRate } from "./admission-rate.ts";
import { drawRecomputed } from "./draw-recomputed.ts";
import { holdsMatchUnits } from "./holds-match-units.ts";
import { ledgerChain } from "./ledger-chain.ts";
import { ledgerReplays } from "./ledger-replays.ts";
import { limitPerShopper } from "./limit-per-shopper.ts";
import { type Check, readSaleFacts } from "./look.ts";
import { noUnitTwice } from "./no-unit-twice.ts";
import { offersInTicketOrder } from "./offers-in-ticket-order.ts";
import { ordersMatchHolds } from "./orders-match-holds.ts";
import { redisAgrees } from "./redis-agrees.ts";
import { ticketsWithoutGaps } from "./tickets-without-gaps.ts";
import { readUnitCounts } from "./unit-counts.ts";
import { unitsAddUp } from "./units-add-up.ts";
import { unitsMatchStock } from "./units-match-stock.ts";

/** docs/reference/report.md tells each in words. */
export const CHECKS: Record<ReportCheckName, Check> = {
  "units-add-up": unitsAddUp,
  "no-unit-twice": noUnitTwice,
  "holds-match-units": holdsMatchUnits,
  "limit-per-shopper": limitPerShopper,
  "orders-match-holds": ordersMatchHolds,
  "tickets-without-gaps": ticketsWithoutGaps,
  "offers-in-ticket-order": offersInTicketOrder,
  "admission-rate": admissionRate,
  "draw-recomputed": drawRecomputed,
  "ledger-chain": ledgerChain,
  "ledger-replays": ledgerReplays,
  "units-match-stock": unitsMatchStock,
  "redis-agrees": redisAgrees,
};

/**
 * Looks at a sale with every check, one after another, each in statements of some milliseconds: a sale may
 * live meanwhile.
 * @param truth a pool rather than one transaction: no snapshot is held from one statement to the next
 * @param hotStore null to prove the truth alone
 * @returns null when there is no such sale
 */
export async function saleReport(
  truth: Statements,
  hotStore: HotStore | null,
  saleId: string,
): Promise<Report | null> {
  const checks: Report["checks"] = [];
  for (const name of REPORT_CHECKS) {
    // Read anew for each: quantity and how far the draw has come may move between two checks.
    const sale = await readSaleFacts(truth, saleId);
    if (sale === null) return null;
    checks.push({ name, ...(await CHECKS[name]({ tx: truth, sale, hotStore })) });
  }
  const { rows, sold, returned, held, free } = await readUnitCounts(truth, saleId);
  const clock = await truth.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return {
    saleId,
    ok: checks.every(({ ok }) => ok),
    units: rows,
    sold,
    returned,
    held,
    free,
    checks,
    at: (clock.rows[0]?.now ?? new Date(0)).toISOString(),
  };
}
