// After a commit Redis follows: units go back to their pools, cards show what is true, gateways are told.
// Everything here may be done twice, late, or by somebody else: `give` acts only on the holder it names,
// cards only on a higher revision, and what was not done yet is found by `applied_rev < rev`.
import type { HoldId } from "@dropgate/contracts/ids";
import { APPLY_BATCH_MAX, CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import { isLiveHold, isSoldHold } from "@dropgate/contracts/states/hold";
import type { HotStore } from "@dropgate/lua";
import { FREE, type LaneAddress } from "@dropgate/lua/lane-answers";
import type { Truth } from "@dropgate/sql";
import { type EntryRow, readEntries } from "@dropgate/sql/entries/entry-row";
import {
  markApplied,
  readUnapplied,
  renewLateOffers,
  type UnappliedHold,
} from "@dropgate/sql/holds/unapplied";
import { cardWriteOf } from "./cards.ts";
import { actOnHolds } from "./holds/act.ts";
import { byLane, unlessAway } from "./lanes.ts";

export interface Applied {
  applied: number;
  /** Lanes that did not take it: they have to be rebuilt, and the rest is applied after that. */
  fenced: Set<number>;
  /** Lanes whose server is away: what was not applied stays to be found. */
  away: Set<number>;
  /** Whether a full batch was done, so there may be more. */
  more: boolean;
}

/**
 * Brings Redis up to date with the sale's holds.
 * @param lanes the sale's ready lanes by number
 * @param holdIds only these (a gateway after its own commit); null for all that are behind
 */
export async function applyHolds(
  truth: Truth,
  hotStore: HotStore,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
  holdIds: readonly string[] | null,
): Promise<Applied> {
  let holds = await readUnapplied(truth, saleId, holdIds, APPLY_BATCH_MAX);
  const fenced = new Set<number>();
  const away = new Set<number>();
  if (holds.length === 0) return { applied: 0, fenced, away, more: false };
  const late = holds.filter((hold) => hold.late).map((hold) => hold.holdId);
  if (late.length > 0) {
    await renewLateOffers(truth, late);
    holds = await readUnapplied(
      truth,
      saleId,
      holds.map((hold) => hold.holdId),
      APPLY_BATCH_MAX,
    );
  }

  await moveUnits(hotStore, lanes, holds, fenced, away);
  const entries = new Map(
    (
      await readEntries(
        truth,
        holds.map((hold) => hold.entryId),
      )
    ).map((entry) => [entry.entryId, entry]),
  );
  const left = await tellCards(hotStore, lanes, [...entries.values()], fenced, away);
  const took = (lane: number): boolean => !fenced.has(lane) && !away.has(lane);
  const done = holds.filter((hold) => {
    const entry = entries.get(hold.entryId);
    return took(hold.unitLane) && entry !== undefined && took(entry.lane);
  });
  await markApplied(truth, done);

  // The shopper left while the offer was made: the unit goes on to the next in line at once.
  const orphaned = holds.filter((hold) => left.has(hold.entryId) && isLiveHold(hold.state));
  if (orphaned.length > 0) {
    await actOnHolds(
      truth,
      orphaned.map((hold) => ({
        holdId: hold.holdId,
        act: "leave",
        actor: "shopper",
        entryId: hold.entryId,
      })),
    );
  }
  const more = (holds.length === APPLY_BATCH_MAX && done.length > 0) || orphaned.length > 0;
  return { applied: done.length, fenced, away, more };
}

async function moveUnits(
  hotStore: HotStore,
  lanes: ReadonlyMap<number, LaneAddress>,
  holds: readonly UnappliedHold[],
  fenced: Set<number>,
  away: Set<number>,
): Promise<void> {
  const moveIn = async (lane: number, group: readonly UnappliedHold[]): Promise<void> => {
    const address = lanes.get(lane);
    if (!address) {
      fenced.add(lane);
      return;
    }
    const store = hotStore.lane(address);
    const ended = group.filter((hold) => !isLiveHold(hold.state) && !isSoldHold(hold.state));
    const replacing = group.filter((hold) => hold.replaces !== null && isSoldHold(hold.state));
    const answers = [
      await store.settle(group.map((hold) => ({ unit: hold.unit, holdId: hold.holdId as HoldId }))),
      ended.length === 0 ? null : await store.give(ended.map((h) => ({ unit: h.unit, holder: h.holdId }))),
      replacing.length === 0
        ? null
        : await store.mark(replacing.map((h) => ({ unit: h.unit, seen: FREE, becomes: h.holdId }))),
    ];
    if (answers.some((answer) => answer !== null && !answer.ok)) fenced.add(lane);
  };
  await Promise.all(
    [...byLane(holds, (hold) => hold.unitLane)].map(([lane, group]) =>
      unlessAway(away, lane, () => moveIn(lane, group)),
    ),
  );
}

/** Writes and tells the entries' cards, as far as their lanes' servers are there; @returns the entries whose shopper had left meanwhile */
export async function tellCards(
  hotStore: HotStore,
  lanes: ReadonlyMap<number, LaneAddress>,
  entries: readonly EntryRow[],
  fenced: Set<number>,
  away: Set<number>,
): Promise<Set<string>> {
  const left = new Set<string>();
  const tellIn = async (lane: number, group: readonly EntryRow[]): Promise<void> => {
    const address = lanes.get(lane);
    if (!address) {
      fenced.add(lane);
      return;
    }
    for (let from = 0; from < group.length; from += CARD_BATCH_MAX) {
      const batch = group.slice(from, from + CARD_BATCH_MAX);
      const answer = await hotStore.lane(address).cards(batch.map(cardWriteOf), true);
      if (!answer.ok) {
        fenced.add(lane);
        return;
      }
      for (const [i, outcome] of answer.value.entries()) {
        const entry = batch[i];
        if (outcome === "left" && entry) left.add(entry.entryId);
      }
    }
  };
  await Promise.all(
    [...byLane(entries, (entry) => entry.lane)].map(([lane, group]) =>
      unlessAway(away, lane, () => tellIn(lane, group)),
    ),
  );
  return left;
}
