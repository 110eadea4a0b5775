// The shops' keys in memory: a shop has one or two, so all are read every few seconds, and at once (but
// rarely) when a token names one that is not known. While PostgreSQL is away, those known go on counting.
import {
  SHOPPER_KEYS_REREAD_MS,
  SHOPPER_KEYS_STALE_MS,
  SHOPPER_KEYS_UNKNOWN_MS,
} from "@dropgate/contracts/limits";
import type { Sealer } from "@dropgate/inventory/sealing";
import type { Truth } from "@dropgate/sql";
import { readShopperKeys, type ShopperKeyRow } from "@dropgate/sql/keys/shopper-keys";
import { materialOfJwk, type ShopperKeyMaterial } from "./shopper-jwt.ts";

/** What a shopper key's secret is sealed about. */
export function sealedAbout(kid: string): string {
  return `shopper key ${kid}`;
}

export class ShopperKeys {
  readonly #truth: Truth;
  readonly #sealer: Sealer;
  readonly #onError: (error: unknown) => void;
  #keys = new Map<string, ShopperKeyMaterial>();
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;
  /** When PostgreSQL was asked last and did not tell. */
  #awayAtMs = Number.NEGATIVE_INFINITY;

  constructor(truth: Truth, sealer: Sealer, onError: (error: unknown) => void) {
    this.#truth = truth;
    this.#sealer = sealer;
    this.#onError = onError;
  }

  /**
   * The key under this kid, at once when it is known and was read lately; null when there is none.
   * @throws when PostgreSQL is away and the key is not known
   */
  find(kid: string): ShopperKeyMaterial | null | Promise<ShopperKeyMaterial | null> {
    const age = performance.now() - this.#readAtMs;
    const known = this.#keys.get(kid);
    if (known === undefined) return this.#lookAgain(kid, SHOPPER_KEYS_UNKNOWN_MS - age);
    if (age <= SHOPPER_KEYS_REREAD_MS) return known;
    const reading = this.#read();
    // After a quiet hour what is remembered is an hour old: a key that was revoked meanwhile must not open once more.
    const isAway = performance.now() - this.#awayAtMs <= SHOPPER_KEYS_REREAD_MS;
    if (age > SHOPPER_KEYS_STALE_MS && !isAway) {
      return reading.then(
        () => this.#keys.get(kid) ?? null,
        (error: unknown) => {
          this.#onError(error);
          return known;
        },
      );
    }
    reading.catch(this.#onError);
    return known;
  }

  /** Made-up kids must not become a query each, and a new shop's first token must not be refused. */
  async #lookAgain(kid: string, waitMs: number): Promise<ShopperKeyMaterial | null> {
    if (waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const meanwhile = this.#keys.get(kid);
      if (meanwhile !== undefined) return meanwhile;
    }
    // Whoever waited with us may have read them already.
    if (performance.now() - this.#readAtMs > SHOPPER_KEYS_UNKNOWN_MS - 1) await this.#read();
    return this.#keys.get(kid) ?? null;
  }

  /** One was made or revoked here: nothing is told of them before they are read again. */
  forget(): void {
    this.#readAtMs = Number.NEGATIVE_INFINITY;
    this.#awayAtMs = Number.NEGATIVE_INFINITY;
    // What is being read may be from before it.
    this.#reading = null;
  }

  #read(): Promise<void> {
    if (this.#reading !== null) return this.#reading;
    const reading: Promise<void> = this.#readAll(() => this.#reading === reading).finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    this.#reading = reading;
    return reading;
  }

  /** @param isNewest false: it may have been read before somebody here changed a key, and is read again */
  async #readAll(isNewest: () => boolean): Promise<void> {
    const askedAtMs = performance.now();
    let rows: ShopperKeyRow[];
    try {
      rows = await readShopperKeys(this.#truth);
      this.#awayAtMs = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.#awayAtMs = performance.now();
      throw error;
    }
    if (!isNewest()) return this.#read();
    const keys = new Map<string, ShopperKeyMaterial>();
    for (const row of rows) {
      try {
        keys.set(row.kid, this.#materialOf(row));
      } catch (error) {
        // One key sealed under an older secret must not lock out the shops whose keys are good.
        this.#onError(error);
      }
    }
    this.#keys = keys;
    this.#readAtMs = askedAtMs;
  }

  #materialOf(row: ShopperKeyRow): ShopperKeyMaterial {
    if (row.alg === "HS256") {
      return {
        alg: "HS256",
        secret: this.#sealer.open(row.sealedSecret ?? Buffer.alloc(0), sealedAbout(row.kid)),
      };
    }
    return materialOfJwk(row.alg, row.publicJwk ?? {});
  }
}
