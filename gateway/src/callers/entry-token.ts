// The receipt of a join: a signed text that proves an entry ever after, without a look at any store. Not a
// JWT on purpose: there is no header in which somebody could ask for another algorithm.
import type { EntryTokenClaims } from "@dropgate/contracts/entry";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Signer } from "./secrets.ts";

/** What an entry token begins with, so that it is told from a JWT and an API key at a glance. */
export const ENTRY_TOKEN_PREFIX = "dge1.";
/** No honest token is longer: the sub has 128 characters of up to 4 bytes. */
const TOKEN_CHARACTERS_MAX = 2_000;
const SIGNATURE_CHARACTERS = 43;

export class EntryTokens {
  readonly #signer: Signer;

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  make(claims: EntryTokenClaims): string {
    const packed = JSON.stringify([
      claims.sale,
      claims.entry,
      claims.shopper,
      claims.attempt,
      claims.bucket,
      claims.exp,
    ]);
    const text = ENTRY_TOKEN_PREFIX + Buffer.from(packed).toString("base64url");
    return `${text}.${this.#signer.sign(text)}`;
  }

  /** @param nowSeconds Unix time */
  verify(token: string, nowSeconds: number): Outcome<EntryTokenClaims> {
    const invalid = refuse("TOKEN_INVALID");
    if (token.length > TOKEN_CHARACTERS_MAX || !token.startsWith(ENTRY_TOKEN_PREFIX)) return invalid;
    const dot = token.lastIndexOf(".");
    const signature = token.slice(dot + 1);
    if (dot < ENTRY_TOKEN_PREFIX.length || signature.length !== SIGNATURE_CHARACTERS) return invalid;
    const text = token.slice(0, dot);
    if (!this.#signer.verify(text, signature)) return invalid;
    // Signed by us, so it is what `make` packed.
    const [sale, entry, shopper, attempt, bucket, exp] = JSON.parse(
      Buffer.from(text.slice(ENTRY_TOKEN_PREFIX.length), "base64url").toString(),
    ) as [string, string, string, number, number, number];
    if (exp <= nowSeconds) return refuse("TOKEN_EXPIRED");
    return { ok: true, value: { sale, entry, shopper, attempt, bucket, exp } };
  }
}
