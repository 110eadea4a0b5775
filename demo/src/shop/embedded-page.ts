// The line inside the shop's own page: the worked example of `<dropgate-queue>`. Two lines of markup, and a script of
// the shop that listens to what happens.

import type { Sale } from "@dropgate/contracts/sale";
import { pageReply, type Reply } from "./exchange.ts";
import { html } from "./html.ts";
import { moneyText, page } from "./page-frame.ts";
import type { Bearer } from "./pass.ts";

/**
 * @param gatewayUrl where shoppers' browsers find the gateway
 * @param shopperToken the shop's word on who is coming, or null
 */
export function embeddedReply(
  sale: Sale,
  gatewayUrl: string,
  shopperToken: string | null,
  bearer: Bearer,
): Reply {
  const room = `${gatewayUrl}/s/${encodeURIComponent(sale.id)}`;
  const token = shopperToken === null ? null : html` shopper-token="${shopperToken}"`;
  const body = page(
    `The line for ${sale.title}`,
    bearer,
    html`<section class="product">
  <div class="words">
    <h1>${sale.title}</h1>
    <p class="price">${moneyText(sale.price)}</p>
    <p class="lead">${sale.description ?? ""}</p>
    <figure class="picture"><img src="/product.svg" alt="" width="640" height="560"></figure>
    <p class="note" data-heard>This page is the shop's. The card beside it is the waiting room, put in by one script and one element.</p>
  </div>
  <div class="words">
    <dropgate-queue sale="${sale.id}" lang="en"${token}>
      <a class="button" href="${room}">Go to the waiting room</a>
    </dropgate-queue>
  </div>
</section>
<script src="${gatewayUrl}/embed.js" async></script>
<script src="/embedded.js" defer></script>`,
  );
  const reply = pageReply(body);
  const policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
    `script-src 'self' ${gatewayUrl}; frame-src ${gatewayUrl}; connect-src ${gatewayUrl}`;
  return { ...reply, headers: { ...reply.headers, "content-security-policy": policy } };
}
