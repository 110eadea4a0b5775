// What the shop asks of the gateway about a sale, and nothing more: the sale, and the steps of a hold's life.

import type { Merchant } from "@dropgate/client/server";
import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";

/** `code` is the problem's; NO_ANSWER when none came, which says neither yes nor no. */
export type Answered<Value> = { ok: true; value: Value } | { ok: false; code: string };

/** A hold that is sold, and the reservation by which its order is followed; null for a sale that brings its own units. */
export interface ConfirmedHold {
  hold: Hold;
  reservationId: string | null;
}

export interface Gateway {
  sales(): Promise<Answered<Sale[]>>;
  sale(saleId: string): Promise<Answered<Sale>>;
  startPayment(holdId: string): Promise<Answered<Hold>>;
  confirm(holdId: string, orderId: string): Promise<Answered<ConfirmedHold>>;
  release(holdId: string, reason: string): Promise<Answered<Hold>>;
  createShopperKey(): Promise<Answered<{ kid: string; secret: string }>>;
}

/** Codes after which the same call may succeed. */
export function isForLater(code: string): boolean {
  return (
    code === "NO_ANSWER" || code === "BUSY" || code === "RATE_LIMITED" || code === "IDEMPOTENCY_IN_PROGRESS"
  );
}

export function beginGateway(merchant: Merchant): Gateway {
  return {
    async sales() {
      const answer = await merchant.sales();
      return answer.ok ? { ok: true, value: answer.value.items } : answer;
    },
    sale: (saleId) => merchant.sale(saleId),
    startPayment: (holdId) => merchant.holds.startPayment(holdId),
    async confirm(holdId, orderId) {
      const answer = await merchant.holds.confirm(holdId, { orderId });
      if (!answer.ok) return answer;
      const { hold, allocation } = answer.value;
      return { ok: true, value: { hold, reservationId: allocation?.reservationId ?? null } };
    },
    release: (holdId, reason) => merchant.holds.release(holdId, reason),
    createShopperKey: () => merchant.createShopperKey(),
  };
}
