// What a merchant's server asks of the gateway about a sale, and nothing more: the sale, and the steps of a hold's life.

import type { confirmedSchema, Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import type { z } from "zod";
import type { Answered, Call } from "./gateway-call.ts";

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

export function beginGateway(call: Call): Gateway {
  async function hold(path: string, body: object): Promise<Answered<Hold>> {
    const answer = await call<{ hold: Hold }>("POST", `/holds/${path}`, body);
    return answer.ok ? { ok: true, value: answer.value.hold } : answer;
  }

  return {
    async sales() {
      const answer = await call<{ items: Sale[] }>("GET", "/sales");
      return answer.ok ? { ok: true, value: answer.value.items } : answer;
    },
    sale: (saleId) => call("GET", `/sales/${encodeURIComponent(saleId)}`),
    startPayment: (holdId) => hold(`${holdId}/payment`, {}),
    async confirm(holdId, orderId) {
      const answer = await call<z.infer<typeof confirmedSchema>>(
        "POST",
        `/holds/${holdId}/confirm`,
        { orderId },
        { idempotencyKey: `confirm-${orderId}` },
      );
      if (!answer.ok) return answer;
      const { hold, allocation } = answer.value;
      return { ok: true, value: { hold, reservationId: allocation?.reservationId ?? null } };
    },
    release: (holdId, reason) => hold(`${holdId}/release`, { reason }),
    createShopperKey: () => call("POST", "/admin/shopper-keys", {}),
  };
}
