// The till: opens a checkout for a pass, charges a card, confirms, and gives back what came to nothing. The order is
// written down before the card is charged and each step after it, so that whatever dies, the money and the unit end
// together: paid and sold, or neither.

import type { PassVerifier } from "@dropgate/client/server";
import type { Hold } from "@dropgate/contracts/hold";
import { charge, judgeCard } from "./card.ts";
import type { Gateway } from "./gateway.ts";
import { isForLater } from "./gateway.ts";
import { type KeptPass, type Order, type OrderBook, orderIdOf } from "./order-book.ts";
import { type Bearer, isOwner, judgePass } from "./pass.ts";
import { CUSTOMERS } from "./session.ts";

export type Done<Value> = { ok: true; value: Value } | { ok: false; code: string };

/** What the checkout's page shows. */
export interface CheckoutView {
  pass: KeptPass;
  order: Order | null;
  isGivenBack: boolean;
  /** When the unit goes on to the next in line, as far as the shop knows; ms since 1970. */
  endsAt: number;
}

export interface Till {
  /** Answers the hold's id. */
  open(pass: string, bearer: Bearer): Promise<Done<string>>;
  view(holdId: string, bearer: Bearer): Done<CheckoutView>;
  /** Answers the order as it is then: confirmed, refunded, or charged and still to be confirmed. */
  pay(holdId: string, cardNumber: string, bearer: Bearer): Promise<Done<Order>>;
  giveBack(holdId: string, bearer: Bearer): Promise<Done<null>>;
  order(orderId: string, bearer: Bearer): Done<{ order: Order; pass: KeptPass }>;
  /** The order was cancelled, here or by an operator: the money goes back, once. */
  noteCancelled(orderId: string): Promise<void>;
  /** Settles what an earlier run, or a gateway that was away, left half done. Called now and then. */
  settle(): Promise<void>;
}

export interface TillParts {
  gateway: Gateway;
  verifyPass: PassVerifier;
  book: OrderBook;
  chargeMs: number;
  /** The one sale that this shop sells; undefined: all of the gateway's. */
  saleId: string | undefined;
  now: () => number;
}

