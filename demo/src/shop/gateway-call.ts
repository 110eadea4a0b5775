// One call of the merchant's server to the gateway, repeated while the answer is "later" or does not come. That is
// safe: every step is idempotent by contract.

import type { Problem } from "@dropgate/contracts/values";

/** `code` is the problem's; NO_ANSWER when none came, which says neither yes nor no. */
export type Answered<Value> = { ok: true; value: Value } | { ok: false; code: string };

export interface CallOptions {
  idempotencyKey?: string;
  /** Fewer where somebody asks again anyway. */
  triesMax?: number;
  answerMsMax?: number;
}

export type Call = <Value>(
  method: "GET" | "POST",
  path: string,
  body?: object,
  options?: CallOptions,
) => Promise<Answered<Value>>;

const ANSWER_MS_MAX = 5_000;
/** Together with the answers' own times some ten seconds: as long as a person watches a button. */
const TRIES_MAX = 5;

/** Codes after which the same call may succeed. */
export function isForLater(code: string): boolean {
  return (
    code === "NO_ANSWER" || code === "BUSY" || code === "RATE_LIMITED" || code === "IDEMPOTENCY_IN_PROGRESS"
  );
}

export function beginCalls(gatewayUrl: string, apiKey: string): Call {
  async function once<Value>(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
    answerMsMax: number,
  ): Promise<Answered<Value> & { retryAfterMs?: number }> {
    try {
      const answer = await fetch(`${gatewayUrl}/api/v1${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        signal: AbortSignal.timeout(answerMsMax),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (answer.ok) return { ok: true, value: await answer.json() };
      const problem: Partial<Problem> = await answer.json();
      const code = problem.code ?? "NO_ANSWER";
      return problem.retryAfterMs === undefined
        ? { ok: false, code }
        : { ok: false, code, retryAfterMs: problem.retryAfterMs };
    } catch {
      return { ok: false, code: "NO_ANSWER" };
    }
  }

  return async (method, path, body, options = {}) => {
    const { idempotencyKey, triesMax = TRIES_MAX, answerMsMax = ANSWER_MS_MAX } = options;
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
    for (let tries = 1; ; tries++) {
      const answer = await once<never>(method, path, body, headers, answerMsMax);
      if (answer.ok || !isForLater(answer.code) || tries >= triesMax) return answer;
      const waitMs = Math.min(answer.retryAfterMs ?? 200 * 2 ** tries, 3_000) * (0.75 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };
}
