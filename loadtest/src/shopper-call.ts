// A shopper's first call to a sale, whatever it asks for: read the sale (which sets the cookie), post, and try again as
// long as the answer says "later" or does not come. Both calls made so answer the same when repeated.

import type { Problem } from "@dropgate/contracts/values";
import { type Answer, pause, retryDelayMs, type Surroundings } from "./surroundings.ts";

/** Who calls: an anonymous person with a cookie of his own, or one that the shop vouches for. */
export type Person = { kind: "cookie"; cookie?: string } | { kind: "jwt"; jwt: string };

export interface ShopperCall {
  /** `entries` or `attempts`. */
  what: string;
  gatewayUrl: () => string;
  saleId: string;
  person: Person;
  surroundings: Surroundings;
  /** Tries before giving up, all reasons together. */
  triesMax: number;
  /** Asked before each try. */
  isStopped: () => boolean;
  /** Told of each answer that was not a success, and of none (`code` is then NO_ANSWER). */
  onRefused: (refusal: Refusal & { retryMs: number | undefined }) => void;
}

export interface Refusal {
  code: string;
  status: number;
  retryAfterMs?: number | undefined;
  /** SOLD_OUT only. */
  final?: boolean | undefined;
}

export type Called =
  | { ok: true; status: number; body: unknown; cookie: string | undefined; tookMs: number; tries: number }
  | { ok: false; refusal: string };

/** Whoever gets one of these may come again: the sale opens, the crowd thins, the store comes back. */
const LATER = new Set(["SALE_NOT_OPEN", "RATE_LIMITED", "BUSY", "NO_ANSWER"]);

/** `tookMs` is the time of the POST that succeeded, alone. */
export async function callAsShopper(call: ShopperCall): Promise<Called> {
  const { surroundings, person } = call;
  let cookie = person.kind === "cookie" ? person.cookie : undefined;
  for (let tries = 1; !call.isStopped(); tries++) {
    const at = `${call.gatewayUrl()}/api/v1/sales/${encodeURIComponent(call.saleId)}`;
    let refusal: Refusal | undefined;
    try {
      if (person.kind === "cookie" && cookie === undefined) {
        const sale = await surroundings.fetch(at, { method: "GET", headers: {} });
        cookie = cookieOf(sale);
        if (sale.status !== 200) refusal = refusalOf(sale.status, await sale.text());
        else await sale.text();
      }
      if (refusal === undefined) {
        const begunAt = surroundings.now();
        const answer = await surroundings.fetch(`${at}/${call.what}`, {
          method: "POST",
          headers: headersOf(person, cookie),
          body: "{}",
        });
        const text = await answer.text();
        const tookMs = surroundings.now() - begunAt;
        cookie = cookieOf(answer) ?? cookie;
        if (answer.status === 200 || answer.status === 201) {
          return { ok: true, status: answer.status, body: JSON.parse(text), cookie, tookMs, tries };
        }
        refusal = refusalOf(answer.status, text);
      }
    } catch {
      refusal = { code: "NO_ANSWER", status: 0 };
    }
    // A first call without a cookie is refused and given one; with it the next try is another matter.
    const mayRetry =
      LATER.has(refusal.code) ||
      refusal.status >= 500 ||
      (refusal.code === "SOLD_OUT" && refusal.final === false) ||
      (refusal.code === "UNAUTHENTICATED" && tries === 1 && cookie !== undefined);
    const retryMs =
      mayRetry && tries < call.triesMax
        ? retryDelayMs(Math.min(tries, 3), refusal.retryAfterMs, surroundings.random())
        : undefined;
    call.onRefused({ ...refusal, retryMs });
    if (retryMs === undefined) return { ok: false, refusal: refusal.code };
    await pause(surroundings, retryMs);
  }
  return { ok: false, refusal: "STOPPED" };
}

function headersOf(person: Person, cookie: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (person.kind === "jwt") headers.authorization = `Bearer ${person.jwt}`;
  else if (cookie !== undefined) headers.cookie = cookie;
  return headers;
}

function cookieOf(answer: Answer): string | undefined {
  return answer.headers.get("set-cookie")?.split(";")[0];
}

function refusalOf(status: number, text: string): Refusal {
  try {
    const { code, retryAfterMs, final }: Partial<Problem> = JSON.parse(text);
    return { code: code ?? `HTTP_${status}`, status, retryAfterMs, final };
  } catch {
    return { code: `HTTP_${status}`, status };
  }
}
