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
