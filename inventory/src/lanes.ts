// A sale's lanes as the hot store wants to be asked for them: the address that PostgreSQL's row gives.
import type { SaleId } from "@dropgate/contracts/ids";
import { HotStoreAway } from "@dropgate/lua/away";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { LaneRow } from "@dropgate/sql/lanes/lane-row";

/** Null while the lane is being rebuilt: nobody may ask it anything. */
export function addressOf(row: LaneRow): LaneAddress | null {
  if (row.state !== "ready") return null;
  return { saleId: row.saleId as SaleId, lane: row.lane, epoch: row.epoch, runId: row.runId };
}

/** By lane number; lanes that are being rebuilt are missing. */
export function addressesOf(rows: readonly LaneRow[]): Map<number, LaneAddress> {
  const addresses = new Map<number, LaneAddress>();
  for (const row of rows) {
    const address = addressOf(row);
    if (address !== null) addresses.set(row.lane, address);
  }
  return addresses;
}

/**
 * Does a lane's part of some work. When the lane's server is away, the lane is noted and the others' parts go on:
 * on a cluster one server's failover is no reason for the rest of a sale to stand still.
 * @returns null when it is away
 */
export async function unlessAway<Value>(
  away: Set<number>,
  lane: number,
  work: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HotStoreAway)) throw error;
    away.add(lane);
    return null;
  }
}

/** Groups things by a lane number, in one pass and in order. */
export function byLane<Thing>(
  things: Iterable<Thing>,
  laneOf: (thing: Thing) => number,
): Map<number, Thing[]> {
  const groups = new Map<number, Thing[]>();
  for (const thing of things) {
    const lane = laneOf(thing);
    const group = groups.get(lane);
    if (group) group.push(thing);
    else groups.set(lane, [thing]);
  }
  return groups;
}
