// A batch of buyers: tokens for those who could get a unit, units from the pools, holds in PostgreSQL, and for each the
// answer that is true. Whatever was taken for nothing goes back.
import type { HoldId } from "@dropgate/contracts/ids";
import { HOLD_APPLY_WAIT_MS } from "@dropgate/contracts/limits";
import { refuse } from "@dropgate/contracts/refusals";
import { applyHolds } from "@dropgate/inventory/applying";
import { entryIdFor, newHoldId } from "@dropgate/inventory/ids";
import { makeRushHolds, type RushMade } from "@dropgate/inventory/rush/make-holds";
import { planPools } from "@dropgate/inventory/rush/pool-plan";
import { type PoolTake, returnTakes } from "@dropgate/inventory/rush/return-takes";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { HoldRow } from "@dropgate/sql/holds/hold-row";
import type { MadeHold, RushAsk } from "@dropgate/sql/rush/insert-holds";
import { readRushStandings } from "@dropgate/sql/rush/standings";
import { callLane, LaneShut } from "../joining/lane-call.ts";
import type { RushRoom, Trying } from "./rush-room.ts";

/** A buyer with the unit that was taken for it. */
interface Buyer {
  trying: Trying;
  take: PoolTake;
}

/** Own pool, then one more call for who found it empty, however many pools are. */
const ROUNDS = 2;
/** Who found a unit gone that was there a moment ago may try again almost at once. */
const LOST_RETRY_MS = 150;
/** The longest that a refused token waits; beyond it the figure says nothing. */
const TOKEN_RETRY_MS_MAX = 10_000;

/**
 * Settles every try of the batch.
 * @throws HotStoreAway, LaneShut or PostgreSQL's error: nothing is known of those without an answer, not even whether
 *   their tokens were spent; they are told to ask again, and find what was made of them
 */
export async function buyUnits(room: RushRoom, batch: readonly Trying[]): Promise<void> {
  const { sale, parts } = room;
  const { ratePerSecond, burst } = sale.row;
  if (room.levels.counts.every((count) => count === null)) await room.readLevels();
  if (room.levels.areEmpty) return refuseSoldOut(room, batch);

  const slot = parts.hotStore.sale(sale.id);
  const { granted, waitMs } = await slot.tokens({ ratePerSecond, burst }, batch.length, 0);
  const able = batch.slice(0, granted);
  refuseTokens(room, batch.slice(granted), waitMs);
  const { buyers, missing, shut } = await takeUnits(room, able);
  const outcomes = await commit(room, buyers);
  const unspent = able.length - outcomes.filter(({ outcome }) => outcome === "made").length;
  if (unspent > 0) slot.tokens({ ratePerSecond, burst }, 0, unspent).catch(parts.onError);
  refuseMissing(room, missing);
  refuseBusy(room, shut);
  await settle(room, buyers, outcomes);
}

function refuseSoldOut(room: RushRoom, tries: readonly Trying[]): void {
  room.foundEmpty();
  for (const trying of tries) trying.resolve(room.refuseSoldOut());
  room.end(tries);
}

/** Spread over the time that their tokens take to come, so that they do not come back together. */
function refuseTokens(room: RushRoom, tries: readonly Trying[], waitMs: number): void {
  if (tries.length === 0) return;
  const allMs = (tries.length * 1_000) / room.sale.row.ratePerSecond;
  for (const trying of tries) {
    const retryAfterMs = Math.ceil(
      Math.min(waitMs + Math.random() * Math.max(allMs, waitMs), TOKEN_RETRY_MS_MAX),
    );
    trying.resolve(
      refuse("RATE_LIMITED", {
        retryAfterMs,
        detail: "The sale lets only so many in a second. Try again after retryAfterMs.",
      }),
    );
  }
  room.end(tries);
}

function refuseMissing(room: RushRoom, tries: readonly Trying[]): void {
  if (tries.length === 0) return;
  if (room.levels.areEmpty) return refuseSoldOut(room, tries);
  for (const trying of tries) trying.resolve(lost());
  room.end(tries);
}

function refuseBusy(room: RushRoom, tries: readonly Trying[]): void {
  for (const trying of tries) trying.resolve(refuse("BUSY"));
  if (tries.length > 0) room.end(tries);
}

function lost(): ReturnType<typeof refuse> {
  return refuse("RATE_LIMITED", {
    retryAfterMs: Math.round(LOST_RETRY_MS * (1 + Math.random())),
    detail: "Somebody was faster at this very unit; others are left. Try again after retryAfterMs.",
  });
}

interface Taken {
  buyers: Buyer[];
  /** For whom no pool had a unit. */
  missing: Trying[];
  /** Whose pool is being rebuilt. */
  shut: Trying[];
}

async function takeUnits(room: RushRoom, able: readonly Trying[]): Promise<Taken> {
  const { sale, levels } = room;
  const buyers: Buyer[] = [];
  const shut: Trying[] = [];
  let left = able;
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    const plan = planPools(
      left.map((trying) => trying.key),
      levels.counts,
    );
    const missing: Trying[] = [];
    const groups = new Map<number, Trying[]>();
    for (const [i, trying] of left.entries()) {
      const pool = plan[i] ?? null;
      if (pool === null) missing.push(trying);
      else groups.set(pool, [...(groups.get(pool) ?? []), trying]);
    }
    await Promise.all(
      [...groups].map(async ([pool, group]) => {
        const holdIds = group.map(() => newHoldId(sale.tag, pool));
        const asked = levels.asking(pool);
        try {
          const { value: units } = await callLane(room.calls, sale, pool, (store) => store.take(holdIds));
          levels.gave(pool, asked, group.length, units.length);
          for (const [i, trying] of group.entries()) {
            const unit = units[i];
            if (unit === undefined) missing.push(trying);
            else buyers.push({ trying, take: { lane: pool, unit, holdId: holdIds[i] as HoldId } });
          }
        } catch (error) {
          if (!(error instanceof LaneShut)) throw error;
          shut.push(...group);
        }
      }),
    );
    left = missing;
  }
  return { buyers, missing: [...left], shut };
}

