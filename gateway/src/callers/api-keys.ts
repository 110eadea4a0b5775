// Who holds an API key: asked of PostgreSQL by the key's hash and remembered for a few seconds, so that a
// busy checkout costs no look-up a call and a revoked key is still gone soon.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { API_SCOPES, type ApiScope } from "@dropgate/contracts/keys";
import {
  API_KEY_REMEMBERED_MS,
  API_KEY_SEEN_SECONDS,
  API_KEYS_REMEMBERED_MAX,
} from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { readApiKey, seeApiKey } from "@dropgate/sql/keys/api-keys";

/** A caller with an API key. `admin` may do all that the others may. */
export interface ApiCaller {
  id: string;
  scopes: readonly ApiScope[];
}

/** What the ledger and idempotency call the key of BOOTSTRAP_API_KEY. */
export const BOOTSTRAP_KEY_ID = "bootstrap";
const KEY_BYTES = 32;
/** Honest keys are 47 characters; BOOTSTRAP_API_KEY may have up to 255. */
const KEY_CHARACTERS_MAX = 255;

/** A new key and its hash; the key is shown once. */
export function makeApiKey(): { id: string; key: string; hash: Buffer } {
  const key = `dgk_${randomBytes(KEY_BYTES).toString("base64url")}`;
  return { id: `key_${randomBytes(9).toString("base64url")}`, key, hash: hashOf(key) };
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

export function mayActAs(caller: ApiCaller, wanted: readonly ApiScope[]): boolean {
  return caller.scopes.includes("admin") || caller.scopes.some((scope) => wanted.includes(scope));
}

export class ApiKeys {
  readonly #truth: Truth;
  readonly #bootstrapHash: Buffer | null;
  readonly #onError: (error: unknown) => void;
  #remembered = new Map<string, { caller: ApiCaller | null; untilMs: number }>();

  constructor(truth: Truth, bootstrapKey: string | undefined, onError: (error: unknown) => void) {
    this.#truth = truth;
    this.#onError = onError;
    this.#bootstrapHash = bootstrapKey === undefined ? null : hashOf(bootstrapKey);
  }

  /** Null when nobody has this key. @throws when PostgreSQL is away and the key is not remembered */
  find(key: string): ApiCaller | null | Promise<ApiCaller | null> {
    if (key === "" || key.length > KEY_CHARACTERS_MAX) return null;
    const hash = hashOf(key);
    if (this.#bootstrapHash !== null && timingSafeEqual(hash, this.#bootstrapHash)) {
      return { id: BOOTSTRAP_KEY_ID, scopes: API_SCOPES };
    }
    const name = hash.toString("latin1");
    const remembered = this.#remembered.get(name);
    if (remembered && remembered.untilMs > performance.now()) return remembered.caller;
    return this.#ask(hash, name);
  }

  /** A key was revoked here: it opens nothing from now on, and elsewhere after API_KEY_REMEMBERED_MS. */
  forget(): void {
    // Another map: what is being asked now may be from before, and is remembered where nobody looks.
    this.#remembered = new Map();
  }

  async #ask(hash: Buffer, name: string): Promise<ApiCaller | null> {
    const remembered = this.#remembered;
    const row = await readApiKey(this.#truth, hash);
    // For people who look which keys are still used; a call never waits for it or fails by it.
    if (row !== null) seeApiKey(this.#truth, row.id, API_KEY_SEEN_SECONDS).catch(this.#onError);
    if (remembered.size >= API_KEYS_REMEMBERED_MAX) remembered.clear();
    remembered.set(name, { caller: row, untilMs: performance.now() + API_KEY_REMEMBERED_MS });
    return row;
  }
}
