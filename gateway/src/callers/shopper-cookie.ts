// The cookie that makes an anonymous browser one shopper: a random id with our signature. Nothing is stored
// for it anywhere until its shopper joins.
import { randomBytes } from "node:crypto";
import { cookieShopper, type Shopper } from "@dropgate/contracts/ids";
import type { Signer } from "./secrets.ts";

export const SHOPPER_COOKIE = "dropgate_shopper";
const MAX_AGE_SECONDS = 365 * 86_400;
const ID_BYTES = 16;
const ID_CHARACTERS = 22;
const VALUE_CHARACTERS = ID_CHARACTERS + 1 + 43;
const OPENING = `${SHOPPER_COOKIE}=`;

export class ShopperCookies {
  readonly #signer: Signer;
  readonly #secure: boolean;

  /** @param secure shoppers come by https */
  constructor(signer: Signer, secure: boolean) {
    this.#signer = signer;
    this.#secure = secure;
  }

  /** The shopper that a Cookie header names; null without a cookie that we signed. */
  read(cookieHeader: string): Shopper | null {
    // Several of the name (another path, an older host) are tried in turn: the first that is ours counts.
    for (let at = 0; at < cookieHeader.length; ) {
      const semicolon = cookieHeader.indexOf(";", at);
      const end = semicolon === -1 ? cookieHeader.length : semicolon;
      const pair = cookieHeader.slice(at, end).trim();
      const shopper = pair.startsWith(OPENING) ? this.#shopperOf(pair.slice(OPENING.length)) : null;
      if (shopper !== null) return shopper;
      at = end + 1;
    }
    return null;
  }

  /** What letters an id may have needs no look: a signature of ours stands under no others. */
  #shopperOf(value: string): Shopper | null {
    if (value.length !== VALUE_CHARACTERS || value[ID_CHARACTERS] !== ".") return null;
    const id = value.slice(0, ID_CHARACTERS);
    return this.#signer.verify(id, value.slice(ID_CHARACTERS + 1)) ? cookieShopper(id) : null;
  }

  /** A Set-Cookie value for a shopper we have not met. */
  fresh(): string {
    return this.#cookie(this.#secure ? "SameSite=Lax; Secure" : "SameSite=Lax");
  }

  /**
   * The same for the card in a merchant's page. On another site a Lax cookie is not kept; a partitioned one is, for that
   * site alone, so that no third site can act for its shopper. Without https there is none.
   */
  freshInFrame(): string {
    return this.#secure ? this.#cookie("SameSite=None; Secure; Partitioned") : this.fresh();
  }

  #cookie(rules: string): string {
    const id = randomBytes(ID_BYTES).toString("base64url");
    return `${SHOPPER_COOKIE}=${id}.${this.#signer.sign(id)}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; ${rules}`;
  }
}
