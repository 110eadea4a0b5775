// What a merchant's server asks of the gateway about ordinary stock: what can be had, and the life of a reservation.

import type { Merchant } from "@dropgate/client/server";
import type { Availability } from "@dropgate/contracts/availability";
import type { FulfilmentPlan, OrderRequest } from "@dropgate/contracts/fulfilment";
import type { Reservation, ReservationRead } from "@dropgate/contracts/reservation";
import type { Answered } from "../gateway.ts";

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

export function beginStock(merchant: Merchant): Stock {
  const { reservations } = merchant;
  return {
    availability: (skus) => merchant.availability(skus, undefined, AVAILABILITY_ASKED),
    reserve: (order) => reservations.create(order),
    startPayment: (id) => reservations.startPayment(id),
    confirm: (id, orderId) => reservations.confirm(id, orderId),
    release: (id, reason) => reservations.release(id, reason),
    // Without a key, whose answers are kept: it may be too late now and not be so after a short pick.
    cancel: (id, reason) => reservations.cancel(id, reason),
    read: (id) => reservations.read(id, READ_ONCE),
  };
}
