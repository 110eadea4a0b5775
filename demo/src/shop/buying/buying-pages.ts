// The pages on the way to an ordinary product: the form that reserves it, and the till.

import { type Html, html } from "../html.ts";
import { moneyText, page } from "../page-frame.ts";
import type { Bearer } from "../pass.ts";
import { cardForm, countdown } from "../till-parts.ts";
import { findArticle } from "./catalogue.ts";
import type { Purchase } from "./purchase-book.ts";
import { purchaseSentenceOf } from "./purchase-sentences.ts";
import { availabilityLine, dayText, mayBuy, type Shown } from "./shelf.ts";
import { COUNTRIES, PLACES, QUANTITY_MAX } from "./wanted.ts";

export interface BuyForm {
  shown: Shown;
  /** Names the form, so that it is one order however often it is sent. */
  formId: string;
  /** What was typed before. */
  typed: URLSearchParams;
  /** A code of the step before. */
  problem: string | null;
}

/** How many, and to where. */
export function buyPage({ shown, formId, typed, problem }: BuyForm, bearer: Bearer): string {
  const { sku, title, words } = shown.article;
  const isGone = problem === null && !mayBuy(shown);
  return page(
    title,
    bearer,
    html`<section class="till">
  <div class="panel">
    <h1>${title}</h1>
    <p class="lead">${words}</p>
    ${problem === null ? null : html`<p class="problem" role="alert">${purchaseSentenceOf(problem)}</p>`}
    ${
      isGone
        ? html`<p class="note">We have none left at the moment. Come back soon, or <a href="/">choose something else</a>.</p>`
        : wantedForm(sku, formId, typed, problem)
    }
  </div>
  ${summary(shown, html`<p class="price">${moneyText(shown.article.price)}</p>${availabilityLine(shown)}`)}
</section>`,
  );
}

/** Which field a refusal is about, so that a screen reader says so when it comes there. */
const FIELD_OF = new Map([
  ["QUANTITY_WRONG", "quantity"],
  ["INSUFFICIENT_STOCK", "quantity"],
  ["NAME_MISSING", "name"],
  ["POSTAL_CODE_WRONG", "postalCode"],
  ["NO_ROUTE", "country"],
  ["COUNTRY_UNKNOWN", "country"],
]);

function wantedForm(sku: string, formId: string, typed: URLSearchParams, problem: string | null): Html {
  const wrong = FIELD_OF.get(problem ?? "");
  const invalid = (field: string): Html | null => (wrong === field ? html` aria-invalid="true"` : null);
  const counts = Array.from({ length: QUANTITY_MAX }, (_, index) => String(index + 1));
  const chosen = typed.get("quantity") ?? "1";
  const country = typed.get("country") ?? "US";
  const selected = (isIt: boolean): Html | null => (isIt ? html` selected` : null);
  return html`<form method="post" action="/buy/${sku}" data-paying="Reserving… please stay on this page.">
      <input type="hidden" name="form" value="${formId}">
      <label for="quantity">How many</label>
      <select id="quantity" name="quantity"${invalid("quantity")}>
        ${counts.map((count) => html`<option${selected(count === chosen)}>${count}</option>`)}
      </select>
      <label for="name">Name on the parcel</label>
      <input id="name" name="name" autocomplete="name" maxlength="100" required value="${typed.get("name") ?? ""}"${invalid("name")}>
      <label for="country">Country</label>
      <select id="country" name="country" autocomplete="country"${invalid("country")}>
        ${[...COUNTRIES].map(([code, name]) => html`<option value="${code}"${selected(code === country)}>${name}</option>`)}
      </select>
      <label for="postalCode">Postal code</label>
      <input id="postalCode" name="postalCode" list="places" autocomplete="postal-code" maxlength="10" required
        value="${typed.get("postalCode") ?? ""}" aria-describedby="about-places"${invalid("postalCode")}>
      <datalist id="places">${PLACES.map(([code, place]) => html`<option value="${code}">${place}</option>`)}</datalist>
      <p id="about-places" class="hint">Type your own, or choose one: ${PLACES.slice(0, 3).map(
        ([code, place]) =>
          html`<button class="quiet" type="button" data-fill="${code}" data-field="postalCode">${place} <span>${code}</span></button> `,
      )}</p>
      <button class="button" type="submit">Continue to payment</button>
      <p role="status" class="status"></p>
    </form>`;
}

/** The till of an ordinary order. `problem` is a code of the step before; `now` in ms since 1970. */
export function purchasePage(
  purchase: Purchase,
  problem: string | null,
  now: number,
  bearer: Bearer,
): string {
  const { orderId, expiresAt } = purchase;
  return page(
    "Checkout",
    bearer,
    html`<section class="till">
  <div class="panel">
    <h1>Checkout</h1>
    ${expiresAt === null ? null : countdown(Date.parse(expiresAt), now)}
    ${cardForm(`/basket/${orderId}/pay`, moneyText(purchase.price), problem === null ? null : purchaseSentenceOf(problem))}
    <form method="post" action="/basket/${orderId}/give-back">
      <button class="quiet" type="submit">Don't buy it after all</button>
    </form>
  </div>
  ${basketOf(purchase)}
</section>`,
  );
}

/** What was ordered, beside the till and the order's page. */
export function basketOf({ title, wanted, price, estimatedDelivery }: Purchase): Html {
  const picture = findArticle(wanted.sku)?.picture ?? "product.svg";
  return html`<aside class="summary" aria-label="Your basket">
  <img src="/${picture}" alt="" width="320" height="240">
  <h2>${title}</h2>
  <p>${wanted.quantity === 1 ? "One piece" : `${wanted.quantity} pieces`}, delivery is free</p>
  <p class="price">${moneyText(price)}</p>
  <p class="to">To ${wanted.name}, ${wanted.postalCode}, ${COUNTRIES.get(wanted.country) ?? wanted.country}</p>
  ${estimatedDelivery === null ? null : html`<p class="to">Estimated delivery: ${dayText(estimatedDelivery)}</p>`}
</aside>`;
}

function summary({ article }: Shown, about: Html): Html {
  return html`<aside class="summary" aria-label="The product">
  <img src="/${article.picture}" alt="" width="320" height="240">
  <h2>${article.title}</h2>
  ${about}
</aside>`;
}
