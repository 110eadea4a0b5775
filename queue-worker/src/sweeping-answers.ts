// Deletes answers that were kept for an Idempotency-Key once nobody may ask for them any more. Dying here, twice, late:
// what is left is deleted by the next look, and until then counts as if it were not there.
import { IDEMPOTENCY_SWEEP_MAX } from "@dropgate/contracts/limits";
import { sweepIdempotent } from "@dropgate/sql/idempotency/keys";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether there may be more */
export async function sweepAnswers({ truth }: Pick<WorkerContext, "truth">): Promise<boolean> {
  return (await sweepIdempotent(truth, IDEMPOTENCY_SWEEP_MAX)) >= IDEMPOTENCY_SWEEP_MAX;
}