function askOf({ sale }: RushRoom, { trying, take }: Buyer): RushAsk {
  const { shopper, key, lane, attempt } = trying;
  const entryId = entryIdFor(sale.ids, lane, shopper, attempt);
  return {
    holdId: take.holdId,
    unit: take.unit,
    pool: take.lane,
    entryId,
    shopper,
    shopperKey: key,
    lane,
    attempt,
  };
}

async function commit(room: RushRoom, buyers: readonly Buyer[]): Promise<RushMade[]> {
  if (buyers.length === 0) return [];
  const asks = buyers.map((buyer) => askOf(room, buyer));
  return makeRushHolds(room.parts.truth, room.sale.id, asks);
}

async function settle(
  room: RushRoom,
  buyers: readonly Buyer[],
  outcomes: readonly RushMade[],
): Promise<void> {
  const made: { buyer: Buyer; hold: MadeHold }[] = [];
  const refused: Buyer[] = [];
  const shut: Buyer[] = [];
  for (const [i, buyer] of buyers.entries()) {
    const outcome = outcomes[i];
    if (outcome?.outcome === "made") made.push({ buyer, hold: outcome.hold });
    else (outcome?.outcome === "shut" ? shut : refused).push(buyer);
  }
  // The next batch need not wait for Redis to follow.
  void answerMade(room, made);
  refuseBusy(
    room,
    shut.map(({ trying }) => trying),
  );
  try {
    await takeBack(room, [...refused, ...shut]);
    await explainRefused(room, refused);
  } catch (error) {
    // What is made is made; the takes stay pending, for the worker to decide on.
    room.parts.onError(error);
    refuseBusy(
      room,
      refused.map(({ trying }) => trying),
    );
  }
}

/** The answer is given when Redis shows it too, so that whoever asks next sees it; its commit stands anyway. */
async function answerMade(room: RushRoom, made: readonly { buyer: Buyer; hold: MadeHold }[]): Promise<void> {
  if (made.length === 0) return;
  const { sale, parts } = room;
  const ids = made.map(({ hold }) => hold.holdId);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, HOLD_APPLY_WAIT_MS);
  });
  // What is not applied now, the tick applies.
  const applied = applyHolds(parts.truth, parts.hotStore, sale.id, addresses(room), ids);
  await Promise.race([applied.catch(parts.onError), late]);
  clearTimeout(timer);
  for (const { buyer, hold } of made) {
    const { trying } = buyer;
    trying.resolve({ ok: true, value: { hold: rowOf(room, buyer, hold), attempt: trying.attempt } });
  }
  room.end(made.map(({ buyer }) => buyer.trying));
}

async function takeBack(room: RushRoom, buyers: readonly Buyer[]): Promise<void> {
  const takes = buyers.map(({ take }) => take);
  const { truth, hotStore } = room.parts;
  await returnTakes(truth, hotStore, room.sale.id, addresses(room), takes);
}

/** PostgreSQL did not make these: the shopper has a unit or all they may have, or the unit was not free. */
async function explainRefused(room: RushRoom, buyers: readonly Buyer[]): Promise<void> {
  if (buyers.length === 0) return;
  const tries = buyers.map(({ trying }) => trying);
  const shoppers = tries.map(({ shopper }) => shopper);
  const standings = await readRushStandings(room.parts.truth, room.sale.id, shoppers);
  room.end(tries);
  for (const trying of tries) {
    const standing = standings.get(trying.shopper);
    // Made on another gateway: the card says so in a moment.
    if (standing?.live) room.again(trying);
    else if (standing && standing.bought >= room.sale.row.limitPerShopper) {
      trying.resolve(refuse("ALREADY_PURCHASED"));
    } else trying.resolve(lost());
  }
}

function addresses({ sale }: Pick<RushRoom, "sale">): Map<number, LaneAddress> {
  const lanes = new Map<number, LaneAddress>();
  for (const { lane, address } of sale.lanes) if (address !== null) lanes.set(lane, address);
  return lanes;
}

function rowOf(room: RushRoom, buyer: Buyer, made: MadeHold): HoldRow {
  const { sale } = room;
  const { trying, take } = buyer;
  return {
    holdId: take.holdId,
    saleId: sale.id,
    entryId: entryIdFor(sale.ids, trying.lane, trying.shopper, trying.attempt),
    shopper: trying.shopper,
    unit: take.unit,
    slot: made.slot,
    state: "active",
    rev: 1,
    appliedRev: 0,
    offeredAt: made.offeredAt,
    publishedAt: made.offeredAt,
    claimBy: made.offeredAt,
    claimedAt: made.offeredAt,
    expiresAt: made.expiresAt,
    extended: false,
    orderId: null,
    replaces: null,
    sku: sale.row.sku,
  };
}
