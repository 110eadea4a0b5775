// Arrivals become rows: read what Redis has beyond `last_seq`, store it under the lane's lock, tell the lane
// that it is stored. Any worker, at any time, twice: the lock, the sequence and the epoch decide.

import {
  CARD_BATCH_MAX,
  INTAKE_BATCH_MAX,
  INTAKE_BATCHES_MAX,
  INTAKE_CROWD,
  INTAKE_CROWD_EVERY_MS,
  INTAKE_REST_MS,
} from "@dropgate/contracts/limits";
import { cardWriteOf } from "@dropgate/inventory/cards";
import { addressOf } from "@dropgate/inventory/lanes";
import { storableArrival } from "@dropgate/inventory/rebuilding";
import type { Arrival } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import { sqlState } from "@dropgate/sql";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { type JoinsAre, type StoredArrivals, storeArrivals } from "@dropgate/sql/intake/store-arrivals";
import { type LaneRow, lockLane } from "@dropgate/sql/lanes/lane-row";
import type { WorkerContext } from "../running/context.ts";

const UNIQUE_VIOLATION = "23505";

export interface IntakeOutcome {
  /** Redis did not take the lane's epoch: it has to be rebuilt. */
  fenced: boolean;
  /** A full batch was stored, so there may be more. */
  more: boolean;
  /** How many arrivals were stored. */
  stored: number;
}

/**
 * How long to rest before the next look, ms. While a crowd comes, longer: what is stored now takes the processors that
 * joins are waiting for, and takes more of them in many small batches than in a few large ones. The line of a sealed
 * bucket does not wait for it: closing looks at once.
 * @param stored arrivals that the last look stored, in all lanes
 * @param tookMs how long that took; a crowd that keeps coming has as much less of the rest
 */
export function restOfIntake(stored: number, tookMs: number): number {
  return stored >= INTAKE_CROWD ? Math.max(INTAKE_REST_MS, INTAKE_CROWD_EVERY_MS - tookMs) : INTAKE_REST_MS;
}

/**
 * Stores what the lane has, batch after batch: each lane goes on at its own pace, and none waits for the fullest.
 * @returns how it stands after the last; `more` when there may still be some, for a while was enough
 */
export async function intakeLane(context: WorkerContext, row: LaneRow): Promise<IntakeOutcome> {
  let lane = row;
  let stored = 0;
  for (let batch = 0; batch < INTAKE_BATCHES_MAX; batch++) {
    const done = await storeBatch(context, lane);
    stored += done.stored;
    if (!done.more) return { fenced: done.fenced, more: false, stored };
    lane = { ...lane, lastSeq: done.lastSeq };
  }
  return { fenced: false, more: true, stored };
}

async function storeBatch(
  context: WorkerContext,
  row: LaneRow,
): Promise<IntakeOutcome & ({ more: false } | { lastSeq: number })> {
  const address = addressOf(row);
  if (address === null) return { fenced: true, more: false, stored: 0 };
  const lane = context.hotStore.lane(address);
  // Looked at before anything is locked: most looks find nothing.
  const look = await lane.arrivals(row.lastSeq, INTAKE_BATCH_MAX);
  if (!look.ok) return { fenced: true, more: false, stored: 0 };
  const arrivals = look.value;
  if (arrivals.length === 0) return { fenced: false, more: false, stored: 0 };

  const store = (joinsAre: JoinsAre): Promise<StoredArrivals | null> =>
    context.truth.transaction(async (tx) => {
      const locked = await lockLane(tx, row.saleId, row.lane, "skip");
      // Another worker is at it, or the lane was rebuilt since: what was read may be numbered anew.
      if (locked === null || locked.epoch !== row.epoch || locked.state !== "ready") return null;
      const rest = arrivals.filter((arrival) => arrival.seq > locked.lastSeq).map(storableArrival);
      if (rest.length === 0) return null;
      return storeArrivals(tx, locked, rest, joinsAre);
    });
  // Joins that are rows already come after a rebuild, from journals, and hardly ever else.
  const stored = await store("new").catch((error: unknown) => {
    if (sqlState(error) === UNIQUE_VIOLATION) return store("known");
    throw error;
  });
  if (stored === null) return { fenced: false, more: false, stored: 0 };
  context.happened("arrivals.stored", arrivals.length);
  const [oldest] = arrivals;
  if (oldest) context.watch?.storedSince(oldest.ms);
  const told = await lane.stored(stored.lastSeq);
  const shown = await showLeaves(context, lane, arrivals);
  return {
    fenced: !told.ok || !shown,
    more: told.ok && shown && arrivals.length === INTAKE_BATCH_MAX,
    stored: arrivals.length,
    lastSeq: stored.lastSeq,
  };
}

/**
 * A leave is told to whoever watches the entry once it is stored, and not before: until then it can be lost. Should the
 * worker die right here, it is told by the entry's next reading.
 * @returns whether the lane took it
 */
async function showLeaves(
  context: WorkerContext,
  lane: LaneStore,
  arrivals: readonly Arrival[],
): Promise<boolean> {
  const leavers = arrivals.flatMap((arrival) => (arrival.kind === "leave" ? [arrival.entryId] : []));
  for (let from = 0; from < leavers.length; from += CARD_BATCH_MAX) {
    const entries = await readEntries(context.truth, leavers.slice(from, from + CARD_BATCH_MAX));
    // One that was offered before its leave came is given back, not left.
    const left = entries.filter(({ state }) => state === "left");
    if (left.length > 0 && !(await lane.cards(left.map(cardWriteOf), true)).ok) return false;
  }
  return true;
}
