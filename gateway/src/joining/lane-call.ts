// Asks a lane something, and when the lane refuses the epoch we know, or its slot is on its way to another server
// of a cluster, learns where it is now and asks again: for at most two seconds, because whoever waits behind us would rather be told "one moment".
import { LANE_RETRY_MS_MAX, LANE_RETRY_PAUSE_MS } from "@dropgate/contracts/limits";
import type { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import type { LaneAnswer } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import type { KnownSale } from "../sales/known-sale.ts";

/** The lane is being rebuilt, and was not back in time. Nothing was changed. */
export class LaneShut extends Error {
  constructor(saleId: string, lane: number) {
    super(`lane ${saleId}:${lane} is being rebuilt`);
    this.name = "LaneShut";
  }
}

export interface LaneCallParts {
  hotStore: HotStore;
  /** Reads the sale's lanes again; shared by all who ask at once. */
  refreshLanes: (sale: KnownSale) => Promise<void>;
}

/** What a lane answered, and the epoch in which. */
export interface InEpoch<Value> {
  value: Value;
  epoch: number;
}

/**
 * @throws LaneShut when the lane was not to be had; HotStoreAway when Redis was not (the outcome may be
 *   unknown); PostgreSQL's error when the lane's row could not be read
 */
export async function callLane<Value>(
  parts: LaneCallParts,
  sale: KnownSale,
  lane: number,
  ask: (store: LaneStore) => Promise<LaneAnswer<Value>>,
): Promise<InEpoch<Value>> {
  const giveUpMs = performance.now() + LANE_RETRY_MS_MAX;
  for (;;) {
    const address = sale.lanes[lane]?.address ?? null;
    if (address !== null) {
      const answer = await answerOf(parts.hotStore, () => ask(parts.hotStore.lane(address)));
      if (answer?.ok) return { value: answer.value, epoch: address.epoch };
    }
    if (performance.now() > giveUpMs) throw new LaneShut(sale.id, lane);
    await parts.refreshLanes(sale);
    const moved = sale.lanes[lane]?.address ?? null;
    if (moved === null || moved === address || moved.epoch === address?.epoch) {
      await new Promise((resolve) => setTimeout(resolve, LANE_RETRY_PAUSE_MS * (0.5 + Math.random())));
    }
  }
}

/**
 * @returns null when the lane's server alone is away and nothing was sent: its slot may be elsewhere in a moment
 * @throws HotStoreAway when all of Redis is away, or the outcome is unknown
 */
async function answerOf<Value>(
  hotStore: HotStore,
  ask: () => Promise<LaneAnswer<Value>>,
): Promise<LaneAnswer<Value> | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HotStoreAway && error.effect === "nothing" && hotStore.ready) return null;
    throw error;
  }
}
