// Who may come in: before the upgrade by origin and address, at the connect by what `auth` proves.

import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { handshakeSchema } from "@dropgate/contracts/realtime";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { mayActAs } from "../callers/api-keys.ts";
import type { Who } from "../callers/callers.ts";
import { countedAs, peerText, TrustedProxies } from "../edge/address.ts";
import { judgeOrigin, type OriginRules, originRules } from "../edge/origins.ts";
import { problemOf, retryAfterSeconds } from "../edge/problem.ts";
import { RateLimit } from "../edge/rate-limit.ts";
import { validate } from "../edge/validate.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import type { UpgradeAnswer } from "../socket/hooks.ts";

/** Sockets that one address may open for each join it may make: two tabs, and one that comes back. */
const SOCKETS_PER_JOIN = 3;
/** The `instance` of a problem that is told at the door. */
export const SOCKET_PATH = "/socket.io/";

/** Who was let in: `own` and `who` of a shopper, null of a spectator or operator. */
export interface Admitted {
  sale: KnownSale;
  own: OwnEntry | null;
  who: Who | null;
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

  /** Before the 101. Synchronous: µWebSockets' request is gone afterwards. @returns null when it may come in */
  bar(
    req: HttpRequest,
    res: HttpResponse,
    nowMs: number,
  ): Extract<UpgradeAnswer<never>, { ok: false }> | null {
    const origins: string[] = [];
    const forwarded: string[] = [];
    let host = "";
    req.forEach((name, value) => {
      if (name === "origin") origins.push(value);
      else if (name === "host") host = value;
      else if (name === "x-forwarded-for") forwarded.push(value);
    });
    // No Origin is no browser, who still needs its token; two are nobody's.
    const [origin] = origins;
    const isForeign = origin !== undefined && judgeOrigin(this.#origins, origin, host) === "foreign";
    if (isForeign || origins.length > 1) return this.#shut("403 Forbidden", refuse("ORIGIN_REFUSED"));
    if (this.#byAddress === null) return null;
    const peer = peerText(res.getRemoteAddress());
    const address = countedAs(this.#proxies.callerOf(peer, forwarded.join(", ")));
    const waitMs = this.#byAddress.take(address, nowMs);
    if (waitMs === 0) return null;
    const retryAfterMs = Math.ceil(waitMs * (1 + Math.random()));
    return this.#shut("429 Too Many Requests", refuse("RATE_LIMITED", { retryAfterMs }));
  }

  /** What `auth` proves. @throws when PostgreSQL is away and must be asked */
  async admit(auth: Record<string, unknown>): Promise<Outcome<Admitted>> {
    const parsed = validate(handshakeSchema, auth);
    if (!parsed.ok) {
      return { ...parsed, detail: "Send auth: {token} of an entry, or {saleId} to watch." };
    }
    const { callers, entries, sales } = this.#services;
    if ("token" in parsed.value) {
      const who = callers.entryToken(parsed.value.token);
      if (!who.ok) return who;
      const own = await entries.own(who.value.claims.entry, who.value);
      return own.ok ? { ok: true, value: { sale: own.value.sale, own: own.value, who: who.value } } : own;
    }
    const { saleId, apiKey } = parsed.value;
    if (apiKey !== undefined) {
      const caller = await callers.apiKey(apiKey);
      if (caller === null) return refuse("UNAUTHENTICATED", { detail: "Nobody has this API key." });
      if (!mayActAs(caller, ["operator"])) {
        return refuse("FORBIDDEN", { detail: "This API key has no scope operator." });
      }
    }
    const sale = await sales.find(saleId);
    return sale === null ? refuse("SALE_NOT_FOUND") : { ok: true, value: { sale, own: null, who: null } };
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
