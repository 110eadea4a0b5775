// The cookie that makes an anonymous browser one shopper: a random id with our signature. Nothing is stored
// for it anywhere until its shopper joins.
import { randomBytes } from "node:crypto";
import { cookieShopper, type Shopper } from "@dropgate/contracts/ids";
import type { Signer } from "./secrets.ts";

export const SHOPPER_COOKIE = "dropgate_shopper";
const MAX_AGE_SECONDS = 365 * 86_400;
const ID_BYTES = 16;
const VALUE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

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
    if (cookieHeader === "") return null;
    // Several of the name (another path, an older host) are tried in turn: the first that is ours counts.
    for (const part of cookieHeader.split(";")) {
      const pair = part.trim();
      if (!pair.startsWith(SHOPPER_COOKIE) || pair[SHOPPER_COOKIE.length] !== "=") continue;
      const match = VALUE.exec(pair.slice(SHOPPER_COOKIE.length + 1));
      if (match && this.#signer.verify(match[1] as string, match[2] as string)) {
        return cookieShopper(match[1] as string);
      }
    }
    return null;
  }

  /** A Set-Cookie value for a shopper we have not met. */
  fresh(): string {
    const id = randomBytes(ID_BYTES).toString("base64url");
    const secure = this.#secure ? "; Secure" : "";
    return `${SHOPPER_COOKIE}=${id}.${this.#signer.sign(id)}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
  }
}
