// Answers that serve everybody who asks for some time. One that is asked for in the later part of its time is made anew
// while it still serves, at a moment of its own: a crowd never waits for what everybody reads, and of many answers that
// began together not all are made in the same moment.

interface Kept<Value> {
  value: Promise<Value>;
  untilMs: number;
  /** Whoever asks after this has the next one made, and is still given this one. */
  renewMs: number;
}

/** The part of its time after which an answer may be made anew. */
const RENEWED_FROM = 0.5;

export interface AheadOfTimeOptions {
  keepMs: number;
  /** Answers that are kept; with one more all are forgotten. */
  keptMax: number;
  nowMs?: () => number;
  random?: () => number;
}

export class AheadOfTime<Value> {
  readonly #options: Required<AheadOfTimeOptions>;
  readonly #kept = new Map<string, Kept<Value>>();

  constructor(options: AheadOfTimeOptions) {
    this.#options = { nowMs: () => performance.now(), random: Math.random, ...options };
  }

  /**
   * Never older than `keepMs`. An answer that could not be made is not kept; one that cannot be renewed serves to its end.
   * @throws what `make` throws, to all who wait for it
   */
  of(name: string, make: () => Promise<Value>): Promise<Value> {
    const { keptMax, nowMs } = this.#options;
    const there = this.#kept.get(name);
    if (there !== undefined && there.untilMs > nowMs()) {
      if (nowMs() > there.renewMs) this.#renew(name, there, make);
      return there.value;
    }
    if (this.#kept.size >= keptMax) this.#kept.clear();
    const made = this.#made(make);
    this.#kept.set(name, made);
    made.value.catch(() => this.#kept.get(name) === made && this.#kept.delete(name));
    return made.value;
  }

  #made(make: () => Promise<Value>): Kept<Value> {
    const { keepMs, nowMs, random } = this.#options;
    const began = nowMs();
    const part = RENEWED_FROM + random() * (1 - RENEWED_FROM);
    return { value: make(), untilMs: began + keepMs, renewMs: began + part * keepMs };
  }

  #renew(name: string, old: Kept<Value>, make: () => Promise<Value>): void {
    old.renewMs = Number.POSITIVE_INFINITY;
    const next = this.#made(make);
    next.value.then(
      () => this.#kept.get(name) === old && this.#kept.set(name, next),
      // Whoever asks once the old one is over hears of it.
      () => {},
    );
  }
}
