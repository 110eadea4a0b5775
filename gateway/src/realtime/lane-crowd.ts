// The shoppers of one lane who are connected here: found by their card's key, read in batches when there may be
// news of them. What is urgent (a card changed) never waits behind what concerns everybody.
import type { ShopperKey } from "@dropgate/contracts/ids";
import { CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import type { Refusal } from "@dropgate/contracts/refusals";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { Drain } from "./drain.ts";
import { readStandings, type Shopper, type StandingsServices } from "./standings.ts";
import type { Standing } from "./telling.ts";
import type { Visitor } from "./visitor.ts";

export interface LaneCrowdParts {
  sale: KnownSale;
  lane: number;
  services: StandingsServices;
  endKnown: () => boolean;
  found: (visitor: Visitor, standing: Standing | Refusal) => void;
  onError: (error: unknown) => void;
}

/** Between two tries to read while a store is away. */
const RETRY_MS_MIN = 300;
const RETRY_MS_MAX = 900;

export class LaneCrowd {
  readonly #parts: LaneCrowdParts;
  /** By key the first of the shopper's connections; the others hang on it. */
  readonly #tabs = new Map<ShopperKey, Visitor>();
  /** Shoppers of whom a connection was not told a ticket. */
  readonly #ticketless = new Set<ShopperKey>();
  readonly #urgent: Drain<ShopperKey>;
  readonly #calm: Drain<ShopperKey>;

  constructor(parts: LaneCrowdParts) {
    this.#parts = parts;
    const drain = (): Drain<ShopperKey> =>
      new Drain({
        batchMax: CARD_BATCH_MAX,
        run: (keys) => this.#read(keys),
        retryMs: () => RETRY_MS_MIN + Math.random() * (RETRY_MS_MAX - RETRY_MS_MIN),
        onError: parts.onError,
      });
    this.#urgent = drain();
    this.#calm = drain();
  }

  /** Takes a connection in and reads how its shopper stands. */
  add(visitor: Visitor, { key }: OwnEntry): void {
    visitor.nextTab = this.#tabs.get(key) ?? null;
    this.#tabs.set(key, visitor);
    this.#ticketless.add(key);
    this.#urgent.add(key);
  }

  remove(visitor: Visitor, { key }: OwnEntry): void {
    const first = this.#tabs.get(key);
    if (first !== visitor) {
      for (let tab = first ?? null; tab !== null; tab = tab.nextTab) {
        if (tab.nextTab === visitor) tab.nextTab = visitor.nextTab;
      }
    } else if (visitor.nextTab !== null) {
      this.#tabs.set(key, visitor.nextTab);
    } else {
      this.#tabs.delete(key);
      this.#ticketless.delete(key);
      this.#urgent.remove(key);
      this.#calm.remove(key);
    }
  }

  /** These cards have changed. */
  look(keys: readonly ShopperKey[]): void {
    for (const key of keys) if (this.#tabs.has(key)) this.#urgent.add(key);
  }

  /** Any card may have changed. @param overMs over how long they are read */
  lookAtAll(overMs: number): void {
    this.#calm.addAll(this.#tabs.keys(), overMs);
  }

  /** Tickets have come: read who was not told one, and nobody else, for a bucket is drawn every second. */
  lookForTickets(overMs: number): void {
    this.#calm.addAll(this.#ticketless, overMs);
  }

  stop(): void {
    this.#urgent.stop();
    this.#calm.stop();
  }

  async #read(keys: readonly ShopperKey[]): Promise<void> {
    const shoppers: Shopper[] = [];
    for (const key of keys) {
      for (let tab = this.#tabs.get(key) ?? null; tab !== null; tab = tab.nextTab) {
        if (tab.own !== null) shoppers.push({ visitor: tab, own: tab.own });
      }
    }
    if (shoppers.length === 0) return;
    const { sale, lane, services, endKnown, found } = this.#parts;
    try {
      await readStandings(services, {
        sale,
        lane,
        shoppers,
        endKnown: endKnown(),
        found: ({ visitor, own }, standing) => {
          if (visitor.own === own) found(visitor, standing);
        },
      });
    } finally {
      for (const { visitor, own } of shoppers) if (visitor.own === own) this.#settle(visitor, own);
    }
  }

  #settle(visitor: Visitor, { key }: OwnEntry): void {
    const { onRead, told, first } = visitor;
    visitor.onRead = null;
    // Whoever could not be read is let in with what is known: "one moment, your place is safe".
    onRead?.(null);
    if ((told?.ticket ?? first?.entry.ticket ?? null) !== null) this.#ticketless.delete(key);
  }
}
