// Compares stock with its ledger and its orders, a page at a time beside everything else. Any worker does the next page
// of whatever was asked for; one that dies leaves it as it was.
import { newReconciliationId } from "@dropgate/inventory/ids";
import { lookAtPage } from "@dropgate/inventory/reconciling/look";
import { repairFound } from "@dropgate/inventory/reconciling/repair";
import { insertScheduled } from "@dropgate/sql/reconciling/reconciliation-row";
import type { WorkerContext } from "./running/context.ts";

const SCHEDULE = "schedule";

/**
 * @param everySeconds how old the last look at everything may be; 0: any
 * @returns whether there is more to look at
 */
export async function reconcileStock(context: WorkerContext, everySeconds: number): Promise<boolean> {
  const { truth } = context;
  if (everySeconds > 0) {
    await truth.transaction((tx) => insertScheduled(tx, newReconciliationId(), SCHEDULE, everySeconds));
  }
  const page = await lookAtPage(truth);
  if (page === null) return false;
  context.happened("reconciliation.page");
  context.happened("reconciliation.difference", page.differences);
  const { id, apply, requestedBy } = page.reconciliation;
  // After each page: one whose worker dies here is repaired after the next, and the last one by whoever asks.
  if (apply && page.differences > 0) await repairFound(truth, id, requestedBy);
  return true;
}
