// Which pool a winner's unit is looked for in: its own by a stable hash, then neighbours in one more round,
// however many pools are empty. Whatever comes is given out in ticket order, so nobody overtakes.

/** FNV-1a: any even spread will do, it must only be the same everywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}

/** The pool that is an entry's own, 0…poolCount − 1. */
export function ownPool(entryId: string, poolCount: number): number {
  return hashOf(entryId) % poolCount;
}

/** First round: how many units to ask of each pool. */
export function demandOf(entryIds: readonly string[], poolCount: number): number[] {
  const demand = new Array<number>(poolCount).fill(0);
  for (const entryId of entryIds) {
    const pool = ownPool(entryId, poolCount);
    demand[pool] = (demand[pool] ?? 0) + 1;
  }
  return demand;
}

/**
 * Second round: what is still missing, asked of the pools that gave all they were asked for, next neighbours
 * of the empty ones first.
 * @param free what each pool is thought to have left; 0 for one that is out of reach
 */
export function demandOfNeighbours(missing: readonly number[], free: readonly number[]): number[] {
  const left = [...free];
  const demand = new Array<number>(free.length).fill(0);
  for (const [pool, count] of missing.entries()) {
    let rest = count;
    for (let step = 1; step < free.length && rest > 0; step++) {
      const neighbour = (pool + step) % free.length;
      const taken = Math.min(rest, left[neighbour] ?? 0);
      left[neighbour] = (left[neighbour] ?? 0) - taken;
      demand[neighbour] = (demand[neighbour] ?? 0) + taken;
      rest -= taken;
    }
  }
  return demand;
}
