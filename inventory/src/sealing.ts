// Everything that is signed or sealed hangs on one secret of the operator's. Each use has a key of its own,
// derived under a name, so that a token of one kind can never pass for another.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type KeyUse = "shopper cookie" | "entry token" | "seal" | "console csrf" | "console device";

/** @returns 32 bytes for this use */
export function deriveKey(secret: string, use: KeyUse): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `dropgate ${use}`, 32));
}

/** AES-256-GCM: nonce ‖ tag ‖ text. What is sealed in PostgreSQL is nothing without DROPGATE_SECRET. */
export class Sealer {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param about bound to the text: the same must be said to open it */
  seal(plain: Uint8Array, about: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(Buffer.from(about));
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /** @throws Error when it was sealed under another secret or about something else */
  open(sealed: Uint8Array, about: string): Buffer {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(about));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new Error(`${about} cannot be opened: it was sealed under another DROPGATE_SECRET`, {
        cause: error,
      });
    }
  }
}
