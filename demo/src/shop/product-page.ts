// The shop's front: the drop, how far its sale is and the one way to it, which leads through the waiting room; and below
// it what is sold every day.

import type { Sale } from "@dropgate/contracts/sale";
import { type Shown, shelf } from "./buying/shelf.ts";
import { type Html, html } from "./html.ts";
import { moneyText, page } from "./page-frame.ts";
import type { Bearer } from "./pass.ts";

/** `sale` is null while there is none to show, or the gateway does not answer. */
export function productPage(
  sale: Sale | null,
  isGatewayAway: boolean,
  shelved: readonly Shown[],
  bearer: Bearer,
): string {
  if (sale === null) {
    const sentence = isGatewayAway
      ? "We can't reach the waiting room at the moment. Please reload in a few seconds."
      : "There is no sale at the moment. Come back soon.";
    return page(
      "Nothing on sale",
      bearer,
      html`<section class="product">
  <figure class="picture"><img src="/product.svg" alt="" width="640" height="560"></figure>
  <div class="words"><h1>Something is coming</h1><p class="lead">${sentence}</p></div>
</section>
${shelf(shelved)}`,
    );
  }
  return page(
    sale.title,
    bearer,
    html`<section class="product">
  <figure class="picture"><img src="/product.svg" alt="${sale.title}" width="640" height="560"></figure>
  <div class="words">
    <p class="phase phase-${sale.phase}">${phaseText(sale)}</p>
    <h1>${sale.title}</h1>
    <p class="price">${moneyText(sale.price)}</p>
    <p class="lead">${sale.description ?? ""}</p>
    ${entrance(sale, bearer)}
    <ul class="facts">
      <li>${sale.limitPerShopper === 1 ? "One for each person" : `At most ${sale.limitPerShopper} for each person`}</li>
      <li>The order of the line is drawn: being early by a second gains nothing</li>
      <li>A unit that is yours stays yours for ${minutes(sale.purchaseWindowSeconds)} while you pay</li>
    </ul>
  </div>
</section>
${shelf(shelved)}`,
  );
}

function entrance(sale: Sale, bearer: Bearer): Html {
  if (sale.phase === "closed") return html`<p class="note">This sale is over. Thank you for coming.</p>`;
  if (sale.identity === "merchant" && bearer.customer === null) {
    return html`<p class="note">This sale is for customers: sign in above, then take your place in line.</p>`;
  }
  const label = sale.phase === "sold_out" ? "Wait for returns" : "Go to the waiting room";
  return html`<p><a class="button" href="/line/${sale.id}">${label}</a></p>
    <p><a href="/embedded">See the same line inside this shop's page</a></p>`;
}

function phaseText(sale: Sale): string {
  const at = (time: string): string => momentText(time, sale.serverTime);
  const texts: Record<Sale["phase"], string> = {
    scheduled: `Opens at ${at(sale.schedule.lobbyAt)}`,
    lobby: `Lobby open, the draw is at ${at(sale.schedule.drawAt)}`,
    drawing: "The order is being drawn",
    live: "On sale now",
    paused: "Paused for a moment",
    sold_out: "Sold out",
    closed: "Over",
  };
  return texts[sale.phase];
}

/** To the second, for who wants to be there; with the day where that is not today's. Both RFC 3339. */
export function momentText(time: string, now: string): string {
  const clock = `${time.slice(11, 19)} UTC`;
  if (time.slice(0, 10) === now.slice(0, 10)) return clock;
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
  return `${clock} on ${day.format(Date.parse(time))}`;
}

function minutes(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  const whole = Math.floor(seconds / 60);
  return whole === 1 ? "a minute" : `${whole} minutes`;
}
