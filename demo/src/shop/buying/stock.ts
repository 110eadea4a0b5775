// What a merchant's server asks of the gateway about ordinary stock: what can be had, and the life of a reservation.

import type { Availability } from "@dropgate/contracts/availability";
import type { FulfilmentPlan, OrderRequest } from "@dropgate/contracts/fulfilment";
import type { Reservation, ReservationRead } from "@dropgate/contracts/reservation";
import type { Answered, Call } from "../gateway-call.ts";

export interface Reserved {
  reservation: Reservation;
  plan: FulfilmentPlan;
}

/** An order as this shop sends it; the contract's defaults are its own. */
export type ShopOrder = Pick<OrderRequest, "orderId" | "items" | "shipTo"> &
  Partial<Pick<OrderRequest, "preferSingleShipment">>;

export interface Stock {
  /** Of those that the inventory knows; the display layer's word, some seconds old. */
  availability(skus: readonly string[]): Promise<Answered<Availability[]>>;
  reserve(order: ShopOrder): Promise<Answered<Reserved>>;
  startPayment(reservationId: string): Promise<Answered<Reservation>>;
  /** Answers the reservation that counts from now on: a late confirm may have taken the stock once more. */
  confirm(reservationId: string, orderId: string): Promise<Answered<Reservation>>;
  release(reservationId: string, reason: string): Promise<Answered<Reservation>>;
  cancel(reservationId: string, reason: string): Promise<Answered<Reservation>>;
  /** Asked once: whoever follows an order asks again in two seconds. */
  read(reservationId: string): Promise<Answered<ReservationRead>>;
}

/** A page waits for it, and shows the products without it. */
const AVAILABILITY_ASKED = { triesMax: 1, answerMsMax: 2_000 };
const READ_ONCE = { triesMax: 1, answerMsMax: 2_000 };

export function beginStock(call: Call): Stock {
  async function act(path: string, body: object, idempotencyKey?: string): Promise<Answered<Reservation>> {
    const options = idempotencyKey === undefined ? {} : { idempotencyKey };
    const answer = await call<{ reservation: Reservation }>("POST", `/reservations/${path}`, body, options);
    return answer.ok ? { ok: true, value: answer.value.reservation } : answer;
  }

  return {
    async availability(skus) {
      const query = new URLSearchParams(skus.map((sku) => ["sku", sku]));
      const path = `/products/availability?${query}`;
      const answer = await call<{ items: Availability[] }>("GET", path, undefined, AVAILABILITY_ASKED);
      return answer.ok ? { ok: true, value: answer.value.items } : answer;
    },
    reserve: (order) => call("POST", "/reservations", order, { idempotencyKey: `reserve-${order.orderId}` }),
    startPayment: (id) => act(`${id}/payment`, {}),
    confirm: (id, orderId) => act(`${id}/confirm`, { orderId }, `confirm-${orderId}`),
    release: (id, reason) => act(`${id}/release`, { reason }),
    // Without a key, whose answers are kept: it may be too late now and not be so after a short pick.
    cancel: (id, reason) => act(`${id}/cancel`, { reason }),
    read: (id) => call("GET", `/reservations/${id}`, undefined, READ_ONCE),
  };
}
