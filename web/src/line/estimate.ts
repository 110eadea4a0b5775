// How long it may still take, as a range in words' units ("about 6–8 min"). It never jumps up in silence: small
// wavering keeps what was said, and real growth comes with its reason.
import type { PaceRange } from "./pace.ts";

/** Why it takes longer than was said. */
export type Slowing = "paused" | "stock" | "rate" | "slower";

export interface Estimate {
  unit: "minute" | "hour";
  /** 0 and 1 minutes mean less than a minute. Hours come in halves. */
  low: number;
  high: number;
  /** The longest of it, in ms by the server's clock: what was promised. */
  latestAt: number;
  /** Why it has grown since it was first said; null while it has not. */
  grewBy: Slowing | null;
}

/** Growth below a quarter of what was left, or below this, is wavering. */
const WAVERING_SHARE = 0.25;
const WAVERING_MS = 30_000;
const IN_HOURS_FROM_MS = 90 * 60_000;
/** Beyond this it is no estimate any more. */
const ESTIMATE_MS_MAX = 24 * 3_600_000;

/**
 * The estimate to show now.
 * @param before what was shown a moment ago, or null
 * @param pace turns a second; with none at worst nothing honest can be said, and it is null
 * @param serverNow ms
 * @param reason what would explain it, should it have grown
 */
export function estimateWait(
  before: Estimate | null,
  position: number,
  pace: PaceRange,
  serverNow: number,
  reason: Slowing,
): Estimate | null {
  const latestMs = (position / pace.slow) * 1_000;
  if (!(latestMs <= ESTIMATE_MS_MAX)) return null;
  const earliestMs = (position / pace.fast) * 1_000;
  const latestAt = serverNow + latestMs;
  const fresh = { ...inWords(earliestMs, latestMs), latestAt, grewBy: before?.grewBy ?? null };
  if (before === null) return fresh;
  const promisedMs = before.latestAt - serverNow;
  const growthMs = latestMs - promisedMs;
  if (growthMs > WAVERING_MS && growthMs > promisedMs * WAVERING_SHARE) return { ...fresh, grewBy: reason };
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
