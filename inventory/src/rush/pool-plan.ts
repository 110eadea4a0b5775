// Which pool a try is sent to, by what this gateway knows of the pools: its own by a stable hash; where that is known
// to be empty, the next that is not. So however many pools are empty, a try needs one call, and one more at most when
// somebody else was faster. Pure.
import { ownPool } from "../pools.ts";

/** Free units of each pool as far as known; null: some, or not known. */
export type PoolCounts = readonly (number | null)[];

/**
 * @param keys what the tries' own pools are told by, in the order of the tries
 * @param counts what is known now; what a plan sends to a pool is not sent there twice
 * @returns for each try its pool; null where every pool is known to be empty
 */
export function planPools(keys: readonly string[], counts: PoolCounts): (number | null)[] {
  const left = [...counts];
  return keys.map((key) => {
    const own = ownPool(key, left.length);
    for (let step = 0; step < left.length; step++) {
      const pool = (own + step) % left.length;
      const count = left[pool];
      if (count === undefined || count === 0) continue;
      if (count !== null) left[pool] = count - 1;
      return pool;
    }
    return null;
  });
}

/** Whether every pool is known to be empty. */
export function areAllEmpty(counts: PoolCounts): boolean {
  return counts.every((count) => count === 0);
}
