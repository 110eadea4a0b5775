// How often a socket hears `serving`: the sooner its turn, the oftener, so that the writes a second follow the
// rate of admission and not the size of the crowd. Pure; serving-cadence.ts publishes by it.
import { SERVING_INTERVAL_MS } from "@dropgate/contracts/limits";

export interface CadenceBand {
  /** The band is for those who are expected to wait less than this. */
  waitSecondsUnder: number;
  /** A frame comes at most once in so many beats. */
  everyBeats: number;
}

/** `serving` is told in beats; a whole number of them lies between two frames of each band. */
export const BEAT_MS = SERVING_INTERVAL_MS;
const beats = (seconds: number): number => Math.round((seconds * 1_000) / BEAT_MS);

/**
 * From the head of the line to its end: a million at 100 a second get 147,000 writes a second, where an hour at
 * every 5 s made it 181,000. Between frames the browser glides by the rate that each
 * carries.
 */
export const CADENCE_BANDS: readonly CadenceBand[] = [
  { waitSecondsUnder: 60, everyBeats: 1 },
  { waitSecondsUnder: 600, everyBeats: beats(1) },
  { waitSecondsUnder: 1_200, everyBeats: beats(5) },
  { waitSecondsUnder: 7_200, everyBeats: beats(15) },
  { waitSecondsUnder: Number.POSITIVE_INFINITY, everyBeats: beats(60) },
];

/** Whoever has no position (watches, has no ticket yet, has had their turn) hears it this seldom. */
export const BAND_WITHOUT_POSITION = 2;

/** Up to so many sockets in a sale a band is told all at once, instead of in parts over its interval. */
export const SMALL_CROWD = 2_000;

/**
 * @param position tickets ahead, 0 and more
 * @param ratePerSecond of admission, above 0
 */
export function bandOf(position: number, ratePerSecond: number): number {
  return CADENCE_BANDS.findIndex((band) => position < reach(band, ratePerSecond));
}

/** Tickets below this are in `band` or in one nearer to the head; the same cut as `bandOf` makes. */
export function bandEnd(band: number, serving: number, ratePerSecond: number): number {
  return serving + reach(bandAt(band), ratePerSecond);
}

/** Positions below this are in the band or nearer; position 0 is the head of the line, however slow the rate. */
function reach({ waitSecondsUnder }: CadenceBand, ratePerSecond: number): number {
  // Whole, so that adding it to `serving` cuts exactly where the position alone does.
  return Math.max(1, Math.ceil(waitSecondsUnder * ratePerSecond));
}

export function bandAt(band: number): CadenceBand {
  const found = CADENCE_BANDS[band];
  if (found === undefined) throw new RangeError(`no such cadence band: ${band}`);
  return found;
}

/** Which part of its band a socket is in: the parts of a large crowd's band are told in turn over its interval. */
export function partOf(band: number, slot: number): number {
  return slot % bandAt(band).everyBeats;
}

/**
 * Whether a part of a band that has something to hear is told at this beat.
 * @param beat the running number of the beat
 * @param lastBeat at which the part was told last; -Infinity when never
 * @param crowd sockets of the sale in this process
 */
export function isDue(band: number, part: number, beat: number, lastBeat: number, crowd: number): boolean {
  const { everyBeats } = bandAt(band);
  if (beat - lastBeat < everyBeats) return false;
  return crowd <= SMALL_CROWD || beat % everyBeats === part;
}
