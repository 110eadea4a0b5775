// The grid of ordinary products on the shop's front, with what the inventory says of each.

import type { Availability, StockStatus } from "@dropgate/contracts/availability";
import type { Answered } from "../gateway.ts";
import { type Html, html } from "../html.ts";
import { moneyText } from "../page-frame.ts";
import { ARTICLES, type Article } from "./catalogue.ts";

/** A product and what is known of it at this moment; null: nobody could be asked. */
export interface Shown {
  article: Article;
  availability: Availability | null;
}

/** What stands on the shelf: those that the inventory knows, or all while it can't be asked. */
export function shelfOf(answered: Answered<Availability[]>): Shown[] {
  if (!answered.ok) return ARTICLES.map((article) => ({ article, availability: null }));
  const bySku = new Map(answered.value.map((each) => [each.sku, each]));
  return ARTICLES.flatMap((article) => {
    const availability = bySku.get(article.sku);
    return availability === undefined ? [] : [{ article, availability }];
  });
}

export function statusOf({ availability }: Pick<Shown, "availability">): StockStatus {
  return availability?.overallStatus ?? "unknown";
}

/** Only what is known to be gone can't be ordered: the checkout is the judge of all else. */
export function mayBuy(shown: Pick<Shown, "availability">): boolean {
  return statusOf(shown) !== "out_of_stock";
}

/** A day, as people say it. */
export function dayText(time: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
    // An estimate is the end of a day at its address. By the clock of the westernmost state that moment lies on the
    // same day for every address in the country.
    timeZone: "Pacific/Honolulu",
  }).format(new Date(time));
}

/** The word for shoppers, and by when it would come. */
export function availabilityLine(shown: Pick<Shown, "availability">): Html {
  const { availability } = shown;
  const message = availability?.stockMessage ?? "Check availability at checkout";
  const by = availability?.estimatedDelivery ?? null;
  return html`<p class="stock stock-${statusOf(shown)}"><strong>${message}</strong>${
    by === null || !mayBuy(shown) ? null : html` <span>with you by ${dayText(by)}</span>`
  }</p>`;
}

/** Nothing where nothing stands on it. */
export function shelf(shelved: readonly Shown[]): Html | null {
  if (shelved.length === 0) return null;
  return html`<section class="shelf" aria-labelledby="shelf">
  <h2 id="shelf">Every day</h2>
  <p class="lead">No line, no draw: in stock and on its way.</p>
  <ul>${shelved.map((shown) => card(shown))}</ul>
</section>`;
}

function card(shown: Shown): Html {
  const { sku, title, words, picture, price } = shown.article;
  const buy = mayBuy(shown)
    ? html`<a class="button" href="/buy/${sku}" aria-label="Buy now: ${title}">Buy now</a>`
    : html`<p class="gone">Come back soon</p>`;
  return html`<li>
    <img src="/${picture}" alt="" width="320" height="240" loading="lazy">
    <h3>${title}</h3>
    <p class="words">${words}</p>
    <p class="price">${moneyText(price)}</p>
    ${availabilityLine(shown)}
    ${buy}
  </li>`;
}
