// Compares stock with its ledger and its orders, a page at a time beside everything else. Any worker does the next page
// of whatever was asked for; one that dies leaves it as it was.
import { TRANSFER_STUCK_MS } from "@dropgate/contracts/limits";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { newAlertId, newReconciliationId } from "@dropgate/inventory/ids";
import { lookAtPage } from "@dropgate/inventory/reconciling/look";
import { repairFound } from "@dropgate/inventory/reconciling/repair";
import type { Truth } from "@dropgate/sql";
import { raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { insertScheduled } from "@dropgate/sql/reconciling/reconciliation-row";
import { readStuckTransfers } from "@dropgate/sql/wms/transfers";
import type { WorkerContext } from "./running/context.ts";

const SCHEDULE = "schedule";
const STUCK_AT_ONCE = 50;

/** Stock that left one place long ago and never came to the other. */
async function alertStuckTransfers(truth: Truth): Promise<void> {
  const stuck = await readStuckTransfers(truth, TRANSFER_STUCK_MS, STUCK_AT_ONCE);
  await raiseAlerts(
    truth,
    stuck.map(({ transferId, fromLocationId, toLocationId, items }) => ({
      id: newAlertId(),
      kind: "stuck_transfer",
      subject: transferId,
      locationId: toLocationId,
      detail: `Transfer ${transferId} from ${fromLocationId} to ${toLocationId} has been on the way for a week.`,
      data: { items },
    })),
  );
}

/**
 * @param everySeconds how old the last look at everything may be; 0: any
 * @returns whether there is more to look at
 */
export async function reconcileStock(
  context: WorkerContext,
  stock: HotStock,
  everySeconds: number,
): Promise<boolean> {
  const { truth } = context;
  if (everySeconds > 0) {
    const isDue = await truth.transaction((tx) =>
      insertScheduled(tx, newReconciliationId(), SCHEDULE, everySeconds),
    );
    if (isDue) await alertStuckTransfers(truth);
  }
  const page = await lookAtPage(truth, stock);
  if (page === null) return false;
  context.happened("reconciliation.page");
  context.happened("reconciliation.difference", page.differences);
  const { id, apply, requestedBy } = page.reconciliation;
  // After each page: one whose worker dies here is repaired after the next, and the last one by whoever asks.
  if (apply && page.differences > 0) await repairFound({ truth, stock }, id, requestedBy);
  return true;
}
