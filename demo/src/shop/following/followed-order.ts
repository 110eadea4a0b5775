// An order as its page shows it, of the drop or of an ordinary product: who it belongs to was judged by the till that
// sold it.

import { basketOf } from "../buying/buying-pages.ts";
import type { Purchase } from "../buying/purchase-book.ts";
import type { PurchaseDesk } from "../buying/purchase-desk.ts";
import { purchaseSentenceOf } from "../buying/purchase-sentences.ts";
import type { Done, Till } from "../checkout.ts";
import { basketOfPass } from "../checkout-pages.ts";
import type { Html } from "../html.ts";
import type { KeptPass, Order, OrderState } from "../order-book.ts";
import type { Bearer } from "../pass.ts";
import { sentenceOf } from "../sentences.ts";

export interface FollowedOrder {
  orderId: string;
  state: OrderState;
  cardEnd: string;
  pieces: number;
  /** Null: nobody can say how far it is, for the units are not the inventory's. */
  reservationId: string | null;
  /** Of a refunded one: what happened. */
  reason: string | null;
  /** What else stands on the receipt: `[name, value]`. */
  receipt: readonly (readonly [string, string])[];
  basket: Html;
  noteCancelled(): Promise<void>;
}

export interface Tills {
  till: Till;
  desk: PurchaseDesk;
}

/** The order of this number, if it is the bearer's. */
export function followedOrder({ till, desk }: Tills, orderId: string, bearer: Bearer): Done<FollowedOrder> {
  const ofDrop = till.order(orderId, bearer);
  if (ofDrop.ok) {
    const { order, pass } = ofDrop.value;
    return { ok: true, value: dropOrder(order, pass, () => till.noteCancelled(orderId)) };
  }
  const ordinary = desk.view(orderId, bearer);
  if (!ordinary.ok) return ordinary;
  const shown = ordinaryOrder(ordinary.value, () => desk.noteCancelled(orderId));
  return shown === null ? { ok: false, code: "NOT_YOURS" } : { ok: true, value: shown };
}

function dropOrder(order: Order, pass: KeptPass, noteCancelled: () => Promise<void>): FollowedOrder {
  const why = order.state === "refunded" ? sentenceOf(order.reason ?? "HOLD_EXPIRED") : null;
  return {
    ...order,
    reason: why,
    pieces: 1,
    receipt: [["Unit", `No. ${pass.claims.unit}`]],
    basket: basketOfPass(pass),
    noteCancelled,
  };
}

const SHOWN = ["charging", "declined", "charged", "confirmed", "refunded", "cancelled"] as const;

/** Null: it has not come as far as a card. */
function ordinaryOrder(purchase: Purchase, noteCancelled: () => Promise<void>): FollowedOrder | null {
  const state = SHOWN.find((each) => each === purchase.state);
  if (state === undefined || purchase.cardEnd === null) return null;
  const { orderId, cardEnd, reservationId, wanted, reason } = purchase;
  return {
    orderId,
    state,
    cardEnd,
    reservationId,
    pieces: wanted.quantity,
    reason: state === "refunded" ? purchaseSentenceOf(reason ?? "HOLD_EXPIRED") : null,
    receipt: [["Pieces", String(wanted.quantity)]],
    basket: basketOf(purchase),
    noteCancelled,
  };
}
