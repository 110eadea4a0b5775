// The pages between the waiting room and the order: the one that takes the pass out of the address, the till, and the
// one that says no.

import type { CheckoutView } from "./checkout.ts";
import { type Html, html } from "./html.ts";
import type { KeptPass } from "./order-book.ts";
import { moneyText, page } from "./page-frame.ts";
import type { Bearer } from "./pass.ts";
import { sentenceOf } from "./sentences.ts";
import { CUSTOMERS } from "./session.ts";
import { cardForm, countdown } from "./till-parts.ts";

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
    ${cardForm(`/checkout/${pass.claims.holdId}/pay`, moneyText(pass.price), problem === null ? null : sentenceOf(problem))}
    <form method="post" action="/checkout/${pass.claims.holdId}/give-back">
      <button class="quiet" type="submit">Give the unit back</button>
    </form>
  </div>
  ${basketOfPass(pass)}
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

/** What was won, beside the till and the order's page. */
export function basketOfPass(pass: KeptPass): Html {
  return html`<aside class="summary" aria-label="Your basket">
  <img src="/product.svg" alt="" width="320" height="280">
  <h2>${pass.title}</h2>
  <p>Unit <strong>No. ${pass.claims.unit}</strong></p>
  <p class="price">${moneyText(pass.price)}</p>
</aside>`;
}
