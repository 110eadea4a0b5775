// Where an ordinary product is bought: reserved by the real API, paid with the pretended card, confirmed; or given
// back. Each step is in the book before the next, so that whatever dies, money and stock end together.

import { charge, judgeCard } from "../card.ts";
import type { Done } from "../checkout.ts";
import { isForLater } from "../gateway.ts";
import { orderNumberOf } from "../order-number.ts";
import { type Bearer, isOwner, type Owner } from "../pass.ts";
import { findArticle } from "./catalogue.ts";
import type { Purchase, PurchaseBook, PurchaseState } from "./purchase-book.ts";
import type { Stock } from "./stock.ts";
import { isSame, type Wanted } from "./wanted.ts";

export interface PurchaseDesk {
  /** Answers the order's number. Sent twice, it is one order; sent again with other words, the first is given back. */
  reserve(formId: string, wanted: Wanted, bearer: Bearer): Promise<Done<string>>;
  view(orderId: string, bearer: Bearer): Done<Purchase>;
  /** Answers the order as it is then: confirmed, refunded, or charged and still to be confirmed. */
  pay(orderId: string, cardNumber: string, bearer: Bearer): Promise<Done<Purchase>>;
  giveBack(orderId: string, bearer: Bearer): Promise<Done<null>>;
  /** The order was cancelled, here or by an operator: the money goes back, once. */
  noteCancelled(orderId: string): Promise<void>;
  /** Settles what an earlier run, or a gateway that was away, left half done. Called now and then. */
  settle(): Promise<void>;
}

export interface PurchaseDeskParts {
  stock: Stock;
  book: PurchaseBook;
  chargeMs: number;
  now: () => number;
}

/** States in which the stock is kept for the customer, who has not paid. */
const UNPAID: ReadonlySet<PurchaseState> = new Set(["reserved", "declined"]);
const PAID: ReadonlySet<PurchaseState> = new Set(["charged", "confirmed", "refunded", "cancelled"]);
/** A crash may have left an order at the bank: it may be paid anew, for the pretended bank keeps nothing. */
const PAYABLE: ReadonlySet<PurchaseState> = new Set([...UNPAID, "charging"]);
/** After these nobody knows whether the stock was reserved. */
const UNKNOWN: ReadonlySet<string> = new Set(["NO_ANSWER", "IDEMPOTENCY_IN_PROGRESS"]);

const FORM_ID = /^[A-Za-z0-9_-]{22}$/;

