// What Redis shows is what PostgreSQL says: each unit is in its lane's pool or taken by the hold that has it,
// and each shopper's card tells the state of the latest entry.
//
// Redis follows after each commit, and takes run ahead of it, so a sale that lives always differs somewhere
// for a moment. What differs is therefore looked at twice, some ticks apart, and counts only if it is still
// the same and nothing under way explains it; what is under way is named but fails nothing, for FOLLOW_MS_MAX.
import { TAKE_ORPHAN_MS, TICK_INTERVAL_MS } from "@dropgate/contracts/limits";
import type { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import { differingCards } from "./card-differences.ts";
import type { Difference } from "./difference.ts";
import { Evidence } from "./evidence.ts";
import { type LaneView, readLaneViews } from "./lane-views.ts";
import type { Look, Verdict } from "./look.ts";
import { differingUnits, surplusRecords } from "./unit-differences.ts";

/** Long enough for a tick to have applied what a first look found half done. */
const SECOND_LOOK_MS = 3 * TICK_INTERVAL_MS;
/** An orphaned take goes back after TAKE_ORPHAN_MS, by the tick after that; then nobody is coming. */
export const FOLLOW_MS_MAX = TAKE_ORPHAN_MS + 5_000;

export async function redisAgrees(look: Look): Promise<Verdict> {
  const { hotStore } = look;
  if (hotStore === null) return { ok: true, detail: "not looked at: there is no hot store to look at" };
  try {
    return await compare(look, hotStore);
  } catch (error) {
    // The truth is proven without Redis; one that is away shows nothing that could be wrong.
    if (error instanceof HotStoreAway) return { ok: true, detail: "not looked at: the hot store is away" };
    throw error;
  }
}

async function compare(look: Look, hotStore: HotStore): Promise<Verdict> {
  const lanes = await readLaneViews(look, hotStore);
  const units = await differingUnits(look, lanes, null);
  const cards = await differingCards(look, lanes, null);
  const evidence = new Evidence();
  const underWay: string[] = [];
  for (const fault of await surplusRecords(lanes, units.recorded)) evidence.found(fault);
  if (units.differences.length + cards.differences.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
    const still = [
      ...(await lookAgain(units.differences, (keys) => differingUnits(look, lanes, keys))),
      ...(await lookAgain(cards.differences, (keys) => differingCards(look, lanes, keys))),
    ];
    for (const { what, underWayMs } of still) {
      if (underWayMs !== null && underWayMs < FOLLOW_MS_MAX) underWay.push(what);
      else evidence.found(what);
    }
  }
  const notes = [
    ...(underWay.length > 0 ? [`${underWay.length} under way (${underWay.slice(0, 3).join("; ")})`] : []),
    ...lanesLeftOut(lanes),
  ];
  const seen = `${units.looked} units and ${cards.looked} cards in ${lanes.size} lanes are as PostgreSQL says`;
  return evidence.verdict([seen, ...notes].join("; "));
}

/** Which of the differences are the same in a second look. */
async function lookAgain<Key>(
  first: readonly Difference<Key>[],
  look: (keys: Key[]) => Promise<{ differences: Difference<Key>[] }>,
): Promise<Difference<Key>[]> {
  if (first.length === 0) return [];
  const seen = new Set(first.map(({ what }) => what));
  const second = await look(first.map(({ key }) => key));
  return second.differences.filter(({ what }) => seen.has(what));
}

function lanesLeftOut(lanes: ReadonlyMap<number, LaneView>): string[] {
  const out = [...lanes.values()].filter((view) => view.store === null).map(({ lane }) => lane);
  return out.length === 0 ? [] : [`not looked at, being rebuilt: lane ${out.join(", ")}`];
}
