// What time it is at the server, as well as this browser can know: phones are minutes off, and every countdown of a
// sale must end at the same instant for everybody. Pure; times are milliseconds since 1970.

interface Sample {
  /** Server's clock minus ours. */
  offsetMs: number;
  /** How wrong that may be: half the round trip. */
  spreadMs: number;
}

export interface ServerClock {
  samples: readonly Sample[];
  /** A message that left the server at T and is here proves an offset of at least T minus now. */
  floorMs: number | null;
  /** Our own clock was seen to jump: what we knew goes as soon as there is something newer. */
  isSuspect: boolean;
}

export const unknownClock: ServerClock = { samples: [], floorMs: null, isSuspect: false };

/** More would only remember older weather. */
const SAMPLES_KEPT = 9;
/** A sample this much wider than the narrowest is noise from a busy line. */
const SPREAD_TOLERANCE = 2;
const SPREAD_SLACK_MS = 20;

/** An answer that carried the server's time, between our sending and receiving. */
export function hearRoundTrip(
  clock: ServerClock,
  heard: { sentAt: number; receivedAt: number; serverTime: number },
): ServerClock {
  const spreadMs = Math.max(0, (heard.receivedAt - heard.sentAt) / 2);
  const sample = { offsetMs: heard.serverTime - heard.sentAt - spreadMs, spreadMs };
  if (clock.isSuspect) return { samples: [sample], floorMs: null, isSuspect: false };
  return { ...clock, samples: [...clock.samples, sample].slice(-SAMPLES_KEPT) };
}

/** A message that the server sent by itself: how long it took is unknown, so it only gives a lower bound. */
export function hearOneWay(
  clock: ServerClock,
  heard: { receivedAt: number; serverTime: number },
): ServerClock {
  const floorMs = heard.serverTime - heard.receivedAt;
  if (clock.isSuspect || (clock.floorMs !== null && clock.floorMs >= floorMs)) return clock;
  return { ...clock, floorMs };
}

/** Our own clock jumped (set by hand, or the machine slept). */
export function doubtClock(clock: ServerClock): ServerClock {
  return { ...clock, isSuspect: true };
}

/** What to add to our clock, or null when nothing was heard yet. */
export function offsetOf(clock: ServerClock): number | null {
  if (clock.samples.length === 0) return clock.floorMs;
  const narrowest = Math.min(...clock.samples.map((sample) => sample.spreadMs));
  const good = clock.samples
    .filter((sample) => sample.spreadMs <= narrowest * SPREAD_TOLERANCE + SPREAD_SLACK_MS)
    .map((sample) => sample.offsetMs)
    .toSorted((a, b) => a - b);
  const middle = good.length >> 1;
  const upper = good[middle] ?? 0;
  const median = good.length % 2 === 1 ? upper : ((good[middle - 1] ?? upper) + upper) / 2;
  return clock.floorMs === null ? median : Math.max(median, clock.floorMs);
}
