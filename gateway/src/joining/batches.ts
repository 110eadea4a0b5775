// Micro-batching: one call is under way at a time, and whatever arrives meanwhile is the next batch. Under load
// batches grow by themselves; idle, a batch is what this turn of the event loop reads. (It waited 2 ms for company
// once, which light load felt in full, and in which a crowd that has its answers stands idle.)

export class Batches<Ask> {
  readonly #send: (batch: Ask[]) => Promise<void>;
  readonly #batchMax: number;
  #waiting: Ask[] = [];
  #underWay = false;
  #scheduled: NodeJS.Immediate | null = null;

  /** @param send settles each ask of its batch by itself, and never rejects */
  constructor(batchMax: number, send: (batch: Ask[]) => Promise<void>) {
    this.#batchMax = batchMax;
    this.#send = send;
  }

  /** Asks that wait for their batch. */
  get length(): number {
    return this.#waiting.length;
  }

  push(ask: Ask): void {
    this.#waiting.push(ask);
    if (this.#underWay) return;
    if (this.#waiting.length >= this.#batchMax) this.#go();
    else this.#scheduled ??= setImmediate(() => this.#go());
  }

  #go(): void {
    if (this.#scheduled !== null) {
      clearImmediate(this.#scheduled);
      this.#scheduled = null;
    }
    if (this.#underWay || this.#waiting.length === 0) return;
    let batch = this.#waiting;
    if (batch.length > this.#batchMax) {
      this.#waiting = batch.slice(this.#batchMax);
      batch = batch.slice(0, this.#batchMax);
    } else {
      this.#waiting = [];
    }
    this.#underWay = true;
    void this.#send(batch).finally(() => {
      this.#underWay = false;
      this.#go();
    });
  }
}
