// Fills a lane of Redis from PostgreSQL: at a sale's creation, and whenever Redis forgot, was restarted, or
// is another server than the lane's row names. The epoch is raised first, so that from that moment nobody
// who knew the old lane can be answered by it; the pointer flips last, so nobody sees a half-filled one.
import type { SaleId } from "@dropgate/contracts/ids";
import {
  CARD_BATCH_MAX,
  EPOCH_SETTLE_LOBBY_MS,
  EPOCH_SETTLE_MS,
  INTAKE_BATCH_MAX,
  JOIN_BATCH_MAX,
} from "@dropgate/contracts/limits";
import type { HotStore } from "@dropgate/lua";
import {
  FREE,
  type Arrival as HotArrival,
  type LaneAddress,
  type LaneAnswer,
  type UnitHolder,
} from "@dropgate/lua/lane-answers";
import type { Truth } from "@dropgate/sql";
import { readLaneEntries } from "@dropgate/sql/entries/entry-row";
import { type Arrival, storeArrivals } from "@dropgate/sql/intake/store-arrivals";
import { type LaneRow, lockLane, markReady, raiseEpoch } from "@dropgate/sql/lanes/lane-row";
import { readLaneUnits, readSaleForLane } from "@dropgate/sql/lanes/sale-for-lane";
import { cardWriteOf } from "./cards.ts";

/** A lane's server that is not connected by then is away; whoever asked comes again. */
const REACH_MS_MAX = 2_000;

/** The record under which a unit that went back to stock is kept out of its pool. */
export const WITHDRAWN = "withdrawal:returned";

/**
 * `rebuilt`: the lane is filled and ready. `ready`: somebody else had done it. `overtaken`: somebody raised
 * the epoch again meanwhile and goes on from there.
 */
export type RebuildOutcome = "rebuilt" | "ready" | "overtaken";

/**
 * @param fencedEpoch the epoch that Redis refused, or that was found wanting; 0 for a new lane
 * @throws HotStoreAway, or PostgreSQL's error: the epoch may be raised, and the next caller begins anew
 */
export async function rebuildLane(
  truth: Truth,
  hotStore: HotStore,
  saleId: string,
  lane: number,
  fencedEpoch: number,
): Promise<RebuildOutcome> {
  const runId = await hotStore.whenReachable({ saleId: saleId as SaleId, lane }, REACH_MS_MAX);
  const before = await truth.transaction(async (tx) => {
    const row = await lockLane(tx, saleId, lane, "wait");
    if (row === null) throw new Error(`there is no lane ${saleId}:${lane}`);
    if (row.state === "ready" && row.epoch > fencedEpoch && row.runId === runId) return null;
    const stored = row.epoch === 0 ? row : await storeSurvivors(tx, hotStore, row);
    const epoch = await raiseEpoch(tx, stored);
    return { old: stored, epoch };
  });
  if (before === null) return "ready";

  const address: LaneAddress = { saleId: saleId as SaleId, lane, epoch: before.epoch, runId };
  const outcome = await truth.transaction(async (tx) => {
    const row = await lockLane(tx, saleId, lane, "wait");
    if (row?.epoch !== before.epoch || row.state !== "rebuilding") return "overtaken" as const;
    const sale = await readSaleForLane(tx, saleId);
    if (sale === null) throw new Error(`lane ${saleId}:${lane} has no sale`);
    await loadUnits(tx, hotStore, address);
    const cards = await loadCards(tx, hotStore, address, row.closedTo + 1);
    const flipped = await hotStore.lane(address).flip({
      ...sale,
      bucket: row.closedTo + 1,
      bucketHasArrivals: cards.openBucketHasArrivals,
      seq: row.lastSeq,
      waiting: cards.waiting,
      settleMs: settleMsAfter(before.old),
    });
    if (!flipped.ok) throw new Error(`lane ${saleId}:${lane} would not flip to epoch ${address.epoch}`);
    if (before.old.epoch > 0) await carryOver(hotStore, before.old, address);
    await markReady(tx, saleId, lane, address.epoch, runId);
    return "rebuilt" as const;
  });
  if (outcome === "rebuilt" && before.old.epoch > 0) {
    await hotStore.dropEpoch({ saleId: address.saleId, lane, epoch: before.old.epoch });
  }
  return outcome;
}

/** A lane that was never ready has no journals to wait for. */
function settleMsAfter(old: LaneRow): number {
  if (old.runId === null) return 0;
  return old.closedTo < 0 ? EPOCH_SETTLE_LOBBY_MS : EPOCH_SETTLE_MS;
}

