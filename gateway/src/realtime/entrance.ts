// Who may come in: before the upgrade by origin and address, at the connect by what `auth` proves.

import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { handshakeSchema } from "@dropgate/contracts/realtime";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { roleMay } from "@dropgate/contracts/roles";
import { mayActAs } from "../callers/api-keys.ts";
import type { Who } from "../callers/callers.ts";
import { countedAs, peerText, TrustedProxies } from "../edge/address.ts";
import { isOwnPage, judgeOrigin, type OriginRules, originRules } from "../edge/origins.ts";
import { problemOf, retryAfterSeconds } from "../edge/problem.ts";
import { RateLimit } from "../edge/rate-limit.ts";
import { validate } from "../edge/validate.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import type { UpgradeAnswer } from "../socket/hooks.ts";
import type { Watching } from "./operator-desk.ts";

/** Sockets that one address may open for each join it may make: two tabs, and one that comes back. */
const SOCKETS_PER_JOIN = 3;
/** The `instance` of a problem that is told at the door. */
export const SOCKET_PATH = "/socket.io/";

/** Who was let in: `own` and `who` of a shopper, `watching` of an operator; all null of a spectator. */
export interface Admitted {
  sale: KnownSale;
  own: OwnEntry | null;
  who: Who | null;
  watching: Watching | null;
}

/** What the upgrade brought, where it may go on. */
export interface LetThrough {
  ok: true;
  /** Of a console's session, when it comes from our own page or from no page at all. */
  sessionToken: string | null;
}

export class Entrance {
  readonly #services: Pick<Services, "callers" | "entries" | "sales" | "metrics">;
  readonly #origins: OriginRules;
  readonly #proxies: TrustedProxies;
  readonly #byAddress: RateLimit | null;

  constructor(services: Pick<Services, "callers" | "entries" | "sales" | "settings" | "metrics">) {
    this.#services = services;
    const { ALLOWED_ORIGINS, PUBLIC_URL, TRUSTED_PROXIES, JOINS_PER_ADDRESS } = services.settings;
    this.#origins = originRules(ALLOWED_ORIGINS, PUBLIC_URL);
    this.#proxies = new TrustedProxies(TRUSTED_PROXIES);
    this.#byAddress =
      JOINS_PER_ADDRESS === null
        ? null
        : new RateLimit({
            perSecond: JOINS_PER_ADDRESS.perSecond * SOCKETS_PER_JOIN,
            burst: JOINS_PER_ADDRESS.burst * SOCKETS_PER_JOIN,
          });
  }

  /** Before the 101. Synchronous: µWebSockets' request is gone afterwards. */
  judgeUpgrade(
    req: HttpRequest,
    res: HttpResponse,
    nowMs: number,
  ): Extract<UpgradeAnswer<never>, { ok: false }> | LetThrough {
    const origins: string[] = [];
    const forwarded: string[] = [];
    let host = "";
    let cookie = "";
    let fetchSite = "";
    req.forEach((name, value) => {
      if (name === "origin") origins.push(value);
      else if (name === "host") host = value;
      else if (name === "x-forwarded-for") forwarded.push(value);
      else if (name === "cookie") cookie = value;
      else if (name === "sec-fetch-site") fetchSite = value;
    });
    // No Origin is no browser, who still needs its token; two are nobody's.
    const [origin] = origins;
    const isForeign = origin !== undefined && judgeOrigin(this.#origins, origin, host) === "foreign";
    if (isForeign || origins.length > 1) return this.#shut("403 Forbidden", refuse("ORIGIN_REFUSED"));
    // Pages that are allowed for shoppers never act, nor look on, by an operator's cookie.
    const isOurs = isOwnPage(this.#origins, { origin: origin ?? "", host, fetchSite });
    const sessionToken = isOurs ? this.#services.callers.sessions.cookies.token(cookie) : null;
    if (this.#byAddress === null) return { ok: true, sessionToken };
    const peer = peerText(res.getRemoteAddress());
    const address = countedAs(this.#proxies.callerOf(peer, forwarded.join(", ")));
    const waitMs = this.#byAddress.take(address, nowMs);
    if (waitMs === 0) return { ok: true, sessionToken };
    const retryAfterMs = Math.ceil(waitMs * (1 + Math.random()));
    return this.#shut("429 Too Many Requests", refuse("RATE_LIMITED", { retryAfterMs }));
  }

  /** What `auth` proves. @throws when PostgreSQL is away and must be asked */
  async admit(auth: Record<string, unknown>, sessionToken: string | null): Promise<Outcome<Admitted>> {
    const parsed = validate(handshakeSchema, auth);
    if (!parsed.ok) {
      return { ...parsed, detail: "Send auth: {token} of an entry, or {saleId} to watch." };
    }
    const { callers, entries, sales } = this.#services;
    if ("token" in parsed.value) {
      const who = callers.entryToken(parsed.value.token);
      if (!who.ok) return who;
      const own = await entries.own(who.value.claims.entry, who.value);
      if (!own.ok) return own;
      return { ok: true, value: { sale: own.value.sale, own: own.value, who: who.value, watching: null } };
    }
    const { saleId, apiKey, as } = parsed.value;
    const watching =
      apiKey === undefined
        ? await this.#bySession(sessionToken, as === "operator")
        : await this.#byKey(apiKey);
    if (!watching.ok) return watching;
    const sale = await sales.find(saleId);
    return sale === null
      ? refuse("SALE_NOT_FOUND")
      : { ok: true, value: { sale, own: null, who: null, watching: watching.value } };
  }

  async #byKey(key: string): Promise<Outcome<Watching>> {
    const caller = await this.#services.callers.apiKey(key);
    if (caller === null) return refuse("UNAUTHENTICATED", { detail: "Nobody has this API key." });
    return mayActAs(caller, ["operator"])
      ? { ok: true, value: { by: "key", key } }
      : refuse("FORBIDDEN", { detail: "This API key has no scope operator." });
  }

  /** @param demanded whether it is refused without a session that may watch; else it is a spectator then */
  async #bySession(token: string | null, demanded: boolean): Promise<Outcome<Watching | null>> {
    const signedIn = token === null ? null : await this.#services.callers.sessions.byToken(token);
    let refusal: Refusal | null = null;
    if (signedIn === null) refusal = refuse("UNAUTHENTICATED", { detail: "Sign in, or send an API key." });
    else if (signedIn.mustChangePassword) refusal = refuse("PASSWORD_CHANGE_REQUIRED");
    else if (!roleMay(signedIn.role, "read")) refusal = refuse("FORBIDDEN");
    if (signedIn === null || refusal !== null)
      return demanded && refusal !== null ? refusal : { ok: true, value: null };
    const { tokenHash, role } = signedIn;
    return { ok: true, value: { by: "session", tokenHash, role } };
  }

  #shut(status: string, refusal: Refusal): Extract<UpgradeAnswer<never>, { ok: false }> {
    this.#services.metrics.refused(refusal.refusal);
    const problem = problemOf(refusal, SOCKET_PATH, Math.random());
    const { retryAfterMs } = problem;
    return {
      ok: false,
      status,
      body: JSON.stringify(problem),
      ...(retryAfterMs !== undefined && { headers: { "Retry-After": retryAfterSeconds(retryAfterMs) } }),
    };
  }
}
