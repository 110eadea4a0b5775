// Units that a rush's gateway took and PostgreSQL did not give: each record in Redis is brought to what PostgreSQL says.
import type { HoldId } from "@dropgate/contracts/ids";
import type { HotStore } from "@dropgate/lua";
import { ABSENT, type LaneAddress } from "@dropgate/lua/lane-answers";
import type { Statements } from "@dropgate/sql";
import { readUnits, type UnitTruth } from "@dropgate/sql/admission/tick-sale";
import { byLane } from "../lanes.ts";
import { WITHDRAWN } from "../rebuilding.ts";

export interface PoolTake {
  /** The lane of the pool. */
  lane: number;
  unit: number;
  holdId: HoldId;
}

/**
 * @param takes of holds that will never be: refused by a commit, or declared void
 * @throws HotStoreAway, or PostgreSQL's error: what was not returned stays pending, for the worker to find
 */
export async function returnTakes(
  truth: Statements,
  hotStore: HotStore,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
  takes: readonly PoolTake[],
): Promise<void> {
  if (takes.length === 0) return;
  const units = takes.map((take) => take.unit);
  const truths = new Map((await readUnits(truth, saleId, units)).map((unit) => [unit.unit, unit]));
  await Promise.all(
    [...byLane(takes, (take) => take.lane)].map(async ([lane, group]) => {
      const address = lanes.get(lane);
      if (!address) return;
      const store = hotStore.lane(address);
      const truthOf = (take: PoolTake): UnitTruth | undefined => truths.get(take.unit);
      const isFree = (take: PoolTake): boolean =>
        truthOf(take)?.lane === lane && truthOf(take)?.state === "free";
      const free = group.filter(isFree);
      const others = group.filter((take) => !isFree(take));
      if (free.length > 0) await store.give(free.map(({ unit, holdId }) => ({ unit, holder: holdId })));
      if (others.length > 0) {
        await store.mark(
          others.map(({ unit, holdId }) => ({
            unit,
            seen: holdId,
            // In another pool by now: the record there is the one that counts.
            becomes: truths.get(unit)?.lane === lane ? (truths.get(unit)?.holdId ?? WITHDRAWN) : ABSENT,
          })),
        );
      }
    }),
  );
}