/** An arrival as intake stores it. */
export function storableArrival(arrival: HotArrival): Arrival {
  if (arrival.kind === "close") return { kind: "close", seq: arrival.seq, bucket: arrival.bucket };
  const { kind, seq, entryId } = arrival;
  if (kind === "leave") return { kind, seq, entryId, shopperKey: arrival.key };
  return {
    kind,
    seq,
    entryId,
    shopperKey: arrival.key,
    shopper: arrival.shopper,
    attempt: arrival.attempt,
    bucket: arrival.bucket,
  };
}

/** Stores what the old epoch still has beyond `last_seq`, as far as it has no gap. */
async function storeSurvivors(
  tx: Parameters<typeof storeArrivals>[0],
  hotStore: HotStore,
  row: LaneRow,
): Promise<LaneRow> {
  let lane = row;
  for (;;) {
    const survivors = await hotStore.survivors(
      { saleId: lane.saleId as SaleId, lane: lane.lane, epoch: lane.epoch },
      lane.lastSeq,
      INTAKE_BATCH_MAX,
    );
    const first = lane.lastSeq + 1;
    const whole = survivors.filter((arrival, i) => arrival.seq === first + i);
    if (whole.length === 0) return lane;
    const stored = await storeArrivals(tx, lane, whole.map(storableArrival));
    lane = { ...lane, lastSeq: stored.lastSeq, closedTo: stored.closedTo };
    if (whole.length < survivors.length) return lane;
  }
}

/**
 * What the old epoch took after its survivors were read and before the pointer flipped: those shoppers have
 * their receipts. Nothing can be added to it any more, so reading it once more is enough.
 */
async function carryOver(hotStore: HotStore, old: LaneRow, address: LaneAddress): Promise<void> {
  const store = hotStore.lane(address);
  let after = old.lastSeq;
  for (;;) {
    const rest = await hotStore.survivors({ ...address, epoch: old.epoch }, after, JOIN_BATCH_MAX);
    if (rest.length === 0) return;
    after = rest.at(-1)?.seq ?? after;
    // Joins before leaves: a leave of a card that is not there yet would be lost.
    const joins = rest.filter((arrival) => arrival.kind === "join");
    const leaves = rest.filter((arrival) => arrival.kind === "leave");
    if (joins.length > 0) mustHave(await store.join(joins, true), address);
    if (leaves.length > 0) mustHave(await store.leave(leaves), address);
  }
}

function mustHave(answer: LaneAnswer<unknown>, { saleId, lane, epoch }: LaneAddress): void {
  if (!answer.ok) throw new Error(`lane ${saleId}:${lane} left epoch ${epoch} while it was being filled`);
}

async function loadUnits(
  tx: Parameters<typeof readLaneUnits>[0],
  hotStore: HotStore,
  address: LaneAddress,
): Promise<void> {
  let after = 0;
  for (;;) {
    const units = await readLaneUnits(tx, address.saleId, address.lane, after, CARD_BATCH_MAX);
    if (units.length === 0) return;
    const records: UnitHolder[] = units.map(({ unit, state, holdId }) => ({
      unit,
      holder: state === "free" ? FREE : (holdId ?? WITHDRAWN),
    }));
    const loaded = await hotStore.lane(address).loadUnits(records);
    if (!loaded.ok)
      throw new Error(`lane ${address.saleId}:${address.lane} has a higher epoch than ${address.epoch}`);
    after = units.at(-1)?.unit ?? after;
  }
}

async function loadCards(
  tx: Parameters<typeof readLaneEntries>[0],
  hotStore: HotStore,
  address: LaneAddress,
  openBucket: number,
): Promise<{ waiting: number; openBucketHasArrivals: boolean }> {
  let after = 0;
  let waiting = 0;
  let openBucketHasArrivals = false;
  for (;;) {
    const entries = await readLaneEntries(tx, address.saleId, address.lane, after, CARD_BATCH_MAX);
    if (entries.length === 0) return { waiting, openBucketHasArrivals };
    for (const entry of entries) {
      if (entry.state === "waiting") waiting++;
      if (entry.bucket >= openBucket) openBucketHasArrivals = true;
    }
    const loaded = await hotStore.lane(address).loadCards(entries.map(cardWriteOf));
    if (!loaded.ok)
      throw new Error(`lane ${address.saleId}:${address.lane} has a higher epoch than ${address.epoch}`);
    after = entries.at(-1)?.seq ?? after;
  }
}
