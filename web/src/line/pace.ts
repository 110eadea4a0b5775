// How fast the line moves, as this page has seen it: the rate that the shop allows is a promise, what the numbers
// did in the last minutes is a measurement. Pure.

/** A number that was served, and when (ms by the server's clock). */
interface Seen {
  serving: number;
  at: number;
}

/** What was seen, the oldest first. */
export interface Pace {
  seen: readonly Seen[];
}

/** Turns a second, at worst and at best. `slow` 0: the line may be standing still. */
export interface PaceRange {
  slow: number;
  fast: number;
}

/** Older weather than this says little of the next minutes. */
const WINDOW_MS = 180_000;
/** Nearer looks add nothing; together with the window they bound what is kept. */
const APART_MS = 5_000;
/** Until so much was watched, the shop's own rate is the better guess. */
const WATCHED_MS_MIN = 20_000;
const TURNS_DUE_MIN = 5;
/** What is known of a rate nobody has measured: those who leave make it faster, slow claims slower. */
const PROMISED_FASTER = 0.85;
const PROMISED_SLOWER = 1.2;
/** Nine of ten measurements of a random stream of turns lie within so many standard deviations. */
const DEVIATIONS = 1.64;
/** No measurement is believed closer than this. */
const SHARE_MIN = 0.1;

export const unseenPace: Pace = { seen: [] };

/** @param at ms by the server's clock */
export function watchPace(pace: Pace, serving: number, at: number): Pace {
  const last = pace.seen.at(-1);
  if (last !== undefined && at - last.at < APART_MS) return pace;
  const recent = pace.seen.filter((seen) => at - seen.at <= WINDOW_MS);
  return { seen: [...recent, { serving, at }] };
}

/**
 * The pace to reckon with.
 * @param ratePerSecond what the shop allows
 * @param serving the number served now
 * @param now ms by the server's clock
 */
export function paceRange(pace: Pace, ratePerSecond: number, serving: number, now: number): PaceRange {
  const [first] = pace.seen;
  const watchedMs = first === undefined ? 0 : now - first.at;
  const seconds = watchedMs / 1_000;
  const fastest = ratePerSecond / PROMISED_FASTER;
  if (first === undefined || watchedMs < WATCHED_MS_MIN || seconds * ratePerSecond < TURNS_DUE_MIN) {
    return { slow: ratePerSecond / PROMISED_SLOWER, fast: fastest };
  }
  const turns = serving - first.serving;
  const measured = turns / seconds;
  const deviation = (DEVIATIONS * Math.sqrt(turns)) / seconds;
  const spread = Math.max(deviation, measured * SHARE_MIN);
  // A shop that has just turned the rate down is believed before the window shows it.
  const slow = Math.min(measured - spread, ratePerSecond * (1 - SHARE_MIN));
  return { slow: Math.max(0, slow), fast: Math.min(measured + spread, fastest) };
}
