// What warehouses told us is applied to the stock, and orders that wait get what has come. Any worker does either: who has
// the turn applies, and one that dies leaves all of its batch to the next.
import { BACKORDER_BATCH_MAX } from "@dropgate/contracts/limits";
import { applyEvents } from "@dropgate/inventory/events/apply";
import { reviewCounts } from "@dropgate/inventory/events/review-counts";
import { fillBackorders } from "@dropgate/inventory/reservations/fill-backorders";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether there may be more */
export async function applyWmsEvents(context: WorkerContext): Promise<boolean> {
  const { applied, more } = await applyEvents(context.truth);
  context.happened("event.applied", applied);
  // What was told later may settle a count that waits for somebody.
  await reviewCounts(context.truth);
  return more;
}

/** @returns whether there may be more */
export async function fillWaitingOrders(context: WorkerContext): Promise<boolean> {
  const { looked, filled } = await fillBackorders(context.truth);
  context.happened("backorder.filled", filled);
  return filled > 0 && looked >= BACKORDER_BATCH_MAX;
}
