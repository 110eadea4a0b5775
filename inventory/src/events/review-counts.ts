// Counts that wait for an operator, looked at again once more is known of what happened before them: a count that was
// told before the delivery it had seen is no variance. So the order in which events are told decides nothing.
import type { Statements, Truth } from "@dropgate/sql";
import {
  type AdjustmentRow,
  decideAdjustment,
  lockAdjustment,
} from "@dropgate/sql/adjustments/adjustment-row";
import { resolveAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { lockLevel } from "@dropgate/sql/levels/lock-levels";
import { readMovedAfter } from "@dropgate/sql/wms/read-world";
import { readCountsToReview, writeReviewed } from "@dropgate/sql/wms/write-effects";
import { needsApproval } from "../adjustments/adjust.ts";
import { applyCountIn } from "./apply-count.ts";

const AT_ONCE = 50;
const ACTOR = "worker:later-events";

/** @returns how many needed nobody after all */
export async function reviewCounts(truth: Truth): Promise<number> {
  const ids = await readCountsToReview(truth, AT_ONCE);
  let settled = 0;
  for (const id of ids) {
    const done = await truth.transaction(async (tx) => {
      const adjustment = await lockAdjustment(tx, id);
      return adjustment?.state === "awaiting_approval" ? reviewIn(tx, adjustment) : false;
    });
    if (done) settled++;
  }
  return settled;
}

async function reviewIn(tx: Statements, adjustment: AdjustmentRow): Promise<boolean> {
  const { id, sku, locationId, countedAt, actualCount, countEventId } = adjustment;
  if (countedAt === null || actualCount === null || countEventId === null) return false;
  const level = await lockLevel(tx, { sku, locationId });
  if (level !== null) await writeReviewed(tx, id, level.rev);
  const [since = 0] = await readMovedAfter(tx, [{ sku, locationId, at: countedAt }]);
  const expected = (level?.onHand ?? 0) - since;
  const delta = actualCount - expected;
  if (delta !== 0 && needsApproval(delta, expected)) return false;
  const count = { eventId: countEventId, sku, locationId, countedAt, actual: actualCount };
  if ((await applyCountIn(tx, count, ACTOR)) !== null) return false;
  await decideAdjustment(tx, id, "approved", ACTOR);
  await resolveAlerts(tx, "variance", countEventId, ACTOR);
  return true;
}
