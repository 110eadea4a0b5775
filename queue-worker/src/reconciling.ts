// Compares the pools in Redis with the units in PostgreSQL now and then, and repairs what differs in two
// looks: a difference that is only a moment old is a take or a commit on its way.
import { placeOfHold } from "@dropgate/contracts/ids";
import { CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import { WITHDRAWN } from "@dropgate/inventory/rebuilding";
import { ABSENT, FREE, type LaneAddress, type UnitMark } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import { type LaneUnit, readLaneUnits } from "@dropgate/sql/lanes/sale-for-lane";
import type { WorkerContext } from "./running/context.ts";

/** What Redis should record of a unit. */
export function recordOf(unit: LaneUnit): string {
  if (unit.state === "free") return FREE;
  return unit.holdId ?? WITHDRAWN;
}

/** Free units of the pool that PostgreSQL has in another one, or in none: they moved while we were not there. */
async function straysOf(
  store: LaneStore,
  units: readonly LaneUnit[],
  after: number,
  isLast: boolean,
): Promise<UnitMark[]> {
  const pool = await store.pool(after, CARD_BATCH_MAX);
  if (!pool.ok) return [];
  const ours = new Set(units.map(({ unit }) => unit));
  const upTo = isLast ? Number.POSITIVE_INFINITY : (units.at(-1)?.unit ?? after);
  return pool.value.units
    .filter((unit) => unit <= upTo && !ours.has(unit))
    .map((unit) => ({ unit, seen: FREE, becomes: ABSENT }));
}

export class PoolReconciler {
  /** Differences seen in the last look: unit → what was there and what should have been. */
  readonly #seen = new Map<string, string>();

  /**
   * Looks at one lane's pool once.
   * @param leavesTakes a rush's takes are on their way to PostgreSQL under no lock of ours: a unit that is taken here and
   *   free there is decided by voiding its hold, never by a look
   * @returns how many records were repaired
   */
  async look(context: WorkerContext, address: LaneAddress, leavesTakes = false): Promise<number> {
    const store = context.hotStore.lane(address);
    const prefix = `${address.saleId}:${address.lane}:`;
    const differences = new Map<string, string>();
    let repaired = 0;
    let isLast = false;
    for (let after = 0; !isLast; ) {
      const units = await readLaneUnits(context.truth, address.saleId, address.lane, after, CARD_BATCH_MAX);
      const before = after;
      after = units.at(-1)?.unit ?? after;
      const records = await store.records(units.map(({ unit }) => unit));
      if (!records.ok) return repaired;
      isLast = units.length < CARD_BATCH_MAX;
      const strays = await straysOf(store, units, before, isLast);
      const wrong = units.flatMap((unit, i) => {
        const seen = records.value[i]?.state ?? FREE;
        const becomes = recordOf(unit);
        const isTake = leavesTakes && becomes === FREE && placeOfHold(seen) !== null;
        return seen === becomes || isTake ? [] : [{ unit: unit.unit, seen, becomes }];
      });
      wrong.push(...strays);
      const twice = wrong.filter(({ unit, seen, becomes }) => {
        const difference = JSON.stringify([address.epoch, seen, becomes]);
        if (this.#seen.get(prefix + unit) === difference) return true;
        differences.set(prefix + unit, difference);
        return false;
      });
      if (twice.length === 0) continue;
      const marked = await store.mark(twice);
      if (marked.ok) repaired += marked.value.filter(Boolean).length;
      context.log.warn(
        { sale: address.saleId, lane: address.lane, units: twice },
        "a pool differed from PostgreSQL",
      );
    }
    for (const key of this.#seen.keys()) if (key.startsWith(prefix)) this.#seen.delete(key);
    for (const [key, difference] of differences) this.#seen.set(key, difference);
    if (repaired > 0) context.happened("pool.repaired", repaired);
    return repaired;
  }
}
