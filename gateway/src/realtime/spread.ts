// Over how long something is told to a crowd, and over how long a crowd comes back: so long that the process and
// its network are not asked for everything in one moment, and no longer.
import { comingBackMs } from "@dropgate/contracts/coming-back";
import { RECONNECT_AFTER_MS_MIN, SPREAD_MS_MAX } from "@dropgate/contracts/limits";

/** A crowd that is written to in a few milliseconds is told at once. */
export const AT_ONCE = 500;
const TOLD_PER_MS = 20;

/** @param crowd sockets of the sale in this process; @returns milliseconds, 0 for a small one */
export function spreadMs(crowd: number): number {
  return crowd <= AT_ONCE ? 0 : Math.min(SPREAD_MS_MAX, Math.ceil(crowd / TOLD_PER_MS));
}

/**
 * When one of a crowd that is sent away should come back.
 * @param crowd all that are sent away
 * @param random 0…1, for each anew
 */
export function reconnectAfterMs(crowd: number, random: number): number {
  return Math.round(RECONNECT_AFTER_MS_MIN + random * comingBackMs(crowd));
}
