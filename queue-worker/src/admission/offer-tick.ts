// One admission tick: the next winners get the units that are free, at the rate of the token bucket. All of
// it is one transaction under the sale's row lock, so any number of workers give the same result as one.
//
// Redis is asked for units inside the transaction (sentence 2: it only proposes). A unit it hands out that
// PostgreSQL refuses is recorded as taken by whom PostgreSQL names; one taken for a hold that was never
// committed is found pending by the next tick, under the same lock, and goes back.
import { randomBytes } from "node:crypto";
import { type HoldId, holdIdOf, type SaleTag } from "@dropgate/contracts/ids";
import { SCRIPT_MS_MAX, TICK_OFFERS_MAX } from "@dropgate/contracts/limits";
import { demandOf, demandOfNeighbours, ownPool } from "@dropgate/inventory/pools";
import { WITHDRAWN } from "@dropgate/inventory/rebuilding";
import { type TokenBucket, tokensAt } from "@dropgate/inventory/tokens";
import { HotStoreAway } from "@dropgate/lua/away";
import { ABSENT, type LaneAddress, type PhaseCopy, type Pulse } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import { type Statements, sqlState } from "@dropgate/sql";
import {
  advanceSale,
  endAtLimit,
  insertOffers,
  knownHolds,
  lockFreeUnits,
  lockSale,
  lockWinners,
  type NewOffer,
  readUnits,
  type TickSale,
  type Winner,
} from "@dropgate/sql/admission/tick-sale";
import { readJudge } from "@dropgate/sql/holds/lock-holds";
import type { WorkerContext } from "../running/context.ts";

/** 128 random bits: never the same twice. */
const HOLD_ID_BYTES = 16;

export interface TickOutcome {
  holdIds: string[];
  /** Entries that ended because their shopper has all they may. */
  endedEntryIds: string[];
  fenced: Set<number>;
  /** What says when the next tick is worth while. */
  bucket: Pick<TokenBucket, "ratePerSecond" | "burst">;
}

interface TakenUnit {
  lane: number;
  unit: number;
  holdId: HoldId;
}

/** A pool that answers this tick. One that is fenced or slow is left out: its units wait, the others go on. */
interface Pool {
  lane: number;
  store: LaneStore;
  pulse: Pulse;
}

/** PostgreSQL refused what this tick was about to commit; none of it may stand. */
export class OffersRefused extends Error {
  readonly entryIds: readonly string[];

  constructor(saleId: string, entryIds: readonly string[], cause?: unknown) {
    super(`sale ${saleId}: some of ${entryIds.length} offers were refused`, { cause });
    this.entryIds = entryIds;
  }
}

export interface TickLimits {
  /** Fewer than usual after ticks that failed, so that one bad row does not stop the line. */
  offersMax: number;
  /** Entries that were refused even alone: an operator was alerted, the line goes on without them. */
  setAside: readonly string[];
}

/**
 * @returns null when another worker has the sale, or it makes no offers now
 */
export async function offerTick(
  context: WorkerContext,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
  limits: TickLimits = { offersMax: TICK_OFFERS_MAX, setAside: [] },
): Promise<TickOutcome | null> {
  let taken: TakenUnit[] = [];
  const fenced = new Set<number>();
  const giveBack = async (units: readonly TakenUnit[]): Promise<void> => {
    await Promise.all(
      units.map(async ({ lane, unit, holdId }) => {
        const address = lanes.get(lane);
        if (address) await context.hotStore.lane(address).give([{ unit, holder: holdId }]);
      }),
    );
  };
  try {
    return await context.truth.transaction(async (tx) => {
      // The transaction may be tried again after a deadlock: what the first try took goes back first.
      await giveBack(taken);
      taken = [];
      const sale = await lockSale(tx, saleId, "skip");
      if (sale === null || sale.phase !== "live") return null;
      if (!(await readJudge(tx)).fresh) return null;
      const pools = await readPools(context, tx, sale, lanes, fenced);
      const free = pools.reduce((sum, pool) => sum + pool.pulse.free, 0);
      const tokens = tokensAt(sale, sale.now);
      const count = Math.min(Math.floor(tokens), free, limits.offersMax);
      if (count < 1) return null;

      const winners = await lockWinners(tx, sale, count, limits.setAside);
      const atLimit = winners.filter((winner) => winner.slot === null).map((winner) => winner.entryId);
      await endAtLimit(tx, saleId, atLimit);
      const able = winners.filter(hasSlot);
      taken = await takeUnits(context, sale, pools, able, fenced);
      const { usable, wrong } = await judgeUnits(tx, sale, taken);
      await recordTruth(context, tx, sale, lanes, wrong);
      const offers = pair(able, usable);
      const surplus = usable.slice(offers.length);
      if (surplus.length > 0) await giveBack(surplus);
      await makeOffers(context, tx, sale, offers);
      const serving = servingAfter(
        sale,
        winners,
        offers,
        winners.length < count && offers.length === able.length,
      );
      if (offers.length > 0 || serving > sale.serving) {
        await advanceSale(tx, saleId, { tokens: tokens - offers.length, tokensAt: sale.now, serving });
      }
      context.happened("offers.made", offers.length);
      return { holdIds: offers.map((offer) => offer.holdId), endedEntryIds: atLimit, fenced, bucket: sale };
    });
  } catch (error) {
    // Best effort, and only a kindness: the next tick finds them pending under the sale's lock.
    await giveBack(taken).catch(() => {});
    throw error;
  }
}

