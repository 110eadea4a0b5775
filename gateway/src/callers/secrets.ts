// What is signed by us: one key a use (inventory/src/sealing.ts derives them).
import { HmacSha256 } from "@dropgate/inventory/hmac";

/** HMAC-SHA256 under one key, as 43 characters of base64url. */
export class Signer {
  readonly #hmac: HmacSha256;

  constructor(key: Uint8Array) {
    this.#hmac = new HmacSha256(key);
  }

  sign(text: string): string {
    return this.#hmac.sign(text);
  }

  /** In constant time. */
  verify(text: string, signature: string): boolean {
    return equalTexts(this.#hmac.sign(text), signature);
  }
}

/**
 * Compares in a time that says nothing of where two texts of one length differ: each pair of characters is looked at,
 * whatever those before it were. (`timingSafeEqual` would want two buffers made first: 1.6 µs where this takes 0.3 to 0.4 µs.)
 */
export function equalTexts(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let differing = 0;
  for (let i = 0; i < one.length; i++) differing |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return differing === 0;
}
