// Moves a sale's phase when its schedule, draw or stock says so, returns the free units of a closed sale,
// and closes ledger pages: the short acts under the sale's lock that are not offers.

import { byLane } from "@dropgate/inventory/lanes";
import { WITHDRAWN } from "@dropgate/inventory/rebuilding";
import { nextPhase } from "@dropgate/inventory/sales/advance";
import { returnFreeIn } from "@dropgate/inventory/sales/stock";
import { FREE, type LaneAddress } from "@dropgate/lua/lane-answers";
import { readPhaseFacts, writePhase } from "@dropgate/sql/admission/phases";
import { lockSale, type TickSale } from "@dropgate/sql/admission/tick-sale";
import { closeLedgerPage } from "@dropgate/sql/ledger/close-page";
import type { WorkerContext } from "../running/context.ts";

export interface PhaseStep {
  sale: TickSale;
  changed: boolean;
}

/** @returns null when another worker has the sale: it does the same */
export async function stepPhase(
  context: WorkerContext,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
): Promise<PhaseStep | null> {
  const step = await context.truth.transaction(async (tx) => {
    const sale = await lockSale(tx, saleId, "skip");
    if (sale === null) return null;
    const facts = await readPhaseFacts(tx, saleId);
    let phase = sale.phase;
    let changes = 0;
    for (;;) {
      const next = nextPhase({ ...sale, ...facts, phase });
      if (next === null) break;
      await writePhase(tx, saleId, phase, next, "worker");
      phase = next;
      changes++;
    }
    const returned = phase === "closed" ? await returnFreeIn(tx, { ...sale, id: saleId }) : [];
    const after: TickSale = { ...sale, phase, version: sale.version + changes };
    return { sale: after, changed: changes > 0, returned };
  });
  if (step === null) return null;
  if (step.changed) {
    context.happened("phase.changed");
    context.log.info({ sale: saleId, phase: step.sale.phase }, "the sale's phase changed");
  }
  // The pools follow; a take that comes too late is refused by PostgreSQL and costs nothing.
  for (const [lane, units] of byLane(step.returned, (unit) => unit.lane)) {
    const address = lanes.get(lane);
    if (!address) continue;
    await context.hotStore
      .lane(address)
      .mark(units.map(({ unit }) => ({ unit, seen: FREE, becomes: WITHDRAWN })));
  }
  return { sale: step.sale, changed: step.changed };
}

/** Closes the ledger's next page. @returns the rows it took */
export async function stepLedger(context: WorkerContext, saleId: string): Promise<number> {
  const rows = await context.truth.transaction(async (tx) => {
    if ((await lockSale(tx, saleId, "skip")) === null) return 0;
    return closeLedgerPage(tx, saleId);
  });
  if (rows > 0) context.happened("ledger.page");
  return rows;
}
