// Looks at one SKU that are asked for in one turn of the event loop are one call: whoever joins has asked before it goes
// out, and so sees all that was answered before.
import type { StockLook } from "@dropgate/lua/stock-store";

export class LooksTogether {
  readonly #look: (sku: string) => Promise<StockLook[]>;
  /** Of this turn, by SKU. */
  readonly #asked = new Map<string, Promise<StockLook[]>>();
  #turn: Promise<void> = Promise.resolve();

  constructor(look: (sku: string) => Promise<StockLook[]>) {
    this.#look = look;
  }

  /** @throws what the call throws, to all who share it */
  of(sku: string): Promise<StockLook[]> {
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