export function beginTill(parts: TillParts): Till {
  const { gateway, book, now } = parts;
  /** Ends that the gateway has told; before that the pass's own times count. */
  const ends = new Map<string, number>();
  /** Holds of which a step is being done: the second of two clicks must not charge again. */
  const busy = new Set<string>();

  function owned(holdId: string, bearer: Bearer): Done<KeptPass> {
    const pass = book.passOf(holdId);
    if (pass === null || !isOwner(pass.owner, bearer)) return { ok: false, code: "NOT_YOURS" };
    return { ok: true, value: pass };
  }

  function noteHold(hold: Hold): void {
    if (hold.expiresAt !== null) ends.set(hold.holdId, Date.parse(hold.expiresAt));
  }

  async function open(text: string, bearer: Bearer): Promise<Done<string>> {
    const verified = await parts.verifyPass(text);
    if (!verified.ok)
      return { ok: false, code: verified.code === "NO_ANSWER" ? "GATEWAY_AWAY" : verified.code };
    const { claims } = verified;
    if (parts.saleId !== undefined && parts.saleId !== claims.saleId)
      return { ok: false, code: "PASS_OF_ANOTHER_SALE" };
    const sale = await gateway.sale(claims.saleId);
    if (!sale.ok) return { ok: false, code: isForLater(sale.code) ? "GATEWAY_AWAY" : "PASS_OF_ANOTHER_SALE" };
    const kept = book.passOf(claims.holdId);
    const judged = judgePass(claims, sale.value, bearer, kept?.owner ?? null, (subject) =>
      CUSTOMERS.has(subject),
    );
    if (!judged.ok) return { ok: false, code: judged.refusal };
    if (kept === null) {
      const windowEnds = (claims.issuedAt + sale.value.purchaseWindowSeconds) * 1_000;
      ends.set(claims.holdId, Math.min(windowEnds, claims.expiresAt * 1_000));
      await book.keepPass({
        claims,
        owner: judged.owner,
        title: sale.value.title,
        price: sale.value.price ?? null,
      });
    }
    return { ok: true, value: claims.holdId };
  }

  function view(holdId: string, bearer: Bearer): Done<CheckoutView> {
    const pass = owned(holdId, bearer);
    if (!pass.ok) return pass;
    return {
      ok: true,
      value: {
        pass: pass.value,
        order: book.orderOf(holdId),
        isGivenBack: book.isGivenBack(holdId),
        endsAt: ends.get(holdId) ?? pass.value.claims.expiresAt * 1_000,
      },
    };
  }

  async function pay(holdId: string, cardNumber: string, bearer: Bearer): Promise<Done<Order>> {
    const pass = owned(holdId, bearer);
    if (!pass.ok) return pass;
    const before = book.orderOf(holdId);
    // Paid is paid: the second click, the second tab and the reloaded page get the same order.
    if (before !== null && before.state !== "declined" && before.state !== "charging") {
      return { ok: true, value: before };
    }
    if (book.isGivenBack(holdId)) return { ok: false, code: "WRONG_STATE" };
    const card = judgeCard(cardNumber);
    if (!card.ok) return { ok: false, code: card.refusal };
    return alone(holdId, async () => {
      const started = await gateway.startPayment(holdId);
      if (!started.ok) return { ok: false, code: started.code };
      noteHold(started.value);
      const order: Order = {
        orderId: orderIdOf(pass.value.claims),
        holdId,
        state: "charging",
        cardEnd: card.digits.slice(-4),
        reservationId: null,
        reason: null,
        at: new Date(now()).toISOString(),
      };
      await book.note(order);
      if (!(await charge(card.digits, parts.chargeMs))) {
        await book.note({ ...order, state: "declined" });
        return { ok: false, code: "CARD_DECLINED" };
      }
      const charged: Order = { ...order, state: "charged" };
      await book.note(charged);
      return { ok: true, value: await confirm(charged) };
    });
  }

  /** Ends a charged order one way or the other; it stays charged while the gateway does not answer. */
  async function confirm(order: Order): Promise<Order> {
    const confirmed = await gateway.confirm(order.holdId, order.orderId);
    if (!confirmed.ok && isForLater(confirmed.code)) return order;
    const ended: Order = confirmed.ok
      ? { ...order, state: "confirmed", reservationId: confirmed.value.reservationId }
      : { ...order, state: "refunded", reason: confirmed.code };
    await book.note(ended);
    return ended;
  }

  async function giveBack(holdId: string, bearer: Bearer): Promise<Done<null>> {
    const pass = owned(holdId, bearer);
    if (!pass.ok) return pass;
    const order = book.orderOf(holdId);
    if (order !== null && order.state !== "declined") return { ok: false, code: "PAYING" };
    return alone(holdId, async () => {
      const released = await gateway.release(holdId, "given back at the checkout");
      // Gone by itself is as good as given back.
      if (!released.ok && released.code !== "HOLD_EXPIRED") return { ok: false, code: released.code };
      await book.giveBack(holdId);
      return { ok: true, value: null };
    });
  }

  function order(orderId: string, bearer: Bearer): Done<{ order: Order; pass: KeptPass }> {
    const found = book.findOrder(orderId);
    if (found === null) return { ok: false, code: "NOT_YOURS" };
    const pass = owned(found.holdId, bearer);
    return pass.ok ? { ok: true, value: { order: found, pass: pass.value } } : pass;
  }

  async function noteCancelled(orderId: string): Promise<void> {
    const found = book.findOrder(orderId);
    if (found?.state === "confirmed") await book.note({ ...found, state: "cancelled" });
  }

  async function settle(): Promise<void> {
    for (const left of book.unsettled()) {
      await alone(left.holdId, async () => {
        // Whether the bank was still asked before the crash is not known; asked again by the same order it would say.
        // The pretended bank keeps nothing: an order that was never known to be charged counts as declined.
        if (left.state === "charging") await book.note({ ...left, state: "declined" });
        else await confirm(left);
        return { ok: true, value: null };
      });
    }
  }

  async function alone<Value>(holdId: string, act: () => Promise<Done<Value>>): Promise<Done<Value>> {
    if (busy.has(holdId)) return { ok: false, code: "PAYING" };
    busy.add(holdId);
    try {
      return await act();
    } finally {
      busy.delete(holdId);
    }
  }

  return { open, view, pay, giveBack, order, noteCancelled, settle };
}
