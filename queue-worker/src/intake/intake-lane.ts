// Arrivals become rows: read what Redis has beyond `last_seq`, store it under the lane's lock, tell the lane
// that it is stored. Any worker, at any time, twice: the lock, the sequence and the epoch decide.

import { INTAKE_BATCH_MAX } from "@dropgate/contracts/limits";
import { addressOf } from "@dropgate/inventory/lanes";
import { storableArrival } from "@dropgate/inventory/rebuilding";
import { storeArrivals } from "@dropgate/sql/intake/store-arrivals";
import { type LaneRow, lockLane } from "@dropgate/sql/lanes/lane-row";
import type { WorkerContext } from "../running/context.ts";

export interface IntakeOutcome {
  /** Redis did not take the lane's epoch: it has to be rebuilt. */
  fenced: boolean;
  /** A full batch was stored, so there may be more. */
  more: boolean;
}

export async function intakeLane(context: WorkerContext, row: LaneRow): Promise<IntakeOutcome> {
  const address = addressOf(row);
  if (address === null) return { fenced: true, more: false };
  const lane = context.hotStore.lane(address);
  // Looked at before anything is locked: most looks find nothing.
  const look = await lane.arrivals(row.lastSeq, INTAKE_BATCH_MAX);
  if (!look.ok) return { fenced: true, more: false };
  const arrivals = look.value;
  if (arrivals.length === 0) return { fenced: false, more: false };

  const stored = await context.truth.transaction(async (tx) => {
    const locked = await lockLane(tx, row.saleId, row.lane, "skip");
    // Another worker is at it, or the lane was rebuilt since: what was read may be numbered anew.
    if (locked === null || locked.epoch !== row.epoch || locked.state !== "ready") return null;
    const rest = arrivals.filter((arrival) => arrival.seq > locked.lastSeq).map(storableArrival);
    if (rest.length === 0) return null;
    return storeArrivals(tx, locked, rest);
  });
  if (stored === null) return { fenced: false, more: false };
  context.happened("arrivals.stored", arrivals.length);
  const told = await lane.stored(stored.lastSeq);
  return { fenced: !told.ok, more: arrivals.length === INTAKE_BATCH_MAX };
}
