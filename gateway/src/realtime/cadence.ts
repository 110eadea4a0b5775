// How often a connection hears of `serving`: by how long it still has to wait. So the writes a second follow
// the rate of admission, not the crowd; the browser glides between frames by the rate that each carries.
import { SERVING_INTERVAL_MS } from "@dropgate/contracts/limits";

/** The bands, nearest first. A connection moves to a nearer one as its turn comes nearer. */
export const BAND_INTERVALS_MS = [SERVING_INTERVAL_MS, 1_000, 5_000, 15_000] as const;
export type Band = 0 | 1 | 2 | 3;

const NEAR_SECONDS = 60;
const MIDDLE_SECONDS = 600;
const FAR_SECONDS = 3_600;
/** So few that telling all of them every second costs nothing worth saving. */
const SMALL_CROWD = 500;

/**
 * @param position people ahead; null without a ticket (the lobby, spectators)
 * @param ratePerSecond offers a second
 * @param crowd connections of the sale in this process
 */
export function bandOf(position: number | null, ratePerSecond: number, crowd: number): Band {
  if (position === null) return crowd <= SMALL_CROWD ? 1 : 2;
  const seconds = position / Math.max(ratePerSecond, 1e-9);
  if (seconds < NEAR_SECONDS) return 0;
  if (seconds < MIDDLE_SECONDS || crowd <= SMALL_CROWD) return 1;
  return seconds < FAR_SECONDS ? 2 : 3;
}

const SPREAD_MS_PER_CONNECTION = 0.25;

/** Over how long a change that concerns a whole crowd is told, in ms: at once to a few, never over `mostMs`. */
export function spreadMs(crowd: number, mostMs: number): number {
  return crowd < 200 ? 0 : Math.min(mostMs, crowd * SPREAD_MS_PER_CONNECTION);
}
