// The pages between the waiting room and the order: the one that takes the pass out of the address, the till, the order,
// and the one that says no.

import { DECLINED_CARD, GOOD_CARD } from "./card.ts";
import type { CheckoutView } from "./checkout.ts";
import { type Html, html } from "./html.ts";
import type { KeptPass, Order } from "./order-book.ts";
import { moneyText, page } from "./page-frame.ts";
import type { Bearer } from "./pass.ts";
import { sentenceOf } from "./sentences.ts";
import { CUSTOMERS } from "./session.ts";

/** Only the browser sees what stands behind `#`, so a script has to hand the pass in. */
export function passPage(bearer: Bearer): string {
  return page(
    "Checkout",
    bearer,
    html`<section class="narrow">
  <h1>One moment</h1>
  <form method="post" action="/checkout" data-pass>
    <input type="hidden" name="pass" value="">
    <p role="status" data-without="There is no pass in this address. Go back to the waiting room and continue from there.">
      Checking your pass…</p>
  </form>
  <noscript><p class="note">Your pass travels in a part of the address that only a script can read: please allow scripts for
  this page and reload it.</p></noscript>
</section>`,
  );
}

/** The till. `problem` is a code of the step before; `now` and ends in ms since 1970. */
export function checkoutPage(
  view: CheckoutView,
  problem: string | null,
  now: number,
  bearer: Bearer,
): string {
  const { pass, isGivenBack } = view;
  if (isGivenBack) {
    const sentence = "Thank you: somebody else gets it now. You have not been charged.";
    return refusalPage("You gave this unit back", sentence, bearer);
  }
  return page(
    "Checkout",
    bearer,
    html`<section class="till">
  <div class="panel">
    <h1>Checkout</h1>
    ${countdown(view.endsAt, now)}
    ${problem === null ? null : html`<p class="problem" role="alert">${sentenceOf(problem)}</p>`}
    <form method="post" action="/checkout/${pass.claims.holdId}/pay" data-paying="Paying… please stay on this page.">
      <label for="card">Card number</label>
      <input id="card" name="card" inputmode="numeric" autocomplete="off" maxlength="23" required
        placeholder="0000 0000 0000 0000" aria-describedby="cards"${problem === null ? null : html` aria-invalid="true"`}>
      <p id="cards" class="cards">This is a demo: use one of these.
        <button class="quiet" type="button" data-fill="${GOOD_CARD}">${GOOD_CARD} <span>works</span></button>
        <button class="quiet" type="button" data-fill="${DECLINED_CARD}">${DECLINED_CARD} <span>is declined</span></button>
      </p>
      <button class="button" type="submit">Pay ${moneyText(pass.price)}</button>
      <p role="status" class="status"></p>
    </form>
    <form method="post" action="/checkout/${pass.claims.holdId}/give-back">
      <button class="quiet" type="submit">Give the unit back</button>
    </form>
  </div>
  ${summary(pass)}
</section>`,
  );
}

export function orderPage(order: Order, pass: KeptPass, bearer: Bearer): string {
  const shown = ORDER_TEXTS[order.state];
  const sentence =
    order.state === "refunded"
      ? `${sentenceOf(order.reason ?? "HOLD_EXPIRED").replace("You have not been charged.", "")} Your payment on the card ending in ${order.cardEnd} has been given back in full.`
      : shown.sentence;
  return page(
    shown.title,
    bearer,
    html`<section class="till"${order.state === "charged" ? html` data-reload` : null}>
  <div class="panel order-${order.state}">
    <p class="mark" aria-hidden="true">${shown.mark}</p>
    <h1>${shown.title}</h1>
    <p class="lead" role="status">${sentence}</p>
    <dl class="receipt">
      <div><dt>Order</dt><dd class="number">${order.orderId}</dd></div>
      <div><dt>Unit</dt><dd class="number">No. ${pass.claims.unit}</dd></div>
      <div><dt>Card</dt><dd>ending in ${order.cardEnd}</dd></div>
    </dl>
    <p><a href="/">Back to the shop</a></p>
  </div>
  ${summary(pass)}
</section>`,
  );
}

/** The pass comes along, for it is no longer in the address. */
export function signInPage(pass: string, bearer: Bearer): string {
  return page(
    "Sign in",
    bearer,
    html`<section class="narrow">
  <h1>Who is buying?</h1>
  <p class="lead">${sentenceOf("SIGN_IN_FIRST")}</p>
  <form class="account" method="post" action="/sign-in">
    <input type="hidden" name="pass" value="${pass}">
    ${[...CUSTOMERS].map(([id, name]) => html`<button class="button" name="customer" value="${id}">I am ${name}</button>`)}
  </form>
</section>`,
  );
}

export function refusalPage(title: string, sentence: string, bearer: Bearer): string {
  return page(
    title,
    bearer,
    html`<section class="narrow">
  <h1>${title}</h1>
  <p class="lead">${sentence}</p>
  <p><a class="button" href="/">Back to the shop</a></p>
</section>`,
  );
}

const ORDER_TEXTS: Record<Order["state"], { title: string; sentence: string; mark: string }> = {
  confirmed: { title: "It's yours", sentence: "Thank you. It leaves our warehouse tomorrow.", mark: "✓" },
  charged: {
    title: "Almost there",
    sentence: "Your payment went through and we are booking your unit. This page will tell you in a moment.",
    mark: "…",
  },
  charging: { title: "Paying", sentence: "Your bank is being asked. Please wait a moment.", mark: "…" },
  declined: {
    title: "Declined",
    sentence: "Your bank declined the card. You have not been charged.",
    mark: "×",
  },
  refunded: { title: "Your payment was given back", sentence: "", mark: "↩" },
};

function summary(pass: KeptPass): Html {
  return html`<aside class="summary" aria-label="Your basket">
  <img src="/product.svg" alt="" width="320" height="280">
  <h2>${pass.title}</h2>
  <p>Unit <strong>No. ${pass.claims.unit}</strong></p>
  <p class="price">${moneyText(pass.price)}</p>
</aside>`;
}

/** The figure runs in the browser, from the server's clock; without a script the time of day still stands there. */
function countdown(endsAt: number, now: number): Html {
  if (endsAt <= now) {
    return html`<p class="countdown over">The time for this unit may be over: pay now to see whether it is still there.</p>`;
  }
  const until = `${new Date(endsAt).toISOString().slice(11, 19)} UTC`;
  return html`<p class="countdown" data-ends-in="${Math.round(endsAt - now)}">Yours for <span data-left role="timer">until ${until}</span></p>
    <p class="unseen" aria-live="polite" data-announce></p>`;
}
