// Token buckets, each kept as a single number: the time at which it would be full again (the generic cell
// rate algorithm), so that an idle one costs nothing. Bounded: two generations, and the older one goes.
import { RATE_KEYS_MAX } from "@dropgate/contracts/limits";

/** When a bucket is full again after one token is taken. */
export function fullAfterOne(fullAtMs: number, nowMs: number, spacingMs: number): number {
  return Math.max(fullAtMs, nowMs) + spacingMs;
}

/** The milliseconds until a token is there; 0: it is. @param nextMs what `fullAfterOne` says */
export function waitForOne(nextMs: number, nowMs: number, toleranceMs: number): number {
  const waitMs = nextMs - nowMs - toleranceMs;
  return waitMs > 1e-6 ? Math.ceil(waitMs) : 0;
}

export class RateLimit {
  readonly #spacingMs: number;
  readonly #toleranceMs: number;
  readonly #keysMax: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  constructor(rate: { perSecond: number; burst: number }, keysMax = RATE_KEYS_MAX) {
    this.#spacingMs = 1_000 / rate.perSecond;
    this.#toleranceMs = rate.burst * this.#spacingMs;
    this.#keysMax = keysMax;
  }

  /**
   * Takes one token.
   * @param nowMs a monotonic clock
   * @returns 0 when there was one, else the milliseconds after which there will be
   */
  take(key: string, nowMs: number): number {
    const fullAtMs = this.#young.get(key) ?? this.#old.get(key) ?? 0;
    const next = fullAfterOne(fullAtMs, nowMs, this.#spacingMs);
    const waitMs = waitForOne(next, nowMs, this.#toleranceMs);
    if (waitMs > 0) return waitMs;
    if (this.#young.size >= this.#keysMax / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, next);
    return 0;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
