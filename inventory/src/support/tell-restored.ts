// After an entry was given its place back Redis follows: its card, and by it the shopper's page.
import { CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import type { HotStore } from "@dropgate/lua";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { Truth } from "@dropgate/sql";
import { type EntryRow, readEntries } from "@dropgate/sql/entries/entry-row";
import { markRestoresTold, readUntoldRestores } from "@dropgate/sql/entries/restore-entry";
import { tellCards } from "../applying.ts";
import { cardWriteOf } from "../cards.ts";

/**
 * Before a leave is undone its card must say that the leave is stored, which it is: a card that still waits for that keeps
 * its shopper out of the line, whatever is written over it, and would have the unit that is offered next taken back.
 * @returns whether the lane took it; else nothing may be undone yet
 */
export async function settleLeave(
  hotStore: HotStore,
  lanes: ReadonlyMap<number, LaneAddress>,
  left: EntryRow,
): Promise<boolean> {
  const address = lanes.get(left.lane);
  if (address === undefined) return false;
  return (await hotStore.lane(address).cards([cardWriteOf(left)], false)).ok;
}

/** Tells what is not known to be told: done twice it changes nothing. @returns how many */
export async function tellRestored(
  truth: Truth,
  hotStore: HotStore,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
): Promise<number> {
  const entryIds = await readUntoldRestores(truth, saleId, CARD_BATCH_MAX);
  if (entryIds.length === 0) return 0;
  const entries = await readEntries(truth, entryIds);
  const missed = new Set<number>();
  await tellCards(hotStore, lanes, entries, missed, missed);
  const told = entries.filter(({ lane }) => !missed.has(lane)).map(({ entryId }) => entryId);
  await markRestoresTold(truth, told);
  return told.length;
}
