// How many frames one socket may send: a token bucket kept as a single number a socket, the time at which its bucket
// would be full again (the generic cell rate algorithm), so that an idle socket costs nothing to refill.

export interface FrameRate {
  /** Frames a second that may come forever. */
  perSecond: number;
  /** Frames that may come at once after a pause. */
  burst: number;
}

/**
 * Takes one frame from a bucket.
 * @param fullAtMs when the bucket is full again, as returned last time; 0 at first
 * @param nowMs a monotonic clock
 * @returns the new `fullAtMs`, or undefined when the bucket is empty
 */
export function takeFrame(fullAtMs: number, nowMs: number, rate: FrameRate): number | undefined {
  const spacingMs = 1000 / rate.perSecond;
  const next = Math.max(fullAtMs, nowMs) + spacingMs;
  return next - nowMs > rate.burst * spacingMs + 1e-6 ? undefined : next;
}
