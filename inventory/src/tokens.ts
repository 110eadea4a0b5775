// The admission token bucket: filled by PostgreSQL's clock, spent by offers, kept in two columns of the sale,
// so that a tick that is cut off neither loses nor doubles any.

export interface TokenBucket {
  tokens: number;
  tokensAt: Date;
  ratePerSecond: number;
  burst: number;
}

/** The tokens there are at `now`: never more than one burst, never fewer by a clock that went back. */
export function tokensAt(bucket: TokenBucket, now: Date): number {
  const seconds = Math.max(0, now.getTime() - bucket.tokensAt.getTime()) / 1000;
  return Math.min(bucket.burst, bucket.tokens + seconds * bucket.ratePerSecond);
}

/**
 * How long the next tick may wait, in ms, after one that made offers. A full bucket loses what would have refilled it:
 * one of 5 at 50 a second is full after 100 ms, and looked at every 150 ms it would give 33 a second and not 50. So it
 * is looked at twice in the time that filling takes, and at most and at least as often as the bounds say.
 */
export function restOfTick(
  { ratePerSecond, burst }: Pick<TokenBucket, "ratePerSecond" | "burst">,
  bounds: { leastMs: number; mostMs: number },
): number {
  const fillMs = (burst / ratePerSecond) * 1_000;
  return Math.min(bounds.mostMs, Math.max(bounds.leastMs, Math.floor(fillMs / 2)));
}
