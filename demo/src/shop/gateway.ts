// What a merchant's server asks of the gateway, and nothing more: the sale, and the steps of a hold's life. Each call
// is repeated while the answer is "later" or does not come, which is safe: every step is idempotent by contract.

import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import type { Problem } from "@dropgate/contracts/values";

/** `code` is the problem's; NO_ANSWER when none came, which says neither yes nor no. */
export type Answered<Value> = { ok: true; value: Value } | { ok: false; code: string };

export interface Gateway {
  sales(): Promise<Answered<Sale[]>>;
  sale(saleId: string): Promise<Answered<Sale>>;
  startPayment(holdId: string): Promise<Answered<Hold>>;
  confirm(holdId: string, orderId: string): Promise<Answered<Hold>>;
  release(holdId: string, reason: string): Promise<Answered<Hold>>;
  createShopperKey(): Promise<Answered<{ kid: string; secret: string }>>;
}

const ANSWER_MS_MAX = 5_000;
/** Together with the answers' own times some ten seconds: as long as a person watches a button. */
const TRIES_MAX = 5;

/** Codes after which the same call may succeed. */
export function isForLater(code: string): boolean {
  return (
    code === "NO_ANSWER" || code === "BUSY" || code === "RATE_LIMITED" || code === "IDEMPOTENCY_IN_PROGRESS"
  );
}

export function beginGateway(gatewayUrl: string, apiKey: string): Gateway {
  async function once<Value>(
    method: string,
    path: string,
    body: Record<string, string> | undefined,
    headers: Record<string, string>,
  ): Promise<Answered<Value> & { retryAfterMs?: number }> {
    try {
      const answer = await fetch(`${gatewayUrl}/api/v1${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
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

  async function call<Value>(
    method: string,
    path: string,
    body?: Record<string, string>,
    idempotencyKey?: string,
  ): Promise<Answered<Value>> {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
    for (let tries = 1; ; tries++) {
      const answer = await once<Value>(method, path, body, headers);
      if (answer.ok || !isForLater(answer.code) || tries === TRIES_MAX) return answer;
      const waitMs = Math.min(answer.retryAfterMs ?? 200 * 2 ** tries, 3_000) * (0.75 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  async function hold(path: string, body: Record<string, string>, key?: string): Promise<Answered<Hold>> {
    const answer = await call<{ hold: Hold }>("POST", `/holds/${path}`, body, key);
    return answer.ok ? { ok: true, value: answer.value.hold } : answer;
  }

  return {
    sales: async () => {
      const answer = await call<{ items: Sale[] }>("GET", "/sales");
      return answer.ok ? { ok: true, value: answer.value.items } : answer;
    },
    sale: (saleId) => call("GET", `/sales/${encodeURIComponent(saleId)}`),
    startPayment: (holdId) => hold(`${holdId}/payment`, {}),
    confirm: (holdId, orderId) => hold(`${holdId}/confirm`, { orderId }, `confirm-${orderId}`),
    release: (holdId, reason) => hold(`${holdId}/release`, { reason }),
    createShopperKey: () => call("POST", "/admin/shopper-keys", {}),
  };
}
