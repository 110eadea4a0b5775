// Things to be looked at, each once however often it is named, in batches one after the other: what is named while
// a batch is under way is the next one. A batch that breaks is tried again, so nothing named is ever forgotten.

export interface DrainParts<Item> {
  batchMax: number;
  /** Looks at a batch. Whatever it throws, the whole batch is tried again. */
  run: (batch: Item[]) => Promise<void>;
  /** How long after a broken batch the next try comes; a number in a range, so that many don't come together. */
  retryMs: () => number;
  onError: (error: unknown) => void;
}

export class Drain<Item> {
  readonly #parts: DrainParts<Item>;
  readonly #waiting = new Set<Item>();
  #pauseMs = 0;
  #isScheduled = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: DrainParts<Item>) {
    this.#parts = parts;
  }

  /** Items that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  add(item: Item): void {
    this.#waiting.add(item);
    this.#schedule(0);
  }

  /** @param overMs over how long they are spread; the last call's word counts for all that wait */
  addAll(items: Iterable<Item>, overMs = 0): void {
    for (const item of items) this.#waiting.add(item);
    const batches = Math.ceil(this.#waiting.size / this.#parts.batchMax);
    this.#pauseMs = batches === 0 ? 0 : overMs / batches;
    this.#schedule(0);
  }

  remove(item: Item): void {
    this.#waiting.delete(item);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #schedule(afterMs: number): void {
    if (this.#isScheduled || this.#isStopped || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    if (afterMs > 0) this.#timer = setTimeout(() => void this.#go(), afterMs);
    // After everything that this turn of the event loop reads from its sockets: it belongs to one batch.
    else setImmediate(() => void this.#go());
  }

  async #go(): Promise<void> {
    const batch = this.#take();
    let nextMs = this.#pauseMs;
    try {
      if (batch.length > 0) await this.#parts.run(batch);
    } catch (error) {
      this.#parts.onError(error);
      for (const item of batch) this.#waiting.add(item);
      nextMs = this.#parts.retryMs();
    }
    if (this.#waiting.size === 0) this.#pauseMs = 0;
    this.#isScheduled = false;
    this.#schedule(nextMs);
  }

  #take(): Item[] {
    const batch: Item[] = [];
    for (const item of this.#waiting) {
      if (batch.length >= this.#parts.batchMax) break;
      this.#waiting.delete(item);
      batch.push(item);
    }
    return batch;
  }
}
