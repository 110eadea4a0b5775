// Looks at one SKU that are asked for in one turn of the event loop are one call: whoever joins has asked before it goes
// out, and so sees all that was answered before.

export class LooksTogether<Look> {
  readonly #look: (sku: string) => Promise<Look>;
  /** Of this turn, by SKU. */
  readonly #asked = new Map<string, Promise<Look>>();
  #turn: Promise<void> = Promise.resolve();

  constructor(look: (sku: string) => Promise<Look>) {
    this.#look = look;
  }

  /** @throws what the call throws, to all who share it */
  of(sku: string): Promise<Look> {
    const shared = this.#asked.get(sku);
    if (shared !== undefined) return shared;
    if (this.#asked.size === 0) this.#turn = nextTurn().then(() => this.#asked.clear());
    const look = this.#turn.then(() => this.#look(sku));
    this.#asked.set(sku, look);
    return look;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
