// Ends the holds whose window is over. Found by an index, judged again under the lock: a sweep that comes
// late or twice ends nothing that was claimed or paid meanwhile.
import { HOLD_BATCH_MAX } from "@dropgate/contracts/limits";
import { actOnHolds } from "@dropgate/inventory/holds/act";
import { readDueHolds } from "@dropgate/sql/holds/unapplied";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether a full batch was due, so there may be more */
export async function sweepHolds(context: WorkerContext): Promise<boolean> {
  const due = await readDueHolds(context.truth, HOLD_BATCH_MAX);
  if (due.length === 0) return false;
  const outcomes = await actOnHolds(
    context.truth,
    due.map((holdId) => ({ holdId, act: "expire", actor: "worker", entryId: null })),
  );
  const ended = outcomes.filter((outcome) => outcome.ok && outcome.value.state === "expired").length;
  context.happened("hold.expired", ended);
  return ended > 0 && due.length >= HOLD_BATCH_MAX;
}
