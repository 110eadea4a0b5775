// How long it may still take, as a range in words' units ("about 6–8 min"). It never jumps up in silence: small
// wavering keeps what was said, and real growth says that it grew.

export interface Estimate {
  unit: "minute" | "hour";
  /** 0 and 1 minutes mean less than a minute. Hours come in halves. */
  low: number;
  high: number;
  /** The longest of it, in ms by the server's clock: what was promised. */
  latestAt: number;
  /** The line has become slower since the estimate was first said. */
  hasGrown: boolean;
}

/** Those who leave make it faster; those who come back and slow claims make it slower. */
const FASTER = 0.85;
const SLOWER = 1.2;
/** Growth below a quarter of what was left, or below this, is wavering. */
const WAVERING_SHARE = 0.25;
const WAVERING_MS = 30_000;
const IN_HOURS_FROM_MS = 90 * 60_000;

/**
 * The estimate to show now.
 * @param before what was shown a moment ago, or null
 * @param ratePerSecond turns a second; not above 0 gives null: nothing honest can be said
 * @param serverNow ms
 */
export function estimateWait(
  before: Estimate | null,
  position: number,
  ratePerSecond: number,
  serverNow: number,
): Estimate | null {
  if (!(ratePerSecond > 0)) return null;
  const waitMs = (position / ratePerSecond) * 1_000;
  const latestMs = waitMs * SLOWER;
  const latestAt = serverNow + latestMs;
  const fresh = { ...inWords(waitMs * FASTER, latestMs), latestAt, hasGrown: before?.hasGrown ?? false };
  if (before === null) return fresh;
  const promisedMs = before.latestAt - serverNow;
  const growthMs = latestMs - promisedMs;
  if (growthMs > WAVERING_MS && growthMs > promisedMs * WAVERING_SHARE) return { ...fresh, hasGrown: true };
  const isLater = inMinutes(fresh.high, fresh.unit) > inMinutes(before.high, before.unit);
  return isLater ? before : { ...fresh, latestAt: Math.min(latestAt, before.latestAt) };
}

function inWords(earliestMs: number, latestMs: number): Pick<Estimate, "unit" | "low" | "high"> {
  if (latestMs < IN_HOURS_FROM_MS) {
    const minute = 60_000;
    const step = latestMs < 20 * minute ? minute : 5 * minute;
    const low = Math.floor(earliestMs / step) * (step / minute);
    const high = Math.ceil(latestMs / step) * (step / minute);
    return { unit: "minute", low, high: Math.max(high, 1) };
  }
  const half = 30 * 60_000;
  return { unit: "hour", low: Math.floor(earliestMs / half) / 2, high: Math.ceil(latestMs / half) / 2 };
}

function inMinutes(count: number, unit: Estimate["unit"]): number {
  return unit === "hour" ? count * 60 : count;
}
