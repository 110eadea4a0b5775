// Passes: what a shopper shows the merchant's checkout. Signed with Ed25519 keys that lie sealed in
// PostgreSQL, the same for every gateway; the first one that needs a key makes it.
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Shopper, subjectOf } from "@dropgate/contracts/ids";
import { SIGNING_KEYS_REREAD_MS } from "@dropgate/contracts/limits";
import type { Sealer } from "@dropgate/inventory/sealing";
import type { Truth } from "@dropgate/sql";
import { ensureSigningKey, type NewSigningKey, type SigningKeyRow } from "@dropgate/sql/keys/signing-keys";

/** What of a hold its pass says. */
export interface HoldForPass {
  holdId: string;
  saleId: string;
  shopper: string;
  sku: string;
  unit: number;
  offeredAt: Date;
  claimedAt: Date | null;
  expiresAt: Date | null;
  extended: boolean;
  paymentExtensionSeconds: number;
}

function sealedAbout(kid: string): string {
  return `signing key ${kid}`;
}

export function newSigningKey(sealer: Sealer): NewSigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  const kid = `pass-${String(x).slice(0, 16)}`;
  return {
    kid,
    publicJwk: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" },
    sealedPrivate: sealer.seal(privateKey.export({ format: "der", type: "pkcs8" }), sealedAbout(kid)),
  };
}

/** The longest end that the hold may have: its own, and one payment extension if there was none. */
export function longestEnd(hold: HoldForPass): Date {
  if (hold.expiresAt === null) throw new Error(`hold ${hold.holdId} has no end: it was not claimed`);
  const extensionMs = hold.extended ? 0 : hold.paymentExtensionSeconds * 1_000;
  return new Date(hold.expiresAt.getTime() + extensionMs);
}

interface SigningKeys {
  rows: readonly SigningKeyRow[];
  signer: { kid: string; key: KeyObject };
  readAtMs: number;
}

export class Passes {
  readonly #truth: Truth;
  readonly #sealer: Sealer;
  readonly #issuer: string;
  #keys: SigningKeys | null = null;
  #reading: Promise<void> | null = null;

  /** @param issuer the pass's `iss` */
  constructor(truth: Truth, sealer: Sealer, issuer: string) {
    this.#truth = truth;
    this.#sealer = sealer;
    this.#issuer = issuer;
  }

  /** The public halves of all keys that verify. @throws when PostgreSQL is away and they were never read */
  async publicKeys(): Promise<Record<string, unknown>[]> {
    const keys = await this.#ready();
    return keys.rows.map((row) => row.publicJwk);
  }

  /** A key was made here: it is published from now on. */
  forget(): void {
    if (this.#keys !== null) this.#keys.readAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Reads the keys, or makes the first; afterwards `sign` needs nobody. */
  async prepare(): Promise<void> {
    await this.#ready();
  }

  /** The same pass for the same hold, however often it is asked for. @throws when PostgreSQL is away */
  async sign(hold: HoldForPass): Promise<string> {
    const { signer } = await this.#ready();
    const issuedAt = hold.claimedAt ?? hold.offeredAt;
    const claims = {
      iss: this.#issuer,
      aud: hold.saleId,
      sub: subjectOf(hold.shopper as Shopper),
      jti: hold.holdId,
      sku: hold.sku,
      unit: hold.unit,
      iat: Math.floor(issuedAt.getTime() / 1_000),
      exp: Math.ceil(longestEnd(hold).getTime() / 1_000),
    };
    const text = `${encode({ alg: "EdDSA", typ: "JWT", kid: signer.kid })}.${encode(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), signer.key).toString("base64url")}`;
  }

  async #ready(): Promise<SigningKeys> {
    const stale = this.#keys === null || performance.now() - this.#keys.readAtMs > SIGNING_KEYS_REREAD_MS;
    if (stale) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      try {
        await this.#reading;
      } catch (error) {
        // Keys that we have go on signing while PostgreSQL is away.
        if (this.#keys === null) throw error;
      }
    }
    if (this.#keys === null) throw new Error("there is no key to sign passes with");
    return this.#keys;
  }

  async #read(): Promise<void> {
    const rows = await ensureSigningKey(this.#truth, () => newSigningKey(this.#sealer));
    // One that was announced a moment ago is published and does not sign yet.
    const signing = rows.find(({ maySign }) => maySign);
    if (!signing) throw new Error("there is no key that may sign, though one was made");
    const key = createPrivateKey({
      key: this.#sealer.open(signing.sealedPrivate, sealedAbout(signing.kid)),
      format: "der",
      type: "pkcs8",
    });
    this.#keys = { rows, signer: { kid: signing.kid, key }, readAtMs: performance.now() };
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