/** @throws OffersRefused when not every one was made */
async function makeOffers(
  context: WorkerContext,
  tx: Statements,
  sale: TickSale,
  offers: readonly NewOffer[],
): Promise<void> {
  if (offers.length === 0) return;
  const refused = (cause?: unknown): OffersRefused => {
    context.happened("offers.refused");
    return new OffersRefused(
      sale.saleId,
      offers.map((offer) => offer.winner.entryId),
      cause,
    );
  };
  let made: number;
  try {
    made = await insertOffers(tx, sale, offers);
  } catch (error) {
    // Class 23: a constraint. Everything else (a lost connection, a deadlock) says nothing about the rows.
    throw sqlState(error)?.startsWith("23") ? refused(error) : error;
  }
  if (made !== offers.length) throw refused();
}

function hasSlot(winner: Winner): winner is Winner & { slot: number } {
  return winner.slot !== null;
}

/** Winners and units in ticket order: whatever units came, nobody is overtaken. */
export function pair(able: readonly (Winner & { slot: number })[], units: readonly TakenUnit[]): NewOffer[] {
  return able.slice(0, units.length).map((winner, i) => {
    const unit = units[i] as TakenUnit;
    return { holdId: unit.holdId, unit: unit.unit, winner };
  });
}

/**
 * How far the line has moved: to the last ticket that was offered, or that ended, before the first winner who
 * got nothing; to the end of the drawn tickets when nobody above waits any more.
 */
export function servingAfter(
  sale: { serving: number; drawnTo: number },
  winners: readonly Winner[],
  offers: readonly NewOffer[],
  nobodyLeft: boolean,
): number {
  if (nobodyLeft) return sale.drawnTo;
  const offered = new Set(offers.map((offer) => offer.winner.entryId));
  let serving = sale.serving;
  for (const winner of winners) {
    if (winner.rejoin) continue;
    if (winner.slot !== null && !offered.has(winner.entryId)) break;
    serving = Math.max(serving, winner.ticket);
  }
  return serving;
}

/** Runs a script within its budget; a lane that is away or slow counts as out of reach this time. */
async function within<Value>(
  context: WorkerContext,
  lane: number,
  fenced: Set<number>,
  call: Promise<{ ok: true; value: Value } | { ok: false; fenced: true }>,
): Promise<Value | null> {
  try {
    const answer = await call;
    if (answer.ok) return answer.value;
    fenced.add(lane);
  } catch (error) {
    if (!(error instanceof HotStoreAway)) throw error;
    context.happened("take.skipped");
  }
  return null;
}

async function readPools(
  context: WorkerContext,
  tx: Statements,
  sale: TickSale,
  lanes: ReadonlyMap<number, LaneAddress>,
  fenced: Set<number>,
): Promise<Pool[]> {
  const copy: PhaseCopy = { phase: sale.phase, version: sale.version, limitPerShopper: sale.limitPerShopper };
  const read = await Promise.all(
    Array.from({ length: sale.poolCount }, async (_, lane): Promise<Pool | null> => {
      const address = lanes.get(lane);
      if (!address) return null;
      const store = context.hotStore.lane(address, { callMsMax: SCRIPT_MS_MAX });
      const pulse = await within(context, lane, fenced, store.pulse(copy, false));
      return pulse === null ? null : { lane, store, pulse };
    }),
  );
  const pools = read.filter((pool) => pool !== null);
  await returnOrphans(context, tx, pools);
  return pools;
}

/** Takes whose tick died before its commit: nobody else can be at them under this lock, so they go back. */
async function returnOrphans(context: WorkerContext, tx: Statements, pools: readonly Pool[]): Promise<void> {
  const pending = pools.flatMap((pool) => pool.pulse.pending.map((take) => take.holdId));
  const known = await knownHolds(tx, pending);
  for (const { store, pulse } of pools) {
    const orphans = pulse.pending.filter((take) => !known.has(take.holdId));
    if (orphans.length > 0) {
      const given = await store.give(orphans.map(({ unit, holdId }) => ({ unit, holder: holdId })));
      context.happened("take.orphaned", orphans.length);
      if (given.ok) pulse.free += given.value.filter(Boolean).length;
    }
    const decided = pulse.pending.filter((take) => known.has(take.holdId));
    if (decided.length > 0) await store.settle(decided);
  }
}

