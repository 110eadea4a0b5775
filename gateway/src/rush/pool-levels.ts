// What a gateway knows of a rush's pools: how many units each had left when it last answered. A pool that was found
// empty counts as empty until its lane says otherwise; all of them empty is what lets the gateway answer by itself.
import { areAllEmpty, type PoolCounts } from "@dropgate/inventory/rush/pool-plan";

export class PoolLevels {
  readonly #counts: (number | null)[];
  readonly #forgotten: number[];

  constructor(poolCount: number) {
    this.#counts = new Array<number | null>(poolCount).fill(null);
    this.#forgotten = new Array<number>(poolCount).fill(0);
  }

  get counts(): PoolCounts {
    return this.#counts;
  }

  get areEmpty(): boolean {
    return areAllEmpty(this.#counts);
  }

  /** @returns what an answer is taken in with: word of a unit that came back may overtake an older answer */
  asking(pool: number): number {
    return this.#forgotten[pool] ?? 0;
  }

  /** The pool was read: so many are free. */
  read(pool: number, asked: number, free: number): void {
    this.#counts[pool] = this.#forgotten[pool] === asked ? free : null;
  }

  /** The pool gave `got` of `wanted` units: fewer than wanted means that none is left. */
  gave(pool: number, asked: number, wanted: number, got: number): void {
    if (this.#forgotten[pool] !== asked) return;
    const count = this.#counts[pool] ?? null;
    if (got < wanted) this.#counts[pool] = 0;
    // Others take too, and give back: a pool is only believed to be empty when it was found so.
    else if (count !== null) this.#counts[pool] = count > got ? count - got : null;
  }

  /** A unit came back, or the lane was filled anew: nothing is known of the pool. */
  forget(pool: number): void {
    if (pool >= this.#counts.length) return;
    this.#counts[pool] = null;
    this.#forgotten[pool] = (this.#forgotten[pool] ?? 0) + 1;
  }
}
