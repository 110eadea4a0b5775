// Who is asking: read from Authorization and the cookie, in the order in which proofs count. What stands in
// Authorization must be good: a bad token is never passed over for a good cookie.
import type { EntryTokenClaims } from "@dropgate/contracts/entry";
import type { Shopper } from "@dropgate/contracts/ids";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { ConsoleSessions, SignedIn } from "../operators/console-sessions.ts";
import type { ApiCaller, ApiKeys } from "./api-keys.ts";
import { ENTRY_TOKEN_PREFIX, type EntryTokens } from "./entry-token.ts";
import type { ShopperCookies } from "./shopper-cookie.ts";
import { looksLikeJwt, readJwtHeader, verifyJwt } from "./shopper-jwt.ts";
import type { ShopperKeys } from "./shopper-keys.ts";
import type { WmsSignatures } from "./wms-signature.ts";

export type Who =
  /** `by`: a cookie of ours, or the merchant's JWT, which may be for one sale only. */
  | { kind: "shopper"; shopper: Shopper; by: "cookie" | "jwt"; sale: string | null }
  | { kind: "entry"; claims: EntryTokenClaims }
  | { kind: "key"; key: ApiCaller }
  /** Of the console, by their session. */
  | { kind: "operator"; operator: SignedIn }
  | { kind: "warehouse" }
  | { kind: "nobody" };

export type WhoOutcome = { ok: true; value: Who } | Refusal;

const BEARER = /^bearer +(\S+)$/i;
const nobody: WhoOutcome = { ok: true, value: { kind: "nobody" } };

export interface CallersParts {
  apiKeys: ApiKeys;
  sessions: ConsoleSessions;
  cookies: ShopperCookies;
  entryTokens: EntryTokens;
  shopperKeys: ShopperKeys;
  signatures: WmsSignatures;
}

export class Callers {
  readonly cookies: ShopperCookies;
  readonly entryTokens: EntryTokens;
  readonly sessions: ConsoleSessions;
  readonly #apiKeys: ApiKeys;
  readonly #shopperKeys: ShopperKeys;
  readonly #signatures: WmsSignatures;

  constructor(parts: CallersParts) {
    this.cookies = parts.cookies;
    this.entryTokens = parts.entryTokens;
    this.sessions = parts.sessions;
    this.#apiKeys = parts.apiKeys;
    this.#shopperKeys = parts.shopperKeys;
    this.#signatures = parts.signatures;
  }

  /** A warehouse, by its signature of the body's bytes. */
  warehouse(signature: string, body: Uint8Array): WhoOutcome {
    const refusal = this.#signatures.judge(signature, body);
    return refusal ?? { ok: true, value: { kind: "warehouse" } };
  }

  /**
   * A shopper's proof: JWT, entry token, or cookie; `nobody` without any. At once unless a key must be read.
   * @param keysToo whether an API key is a proof here
   * @throws when PostgreSQL is away and must be asked
   */
  identify(
    head: { authorization: string; cookie: string },
    keysToo: boolean,
  ): WhoOutcome | Promise<WhoOutcome> {
    if (head.authorization === "") {
      const shopper = this.cookies.read(head.cookie);
      return shopper === null
        ? nobody
        : { ok: true, value: { kind: "shopper", shopper, by: "cookie", sale: null } };
    }
    const token = BEARER.exec(head.authorization)?.[1];
    if (token === undefined) return refuse("TOKEN_INVALID", { detail: "Send Authorization: Bearer …" });
    if (token.startsWith(ENTRY_TOKEN_PREFIX)) return this.entryToken(token);
    if (looksLikeJwt(token)) return this.jwt(token);
    return keysToo ? this.#apiKey(token) : refuse("TOKEN_INVALID");
  }

  /** An API key in Authorization; `nobody` without one. */
  identifyKey(authorization: string): WhoOutcome | Promise<WhoOutcome> {
    if (authorization === "") return nobody;
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? refuse("UNAUTHENTICATED") : this.#apiKey(token);
  }

  /** An operator by the cookie of their session; `nobody` without one that lasts. @throws when PostgreSQL is away */
  async identifySession(cookie: string): Promise<WhoOutcome> {
    const operator = await this.sessions.find(cookie);
    return operator === null ? nobody : { ok: true, value: { kind: "operator", operator } };
  }

  /** An API key was revoked here: it opens nothing from now on. */
  forgetApiKeys(): void {
    this.#apiKeys.forget();
  }

  /** A shop's key was made or revoked here: that counts from now on. */
  forgetShopperKeys(): void {
    this.#shopperKeys.forget();
  }

  /** @throws when PostgreSQL is away and the key is not remembered */
  async apiKey(key: string): Promise<ApiCaller | null> {
    return this.#apiKeys.find(key);
  }

  entryToken(token: string): Outcome<Who & { kind: "entry" }> {
    const verified = this.entryTokens.verify(token, Date.now() / 1000);
    return verified.ok ? { ok: true, value: { kind: "entry", claims: verified.value } } : verified;
  }

  jwt(token: string): WhoOutcome | Promise<WhoOutcome> {
    const header = readJwtHeader(token);
    if (header === null) return refuse("TOKEN_INVALID");
    const found = this.#shopperKeys.find(header.kid);
    const judge = (key: Awaited<typeof found>): WhoOutcome => {
      if (key === null) return refuse("TOKEN_INVALID", { detail: "No shop has registered this kid." });
      const verified = verifyJwt(token, header.alg, key, Date.now() / 1000);
      return verified.ok ? { ok: true, value: { kind: "shopper", by: "jwt", ...verified.value } } : verified;
    };
    return found instanceof Promise ? found.then(judge) : judge(found);
  }

  #apiKey(token: string): WhoOutcome | Promise<WhoOutcome> {
    const found = this.#apiKeys.find(token);
    const judge = (key: ApiCaller | null): WhoOutcome =>
      key === null
        ? refuse("UNAUTHENTICATED", { detail: "Nobody has this API key." })
        : { ok: true, value: { kind: "key", key } };
    return found instanceof Promise ? found.then(judge) : judge(found);
  }
}