async function takeUnits(
  context: WorkerContext,
  sale: TickSale,
  pools: readonly Pool[],
  able: readonly Winner[],
  fenced: Set<number>,
): Promise<TakenUnit[]> {
  const taken: TakenUnit[] = [];
  const missing = new Array<number>(sale.poolCount).fill(0);
  const left = new Array<number>(sale.poolCount).fill(0);
  for (const pool of pools) left[pool.lane] = pool.pulse.free;
  const round = async (demand: readonly number[]): Promise<void> => {
    await Promise.all(
      demand.map(async (count, lane) => {
        if (count === 0) return;
        const pool = pools.find((candidate) => candidate.lane === lane);
        const holdIds = mintHoldIds(sale.tag, lane, count);
        const units = pool ? await within(context, lane, fenced, pool.store.take(holdIds)) : null;
        const got = units ?? [];
        for (const [i, unit] of got.entries()) taken.push({ lane, unit, holdId: holdIds[i] as HoldId });
        left[lane] = got.length < count ? 0 : Math.max(0, (left[lane] ?? 0) - got.length);
        missing[lane] = count - got.length;
      }),
    );
  };
  await round(
    demandOf(
      able.map((winner) => winner.entryId),
      sale.poolCount,
    ),
  );
  if (missing.some((count) => count > 0)) await round(demandOfNeighbours([...missing], left));
  return inWinnersOrder(taken, able, sale.poolCount);
}

/** Each winner's own pool first, as far as ticket order allows: units of their pools in the winners' order. */
function inWinnersOrder(
  taken: readonly TakenUnit[],
  able: readonly Winner[],
  poolCount: number,
): TakenUnit[] {
  const rest = taken.toSorted((a, b) => a.unit - b.unit);
  const ordered: TakenUnit[] = [];
  for (const winner of able) {
    const pool = ownPool(winner.entryId, poolCount);
    const at = rest.findIndex((unit) => unit.lane === pool);
    const [unit] = rest.splice(Math.max(0, at), 1);
    if (unit) ordered.push(unit);
  }
  return [...ordered, ...rest];
}

/** All at once: asking for chance once for each hold took a twentieth of a tick's own time. */
function mintHoldIds(tag: string, lane: number, count: number): HoldId[] {
  const chance = randomBytes(HOLD_ID_BYTES * count);
  return Array.from({ length: count }, (_, i) =>
    holdIdOf(tag as SaleTag, lane, chance.toString("base64url", HOLD_ID_BYTES * i, HOLD_ID_BYTES * (i + 1))),
  );
}

async function judgeUnits(
  tx: Statements,
  sale: TickSale,
  taken: readonly TakenUnit[],
): Promise<{ usable: TakenUnit[]; wrong: TakenUnit[] }> {
  if (taken.length === 0) return { usable: [], wrong: [] };
  const free = await lockFreeUnits(tx, sale.saleId, taken);
  return {
    usable: taken.filter((unit) => free.has(unit.unit)),
    wrong: taken.filter((unit) => !free.has(unit.unit)),
  };
}

/** Redis was wrong about these: from now on it says what PostgreSQL says. */
async function recordTruth(
  context: WorkerContext,
  tx: Statements,
  sale: TickSale,
  lanes: ReadonlyMap<number, LaneAddress>,
  wrong: readonly TakenUnit[],
): Promise<void> {
  if (wrong.length === 0) return;
  context.happened("take.wrong", wrong.length);
  const truths = new Map(
    (
      await readUnits(
        tx,
        sale.saleId,
        wrong.map((w) => w.unit),
      )
    ).map((u) => [u.unit, u]),
  );
  for (const { lane, unit, holdId } of wrong) {
    const address = lanes.get(lane);
    const truth = truths.get(unit);
    if (!address || !truth) continue;
    const store = context.hotStore.lane(address);
    // It is in another pool by now, whose record of it is the one that counts.
    if (truth.lane !== lane) await store.mark([{ unit, seen: holdId, becomes: ABSENT }]);
    // Free after all: somebody else had it locked for a moment. It goes back like any other.
    else if (truth.state === "free") await store.give([{ unit, holder: holdId }]);
    else await store.mark([{ unit, seen: holdId, becomes: truth.holdId ?? WITHDRAWN }]);
  }
}
