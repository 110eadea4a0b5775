// The shopper's calls of the HTTP contract. Every answer is a value: what was asked for, a refusal with its code,
// or that nobody answered.
import type { Entry, Joined } from "@dropgate/contracts/entry";
import type { Attempted, Claimed, Hold } from "@dropgate/contracts/hold";
import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { Sale } from "@dropgate/contracts/sale";
import type { Problem } from "@dropgate/contracts/values";

export type Answer<Value> =
  | { ok: true; value: Value; sentAt: number }
  | { ok: false; refusal: RefusalCode | "AWAY"; retryAfterMs: number | null };

export interface Api {
  sale(): Promise<Answer<Sale>>;
  join(): Promise<Answer<Joined>>;
  /** A try to get a unit of a rush. */
  attempt(): Promise<Answer<Attempted>>;
  entry(entryId: string): Promise<Answer<Entry>>;
  /** The same, proven by the cookie: for when the token no longer counts. */
  entryByCookie(entryId: string): Promise<Answer<Entry>>;
  leave(entryId: string): Promise<Answer<object>>;
  rejoin(entryId: string): Promise<Answer<Entry>>;
  claim(holdId: string): Promise<Answer<Claimed>>;
  release(holdId: string): Promise<Answer<{ hold: Hold }>>;
}

/** No answer within this is none: the line is dead, and asking again is harmless. */
const ANSWER_MS_MAX = 10_000;

/** Where the sale is and who comes to it. */
export interface ApiParts {
  /** The gateway's origin. */
  url: string;
  saleId: string;
  /** The kept entry's token, read at each call; null uses the cookie. */
  entryToken: () => string | null;
  /** The shop's word on who this is (a shopper JWT), for joining; null is anonymous. */
  shopperToken: () => string | null | Promise<string | null>;
  fetch: (address: string, init: RequestInit) => Promise<Response>;
}

export function openApi({ url, saleId, entryToken, shopperToken, ...parts }: ApiParts): Api {
  const salePath = `/sales/${encodeURIComponent(saleId)}`;
  async function call<Value>(method: string, path: string, bearer: string | null): Promise<Answer<Value>> {
    const sentAt = Date.now();
    try {
      const headers: Record<string, string> = { accept: "application/json" };
      if (bearer !== null) headers["authorization"] = `Bearer ${bearer}`;
      const init: RequestInit = {
        method,
        headers,
        cache: "no-store",
        // A page of the gateway's own site has its cookie, on whatever host it is.
        credentials: "include",
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      };
      if (method === "POST") {
        headers["content-type"] = "application/json";
        init.body = "{}";
      }
      const response = await parts.fetch(`${url}/api/v1${path}`, init);
      // The contract's answers are JSON; what a proxy in between says is not, and counts as no answer.
      const body: unknown = await response.json();
      if (typeof body !== "object" || body === null)
        return { ok: false, refusal: "AWAY", retryAfterMs: null };
      if (response.ok) return { ok: true, value: body as Value, sentAt };
      const problem = body as Partial<Problem>;
      const retryAfter = Number(response.headers.get("retry-after"));
      return {
        ok: false,
        refusal: (problem.code as RefusalCode | undefined) ?? "AWAY",
        retryAfterMs: problem.retryAfterMs ?? (retryAfter > 0 ? retryAfter * 1_000 : null),
      };
    } catch {
      return { ok: false, refusal: "AWAY", retryAfterMs: null };
    }
  }

  return {
    sale: () => call("GET", salePath, null),
    join: async () => call("POST", `${salePath}/entries`, await shopperToken()),
    attempt: async () => call("POST", `${salePath}/attempts`, await shopperToken()),
    entry: (entryId) => call("GET", `/entries/${entryId}`, entryToken()),
    entryByCookie: (entryId) => call("GET", `/entries/${entryId}`, null),
    leave: (entryId) => call("DELETE", `/entries/${entryId}`, entryToken()),
    rejoin: (entryId) => call("POST", `/entries/${entryId}/rejoin`, entryToken()),
    claim: (holdId) => call("POST", `/holds/${holdId}/claim`, entryToken()),
    release: (holdId) => call("POST", `/holds/${holdId}/release`, entryToken()),
  };
}
