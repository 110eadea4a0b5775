// The slider of the admission rate: even steps for the hand are even ratios for the rate, from one in ten seconds to a
// thousand a second. Pure.
import { QUANTITY_MAX, RATE_PER_SECOND_MAX } from "@dropgate/contracts/limits";

export const RATE_STEPS = 100;
const LEAST = 0.1;
const DECADES = 4;

/** @param step from 0 to RATE_STEPS */
export function rateOfStep(step: number): number {
  return twoDigits(LEAST * 10 ** ((DECADES * step) / RATE_STEPS));
}

/** The step whose rate is nearest. */
export function stepOfRate(rate: number): number {
  const step = Math.round((Math.log10(rate / LEAST) / DECADES) * RATE_STEPS);
  return Math.min(RATE_STEPS, Math.max(0, step));
}

/** As many as people read: 4.9, 52, 630. */
function twoDigits(rate: number): number {
  return Number(rate.toPrecision(2));
}

/**
 * How many may be let in at once beside a new rate: in the same proportion as before, so that it does not hold it back.
 * One alone says little of the proportion, since fewer cannot be: beside a slow rate it stands for at most a second's worth,
 * so that a rate that was low for a moment does not come back with many at once.
 */
export function burstFor(
  rate: number,
  { ratePerSecond, burst }: { ratePerSecond: number; burst: number },
): number {
  const seconds = burst === 1 ? Math.min(1, 1 / ratePerSecond) : burst / ratePerSecond;
  return Math.min(QUANTITY_MAX, Math.max(1, Math.round(seconds * rate)));
}

/** A rate as it was typed; null where it cannot be one. */
export function rateOfText(text: string): number | null {
  const rate = text.trim() === "" ? Number.NaN : Number(text);
  return rate > 0 && rate <= RATE_PER_SECOND_MAX ? rate : null;
}
