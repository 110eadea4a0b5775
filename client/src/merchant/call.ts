// One call of a merchant's server to the gateway, repeated while the answer is "later" or does not come. That is safe:
// every step is idempotent by contract. What ends it: the tries, and the time that all of them may take.
import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { Problem } from "@dropgate/contracts/values";

export interface Refused {
  ok: false;
  /** The problem's; `NO_ANSWER` when none came, which says neither yes nor no. */
  code: RefusalCode | "NO_ANSWER";
  /** Nothing was decided: the same call may succeed in a while. */
  isForLater: boolean;
  /** RFC 9457, as it came; null when nothing came. */
  problem: Problem | null;
}
export type Answered<Value> = { ok: true; value: Value } | Refused;

export interface CallOptions {
  /** Makes a repeated call the same call, also after this process was started anew. */
  idempotencyKey?: string;
  /** Fewer where somebody asks again anyway. */
  triesMax?: number;
  /** For one answer. */
  answerMsMax?: number;
  /** For all tries together; no wait begins that would end later. */
  patienceMsMax?: number;
}

export interface CallParts extends Omit<CallOptions, "idempotencyKey"> {
  /** The gateway's address. */
  url: string;
  /** With the scope `merchant`. */
  apiKey: string;
}

export type Call = <Value>(
  method: "GET" | "POST",
  path: string,
  body?: object,
  options?: CallOptions,
) => Promise<Answered<Value>>;

const ANSWER_MS_MAX = 5_000;
const TRIES_MAX = 5;
/** As long as a person watches a button. */
const PATIENCE_MS_MAX = 10_000;
const RETRY_MS_MIN = 400;

const FOR_LATER: ReadonlySet<string> = new Set([
  "NO_ANSWER",
  "BUSY",
  "RATE_LIMITED",
  "IDEMPOTENCY_IN_PROGRESS",
]);
const noAnswer: Refused = { ok: false, code: "NO_ANSWER", isForLater: true, problem: null };

/**
 * How long to wait before the next try.
 * @param tries that were made
 * @param retryAfterMs what the server said, or null
 * @param random 0…1, so that many callers spread
 * @returns ms, never less than the server said
 */
export function retryDelay(tries: number, retryAfterMs: number | null, random: number): number {
  const pace = RETRY_MS_MIN * 2 ** (tries - 1) * (0.75 + random / 2);
  return retryAfterMs === null ? pace : retryAfterMs * (1 + random / 4);
}

/** What a header can carry, and the gateway takes as a key. */
const PLAIN_KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The key of an act on an order. An order's id may be any text; one that no header can carry stands there by its SHA-256.
 * @param act `confirm` or `reserve`
 */
export async function orderKey(act: string, orderId: string): Promise<string> {
  const key = `${act}-${orderId}`;
  if (PLAIN_KEY.test(key)) return key;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(orderId));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${act}-sha256-${hex}`;
}

export function beginCalls(parts: CallParts): Call {
  const origin = new URL(parts.url).origin;

  async function once(
    method: string,
    path: string,
    body: object | undefined,
    headers: Headers,
    answerMsMax: number,
  ): Promise<Answered<never> & { retryAfterMs?: number | null }> {
    try {
      const answer = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(answerMsMax),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // The contract's answers are JSON; what a proxy in between says is not, and counts as no answer.
      const said: unknown = await answer.json();
      if (typeof said !== "object" || said === null) return noAnswer;
      if (answer.ok) return { ok: true, value: said as never };
      const problem = said as Problem;
      if (typeof problem.code !== "string") return noAnswer;
      const seconds = Number(answer.headers.get("retry-after"));
      const retryAfterMs = problem.retryAfterMs ?? (seconds > 0 ? seconds * 1_000 : null);
      const code = problem.code as RefusalCode;
      return { ok: false, code, isForLater: FOR_LATER.has(code), problem, retryAfterMs };
    } catch {
      return noAnswer;
    }
  }

  return async (method, path, body, options = {}) => {
    const {
      triesMax = TRIES_MAX,
      answerMsMax = ANSWER_MS_MAX,
      patienceMsMax = PATIENCE_MS_MAX,
      idempotencyKey,
    } = { ...parts, ...options };
    // Made before anything is tried: a key that no header can carry is a fault of the caller's, not a missing answer.
    const headers = new Headers({ authorization: `Bearer ${parts.apiKey}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
    const patientUntil = performance.now() + patienceMsMax;
    for (let tries = 1; ; tries++) {
      const { retryAfterMs = null, ...answer } = await once(method, path, body, headers, answerMsMax);
      if (answer.ok || !answer.isForLater || tries >= triesMax) return answer;
      const waitMs = retryDelay(tries, retryAfterMs, Math.random());
      if (performance.now() + waitMs > patientUntil) return answer;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };
}
