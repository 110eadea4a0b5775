// The shops' keys in memory: a shop has one or two, so all are read every few seconds, and at once (but
// rarely) when a token names one that is not known. While PostgreSQL is away, those known go on counting.
import { SHOPPER_KEYS_REREAD_MS, SHOPPER_KEYS_UNKNOWN_MS } from "@dropgate/contracts/limits";
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

  constructor(truth: Truth, sealer: Sealer, onError: (error: unknown) => void) {
    this.#truth = truth;
    this.#sealer = sealer;
    this.#onError = onError;
  }

  /** The key under this kid, at once when it is known; null when there is none. @throws when PostgreSQL is away */
  find(kid: string): ShopperKeyMaterial | null | Promise<ShopperKeyMaterial | null> {
    const age = performance.now() - this.#readAtMs;
    const known = this.#keys.get(kid);
    if (known !== undefined) {
      if (age > SHOPPER_KEYS_REREAD_MS) this.#read().catch(this.#onError);
      return known;
    }
    return this.#lookAgain(kid, SHOPPER_KEYS_UNKNOWN_MS - age);
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

  /** Reads the keys at the next occasion: one was made here. */
  forget(): void {
    this.#readAtMs = Number.NEGATIVE_INFINITY;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const rows = await readShopperKeys(this.#truth);
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
    this.#readAtMs = performance.now();
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
