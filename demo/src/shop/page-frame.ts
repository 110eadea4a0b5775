// The frame around each of the shop's pages: head, header with the sign-in, footer. It works without any script but the
// one that takes the pass out of the address.

import { type Html, html } from "./html.ts";
import type { Bearer } from "./pass.ts";
import { CUSTOMERS } from "./session.ts";

export const SHOP_NAME = "Halden & Frost";

/** One whole page; `title` comes before the shop's name. */
export function page(title: string, bearer: Bearer, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${title} · ${SHOP_NAME}</title>
<link rel="icon" href="/product.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop.css">
<link rel="stylesheet" href="/orders.css">
<script src="/shop.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
  <a class="brand" href="/">${SHOP_NAME}</a>
  ${account(bearer)}
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer class="foot">A demo shop: nothing here is for sale, and no card is ever charged.</footer>
</body>
</html>
`.text;
}

function account({ customer }: Bearer): Html {
  if (customer !== null) {
    return html`<form class="account" method="post" action="/sign-out">
    <span>Signed in as <strong>${CUSTOMERS.get(customer) ?? customer}</strong></span>
    <button class="quiet" type="submit">Sign out</button>
  </form>`;
  }
  return html`<form class="account" method="post" action="/sign-in">
    <label for="customer">Sign in as</label>
    <select id="customer" name="customer">
      ${[...CUSTOMERS].map(([id, name]) => html`<option value="${id}">${name}</option>`)}
    </select>
    <button class="quiet" type="submit">Sign in</button>
  </form>`;
}

/** A sum in minor units, as people write it. */
export function moneyText(money: { amount: number; currency: string } | null | undefined): string {
  if (money === null || money === undefined) return "";
  const format = new Intl.NumberFormat("en", { style: "currency", currency: money.currency });
  // How many minor units make one is the currency's: none for the yen, a hundred for the euro.
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(money.amount / 10 ** digits);
}
