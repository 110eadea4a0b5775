// A sale's figures over time in bounded memory: three rings of widening steps. Pure; the moments are given.
import { SERIES_STEPS, type SeriesStep } from "@dropgate/contracts/sale-metrics";

/** Points of each ring: ten minutes of seconds, three hours of ten seconds, a day of minutes. */
const POINTS: Record<SeriesStep, number> = { 1: 600, 10: 1_080, 60: 1_440 };

/** What is sampled: as of a moment. */
export interface Sample {
  atMs: number;
  waiting: number;
  serving: number;
  ratePerSecond: number;
  free: number;
  held: number;
  sold: number;
  returned: number;
  visitors: number;
  // What has happened so far.
  joined: number;
  offered: number;
  claimed: number;
  confirmed: number;
  /** Offers that lapsed and holds that expired. */
  expired: number;
}

/** What happened a second since the sample a step before. */
export interface Rates {
  servedPerSecond: number;
  soldPerSecond: number;
  joinedPerSecond: number;
  offeredPerSecond: number;
  claimedPerSecond: number;
  confirmedPerSecond: number;
  expiredPerSecond: number;
}

export type Point = Sample & Rates;

type Counted = "serving" | "sold" | "joined" | "offered" | "claimed" | "confirmed" | "expired";

class Ring {
  readonly #points: Point[] = [];
  readonly #stepMs: number;
  readonly #max: number;
  #next = 0;
  #last: Sample | null = null;

  constructor(stepSeconds: SeriesStep) {
    this.#stepMs = stepSeconds * 1_000;
    this.#max = POINTS[stepSeconds];
  }

  add(sample: Sample): void {
    const last = this.#last;
    if (last !== null && sample.atMs < last.atMs + this.#stepMs) return;
    const seconds = last === null ? 0 : (sample.atMs - last.atMs) / 1_000;
    const rate = (of: Counted): number =>
      seconds > 0 ? (sample[of] - (last?.[of] ?? sample[of])) / seconds : 0;
    const point = {
      ...sample,
      servedPerSecond: rate("serving"),
      soldPerSecond: rate("sold"),
      joinedPerSecond: rate("joined"),
      offeredPerSecond: rate("offered"),
      claimedPerSecond: rate("claimed"),
      confirmedPerSecond: rate("confirmed"),
      expiredPerSecond: rate("expired"),
    };
    this.#last = sample;
    if (this.#points.length < this.#max) this.#points.push(point);
    else this.#points[this.#next] = point;
    this.#next = (this.#next + 1) % this.#max;
  }

  /** Oldest first. */
  points(): Point[] {
    if (this.#points.length < this.#max) return [...this.#points];
    return [...this.#points.slice(this.#next), ...this.#points.slice(0, this.#next)];
  }
}

export class Series {
  readonly #rings = new Map(SERIES_STEPS.map((step) => [step, new Ring(step)]));

  /** Takes a sample in where a step is over; one that is early is left out. */
  add(sample: Sample): void {
    for (const ring of this.#rings.values()) ring.add(sample);
  }

  points(step: SeriesStep): Point[] {
    return this.#rings.get(step)?.points() ?? [];
  }

  get newest(): Point | null {
    return this.points(1).at(-1) ?? null;
  }
}
