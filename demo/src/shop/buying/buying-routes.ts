// The addresses of ordinary products: the form, which reserves, and the till, which pays or gives back.

import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { jsonReply, pageReply, type Reply, redirectReply, wantsJson } from "../exchange.ts";
import type { Bearer } from "../pass.ts";
import { buyPage, purchasePage } from "./buying-pages.ts";
import { findArticle } from "./catalogue.ts";
import type { PurchaseDesk } from "./purchase-desk.ts";
import { shelfOf } from "./shelf.ts";
import type { Stock } from "./stock.ts";
import { readWanted } from "./wanted.ts";

export interface Counter {
  stock: Stock;
  desk: PurchaseDesk;
  now: () => number;
}

/** How a refusal is told is the shop's: `code` becomes a page, or JSON. */
type Refuse = (status: number, code: string) => Reply;

export async function answerBuyForm(
  counter: Counter,
  sku: string,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const formId = randomBytes(16).toString("base64url");
  return formReply(counter, sku, formId, new URLSearchParams(), null, bearer, refuse);
}

/** Reserves. What is refused comes back with all that was typed, and the same form is sent again. */
export async function answerBuy(
  counter: Counter,
  request: IncomingMessage,
  sku: string,
  form: URLSearchParams,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const read = readWanted(sku, form);
  const formId = form.get("form") ?? "";
  const reserved = read.ok ? await counter.desk.reserve(formId, read.wanted, bearer) : read;
  if (reserved.ok) return redirectReply(`/basket/${reserved.value}`);
  if (wantsJson(request)) return refuse(read.ok ? 409 : 400, reserved.code);
  return formReply(counter, sku, formId, form, reserved.code, bearer, refuse);
}

async function formReply(
  { stock }: Counter,
  sku: string,
  formId: string,
  typed: URLSearchParams,
  problem: string | null,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const article = findArticle(sku);
  if (article === null) return refuse(404, "PRODUCT_NOT_FOUND");
  const shown = shelfOf(await stock.availability([sku])).find((each) => each.article === article);
  if (shown === undefined) return refuse(404, "PRODUCT_NOT_FOUND");
  return pageReply(buyPage({ shown, formId, typed, problem }, bearer), problem === null ? 200 : 409);
}

/** The till; what is paid already is an order with a page of its own, and what is over says so. */
export function answerBasket(
  { desk, now }: Counter,
  request: IncomingMessage,
  orderId: string,
  problem: string | null,
  bearer: Bearer,
  refuse: Refuse,
): Reply {
  const seen = desk.view(orderId, bearer);
  if (!seen.ok) return refuse(403, seen.code);
  const purchase = seen.value;
  if (wantsJson(request)) {
    const { state, reservationId, expiresAt } = purchase;
    return jsonReply({ orderId, state, reservationId, expiresAt });
  }
  switch (purchase.state) {
    case "reserved":
    case "declined":
    case "charging":
      return pageReply(purchasePage(purchase, problem, now(), bearer));
    case "expired":
      return refuse(409, "RESERVATION_OVER");
    case "givenBack":
      return refuse(409, "GIVEN_BACK");
    case "reserving":
    case "refused":
      return refuse(409, purchase.reason ?? "NO_ANSWER");
    default:
      return redirectReply(`/orders/${orderId}`);
  }
}

export async function answerPay(
  { desk }: Counter,
  orderId: string,
  form: URLSearchParams,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const paid = await desk.pay(orderId, form.get("card") ?? "", bearer);
  if (paid.ok) return redirectReply(`/orders/${orderId}`);
  return basketRefusal(orderId, paid.code, refuse);
}

export async function answerGiveBack(
  { desk }: Counter,
  orderId: string,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const given = await desk.giveBack(orderId, bearer);
  return given.ok ? redirectReply(`/basket/${orderId}`) : basketRefusal(orderId, given.code, refuse);
}

const FINAL = new Map([
  ["NOT_YOURS", 403],
  ["RESERVATION_OVER", 409],
  ["GIVEN_BACK", 409],
  ["WRONG_STATE", 409],
]);

/** Back to the till with the reason, where another try makes sense; a page of its own where it does not. */
function basketRefusal(orderId: string, code: string, refuse: Refuse): Reply {
  const status = FINAL.get(code);
  return status === undefined ? redirectReply(`/basket/${orderId}?problem=${code}`) : refuse(status, code);
}