export function beginPurchaseDesk({ stock, book, chargeMs, now }: PurchaseDeskParts): PurchaseDesk {
  /** Forms and orders of which a step is being done: the second of two clicks must not charge again. */
  const busy = new Set<string>();

  async function note(purchase: Purchase, change: Partial<Purchase>): Promise<Purchase> {
    const noted = { ...purchase, ...change, at: new Date(now()).toISOString() };
    await book.note(noted);
    return noted;
  }

  async function reserve(formId: string, wanted: Wanted, bearer: Bearer): Promise<Done<string>> {
    const article = findArticle(wanted.sku);
    if (article === null || !FORM_ID.test(formId)) return { ok: false, code: "PRODUCT_NOT_FOUND" };
    return alone(formId, async () => {
      const earlier = book.ofForm(formId);
      if (earlier.some(({ owner }) => !isOwner(owner, bearer))) return { ok: false, code: "NOT_YOURS" };
      const last = earlier.at(-1);
      if (last !== undefined && isSame(last.wanted, wanted) && isGoingOn(last))
        return { ok: true, value: last.orderId };
      if (last !== undefined && UNPAID.has(last.state)) {
        // Otherwise the last pieces would be kept from the very person who changed the quantity.
        const released = await release(last);
        if (!released.ok) return released;
      }
      const isAsked = last?.state === "reserving" && isSame(last.wanted, wanted);
      const { amount, currency } = article.price;
      const purchase: Purchase = isAsked
        ? last
        : {
            // Never one that was reserved before: an answer that is kept for its key would be a yes for stock long gone.
            orderId: orderNumberOf(`${formId}\n${earlier.length}`),
            formId,
            owner: ownerOf(bearer),
            wanted,
            title: article.title,
            price: { amount: amount * wanted.quantity, currency },
            state: "reserving",
            reservationId: null,
            expiresAt: null,
            estimatedDelivery: null,
            cardEnd: null,
            reason: null,
            at: new Date(now()).toISOString(),
          };
      if (!isAsked) await book.note(purchase);
      return ask(purchase);
    });
  }

  function isGoingOn({ state, expiresAt }: Purchase): boolean {
    if (!UNPAID.has(state)) return PAID.has(state) || state === "charging";
    return expiresAt === null || Date.parse(expiresAt) > now();
  }

  async function ask(purchase: Purchase): Promise<Done<string>> {
    const { orderId, wanted } = purchase;
    const { sku, quantity, name, postalCode, country } = wanted;
    const reserved = await stock.reserve({
      orderId,
      items: [{ sku, quantity }],
      shipTo: { name, postalCode, country },
      // One product: what comes together is followed and received once.
      preferSingleShipment: true,
    });
    if (!reserved.ok) {
      if (!UNKNOWN.has(reserved.code)) await note(purchase, { state: "refused", reason: reserved.code });
      return reserved;
    }
    const { reservation, plan } = reserved.value;
    await note(purchase, {
      state: "reserved",
      reservationId: reservation.id,
      expiresAt: reservation.expiresAt,
      // With the last parcel all of it is there.
      estimatedDelivery:
        plan.shipments
          .map((each) => each.estimatedDelivery)
          .toSorted(byTime)
          .at(-1) ?? null,
    });
    return { ok: true, value: orderId };
  }

  function view(orderId: string, bearer: Bearer): Done<Purchase> {
    const purchase = book.find(orderId);
    const isMine = purchase !== null && isOwner(purchase.owner, bearer);
    return isMine ? { ok: true, value: purchase } : { ok: false, code: "NOT_YOURS" };
  }

  async function pay(orderId: string, cardNumber: string, bearer: Bearer): Promise<Done<Purchase>> {
    const seen = view(orderId, bearer);
    // Paid is paid: the second click, the second tab and the reloaded page get the same order.
    if (!seen.ok || PAID.has(seen.value.state)) return seen;
    const card = judgeCard(cardNumber);
    if (!card.ok) return { ok: false, code: card.refusal };
    return alone(orderId, async () => {
      const purchase = book.find(orderId) ?? seen.value;
      if (PAID.has(purchase.state)) return { ok: true, value: purchase };
      const { reservationId } = purchase;
      if (reservationId === null || !PAYABLE.has(purchase.state))
        return { ok: false, code: purchase.state === "expired" ? "RESERVATION_OVER" : "GIVEN_BACK" };
      const started = await stock.startPayment(reservationId);
      if (!started.ok) return refusedPayment(purchase, started.code);
      const { expiresAt } = started.value;
      const cardEnd = card.digits.slice(-4);
      const charging = await note(purchase, { state: "charging", cardEnd, expiresAt });
      if (!(await charge(card.digits, chargeMs))) {
        await note(charging, { state: "declined" });
        return { ok: false, code: "CARD_DECLINED" };
      }
      return { ok: true, value: await confirm(await note(charging, { state: "charged" })) };
    });
  }

  async function refusedPayment(purchase: Purchase, code: string): Promise<Done<never>> {
    if (code !== "HOLD_EXPIRED") return { ok: false, code };
    await note(purchase, { state: "expired", reason: code });
    return { ok: false, code: "RESERVATION_OVER" };
  }

  /** Ends a charged order one way or the other; it stays charged while the gateway does not answer. */
  async function confirm(purchase: Purchase): Promise<Purchase> {
    const confirmed = await stock.confirm(purchase.reservationId ?? "", purchase.orderId);
    if (!confirmed.ok && isForLater(confirmed.code)) return purchase;
    return confirmed.ok
      ? note(purchase, { state: "confirmed", reservationId: confirmed.value.id })
      : note(purchase, { state: "refunded", reason: confirmed.code });
  }

  async function giveBack(orderId: string, bearer: Bearer): Promise<Done<null>> {
    const seen = view(orderId, bearer);
    if (!seen.ok) return seen;
    return alone(orderId, async () => {
      const purchase = book.find(orderId) ?? seen.value;
      if (PAID.has(purchase.state) || purchase.state === "charging") return { ok: false, code: "PAYING" };
      return UNPAID.has(purchase.state) ? release(purchase) : { ok: true, value: null };
    });
  }

  async function release(purchase: Purchase): Promise<Done<null>> {
    const released = await stock.release(purchase.reservationId ?? "", "given back at the checkout");
    // Gone by itself is as good as given back.
    if (!released.ok && released.code !== "HOLD_EXPIRED") return released;
    await note(purchase, { state: "givenBack" });
    return { ok: true, value: null };
  }

  async function noteCancelled(orderId: string): Promise<void> {
    const purchase = book.find(orderId);
    if (purchase?.state === "confirmed") await note(purchase, { state: "cancelled" });
  }

  async function settle(): Promise<void> {
    for (const { orderId, formId, state } of book.unsettled()) {
      // Whoever is at it knows better.
      await alone(state === "reserving" ? formId : orderId, async () => {
        const left = book.find(orderId);
        if (left?.state === "reserving") await undo(left);
        // The pretended bank keeps nothing: an order that was never known to be charged counts as declined.
        if (left?.state === "charging") await note(left, { state: "declined" });
        if (left?.state === "charged") await confirm(left);
        return { ok: true, value: null };
      });
    }
  }

  /** Nobody waits for this answer any more: asked again, it is known, and what was reserved goes back. */
  async function undo(purchase: Purchase): Promise<void> {
    const asked = await ask(purchase);
    const reserved = book.find(purchase.orderId);
    if (asked.ok && reserved !== null) await release(reserved);
  }

  async function alone<Value>(key: string, act: () => Promise<Done<Value>>): Promise<Done<Value>> {
    if (busy.has(key)) return { ok: false, code: "PAYING" };
    busy.add(key);
    try {
      return await act();
    } finally {
      busy.delete(key);
    }
  }

  return { reserve, view, pay, giveBack, noteCancelled, settle };
}

function ownerOf({ session, customer }: Bearer): Owner {
  return customer === null ? { kind: "session", session } : { kind: "customer", customer };
}

function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}
