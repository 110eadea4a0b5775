// Answers that serve everybody who asks for some time. One that is asked for in the later part of its time is made anew
// while it still serves, at a moment of its own: a crowd never waits for what everybody reads, and of many answers that
// began together not all are made in the same moment. Those of a few moments are made together, though: what each of
// hundreds a second asks of other servers by itself wakes them and is woken by their answer.

interface Kept<Value> {
  value: Promise<Value>;
  untilMs: number;
  /** Whoever asks after this has the next one made, and is still given this one. */
  renewMs: number;
}

/** The part of its time after which an answer may be made anew. */
const RENEWED_FROM = 0.5;
/** Renewals wait for others for as long as this part of an answer's time. */
const TOGETHER_PART = 0.04;

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
  /** Renewals that wait for others. */
  #due: (() => void)[] = [];

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
    const now = nowMs();
    if (there !== undefined && there.untilMs > now) {
      if (now > there.renewMs) this.#renew(name, there, make);
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
    this.#due.push(() => this.#makeNext(name, old, make));
    if (this.#due.length === 1) setTimeout(() => this.#renewDue(), this.#options.keepMs * TOGETHER_PART);
  }

  #renewDue(): void {
    for (const renew of this.#due.splice(0)) renew();
  }

  #makeNext(name: string, old: Kept<Value>, make: () => Promise<Value>): void {
    // It was over before, and somebody had another made.
    if (this.#kept.get(name) !== old) return;
    const next = this.#made(make);
    next.value.then(
      () => this.#kept.get(name) === old && this.#kept.set(name, next),
      // Whoever asks once the old one is over hears of it.
      () => {},
    );
  }
}
