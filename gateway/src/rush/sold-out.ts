// A gateway's own knowledge that all units of a rush are taken: while it is believed, tries are answered without
// asking any store. It lives a second or so, is renewed by one read of the pools, and ends at once with the word that
// a unit came back. Whoever holds a unit is always looked up.
import type { ShopperKey } from "@dropgate/contracts/ids";
import { SOLD_OUT_KNOWN_MS } from "@dropgate/contracts/limits";

export type SoldOutView = "unknown" | "renew" | "known";

export class SoldOut {
  #untilMs = Number.NEGATIVE_INFINITY;
  #lifeMs = SOLD_OUT_KNOWN_MS;
  /** Keys of shoppers with a unit; null: not known, or too many to keep, so everybody is looked up. */
  #holders: Set<ShopperKey> | null = null;
  #wereRead = false;
  #cardsSeen: ShopperKey[] = [];

  /**
   * `renew`: still believed, and due to be read again. A renewal that does not succeed within another life ends it.
   * @param nowMs of a clock that only runs forward
   */
  view(nowMs: number): SoldOutView {
    if (nowMs < this.#untilMs) return "known";
    return nowMs < this.#untilMs + this.#lifeMs ? "renew" : "unknown";
  }

  /** Every pool was found empty. @param random 0…1, so that gateways do not renew together */
  found(nowMs: number, random: number): void {
    this.#lifeMs = SOLD_OUT_KNOWN_MS * (0.75 + random / 2);
    this.#untilMs = nowMs + this.#lifeMs;
  }

  /** A unit came back, or may have. */
  end(): void {
    this.#untilMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether the holders need not be read. */
  get holdersWereRead(): boolean {
    return this.#wereRead;
  }

  mayHold(key: ShopperKey): boolean {
    return this.#holders === null || this.#holders.has(key);
  }

  /** These shoppers' cards changed: they may hold a unit now. */
  cardsChanged(keys: readonly ShopperKey[]): void {
    for (const key of keys) {
      if (this.#holders !== null) this.#holders.add(key);
      else if (!this.#wereRead) this.#cardsSeen.push(key);
    }
  }

  /** Word of some card may have been missed: the holders are to be read again. */
  forgetHolders(): void {
    this.#holders = null;
    this.#wereRead = false;
    this.#cardsSeen = [];
  }

  /** Begins to read the holders: what changes from now on is added to what the reading finds. */
  readingHolders(): void {
    this.#cardsSeen = [];
  }

  /** @param keys null: there are too many to keep */
  readHolders(keys: readonly ShopperKey[] | null): void {
    this.#wereRead = true;
    this.#holders = keys === null ? null : new Set([...keys, ...this.#cardsSeen]);
    this.#cardsSeen = [];
  }
}
