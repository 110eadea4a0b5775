// Where a shopper stands between two frames: `serving` comes four times a second to those who are nearly there and
// every few seconds to those far back, so the page lets it glide by the rate that came with it.
import type { ServingSeen } from "../room/room-state.ts";

/** How far ahead of the last frame we dare to glide: about until the next one is due (limits' cadence bands). */
function glideMsMax(secondsToGo: number): number {
  if (secondsToGo < 60) return 250;
  return secondsToGo < 600 ? 1_000 : 5_000;
}

/**
 * The position to show now: 1 is next, 0 has been passed by (and is served as soon as a unit is free).
 * @param serverNow server's clock in ms; null stops the glide
 * @param shown the position shown before, or null: it never grows
 */
export function glidePosition(
  ticket: number,
  seen: ServingSeen,
  serverNow: number | null,
  shown: number | null,
): number {
  const told = Math.max(0, ticket - seen.serving);
  if (told === 0) return 0;
  let position = told;
  if (serverNow !== null && seen.ratePerSecond > 0) {
    const elapsedMs = Math.max(0, serverNow - seen.at);
    const glideMs = Math.min(elapsedMs, glideMsMax(told / seen.ratePerSecond));
    // Only a frame may say "you are next, or there": a glide stops one before.
    position = Math.max(Math.min(told, 2), told - Math.floor((glideMs / 1_000) * seen.ratePerSecond));
  }
  return shown === null || shown === 0 ? position : Math.min(position, shown);
}
