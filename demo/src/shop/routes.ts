// Which address does what. Forms and redirects only: the shop works without scripts, but for the pass, which travels
// where only a script can read it.

import type { IncomingMessage } from "node:http";
import type { Sale } from "@dropgate/contracts/sale";
import {
  answerBasket,
  answerBuy,
  answerBuyForm,
  answerGiveBack,
  answerPay,
  type Counter,
} from "./buying/buying-routes.ts";
import { ARTICLES } from "./buying/catalogue.ts";
import { purchaseSentenceOf } from "./buying/purchase-sentences.ts";
import { shelfOf } from "./buying/shelf.ts";
import type { Till } from "./checkout.ts";
import { checkoutPage, passPage, refusalPage, signInPage } from "./checkout-pages.ts";
import { embeddedReply } from "./embedded-page.ts";
import {
  isFromHere,
  jsonReply,
  pageReply,
  type Reply,
  readForm,
  redirectReply,
  wantsJson,
} from "./exchange.ts";
import { answerCancel, answerOrder, answerProgress, type OrderDesk } from "./following/following-routes.ts";
import type { Gateway } from "./gateway.ts";
import type { Bearer } from "./pass.ts";
import { productPage } from "./product-page.ts";
import { sentenceOf } from "./sentences.ts";
import { isCustomerId, type Sessions } from "./session.ts";
import type { Vouching } from "./vouching.ts";

export interface Shop extends Counter, OrderDesk {
  gateway: Gateway;
  gatewayPublicUrl: string;
  saleId: string | undefined;
  till: Till;
  vouching: Vouching;
  sessions: Sessions;
}

/** An answer, and whose browser it is from now on. */
export interface Answer {
  reply: Reply;
  bearer: Bearer;
}

export async function answer(shop: Shop, request: IncomingMessage, bearer: Bearer): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://shop");
  const [, first = "", second = "", third = ""] = url.pathname.split("/");
  const stay = (reply: Reply): Answer => ({ reply, bearer });
  if (request.method === "GET" || request.method === "HEAD") {
    return stay(await answerGet(shop, request, bearer, url, first, second, third));
  }
  if (request.method !== "POST") return stay(refusal(request, bearer, 405, "METHOD_NOT_ALLOWED"));
  if (!isFromHere(request)) return stay(refusal(request, bearer, 403, "ORIGIN_REFUSED"));
  const form = await readForm(request);
  if (form === null) return stay(refusal(request, bearer, 400, "INVALID_REQUEST"));

  if (first === "sign-in") return signIn(shop, request, form, bearer);
  if (first === "sign-out") return { reply: redirectReply("/"), bearer: shop.sessions.signedIn(null) };
  if (first === "checkout" && second === "") return stay(await openCheckout(shop, request, form, bearer));
  if (first === "checkout" && third === "pay") {
    const paid = await shop.till.pay(second, form.get("card") ?? "", bearer);
    if (paid.ok) return stay(redirectReply(`/orders/${paid.value.orderId}`));
    return stay(tillRefusal(request, bearer, second, paid.code));
  }
  if (first === "checkout" && third === "give-back") {
    const given = await shop.till.giveBack(second, bearer);
    return stay(
      given.ok ? redirectReply(`/checkout/${second}`) : tillRefusal(request, bearer, second, given.code),
    );
  }
  return stay(await answerPost(shop, request, form, bearer, [first, second, third]));
}

/** What is posted about ordinary products, and about orders of either kind. */
async function answerPost(
  shop: Shop,
  request: IncomingMessage,
  form: URLSearchParams,
  bearer: Bearer,
  [first, second, third]: readonly [string, string, string],
): Promise<Reply> {
  const refuse = (status: number, code: string): Reply =>
    refusal(request, bearer, status, code, purchaseSentenceOf);
  if (first === "buy" && third === "") return answerBuy(shop, request, second, form, bearer, refuse);
  if (first === "basket" && third === "pay") return answerPay(shop, second, form, bearer, refuse);
  if (first === "basket" && third === "give-back") return answerGiveBack(shop, second, bearer, refuse);
  if (first === "orders" && third === "cancel") return answerCancel(shop, request, second, bearer, refuse);
  return refuse(404, "NOT_FOUND");
}

async function answerGet(
  shop: Shop,
  request: IncomingMessage,
  bearer: Bearer,
  url: URL,
  first: string,
  second: string,
  third: string,
): Promise<Reply> {
  const problem = url.searchParams.get("problem");
  if (url.pathname === "/healthz") return jsonReply({ ok: true });
  if (url.pathname === "/") return productReply(shop, bearer);
  if (first === "line" && second !== "") return lineReply(shop, bearer, second);
  if (first === "embedded" && third === "") return embedded(shop, request, bearer, second);
  if (url.pathname === "/checkout") return pageReply(passPage(bearer));
  if (first === "checkout") {
    const view = shop.till.view(second, bearer);
    if (!view.ok) return refusal(request, bearer, 403, view.code);
    const { order } = view.value;
    if (order !== null && order.state !== "declined" && order.state !== "charging") {
      return redirectReply(`/orders/${order.orderId}`);
    }
    return pageReply(checkoutPage(view.value, problem, shop.now(), bearer));
  }
  const refuse = (status: number, code: string): Reply =>
    refusal(request, bearer, status, code, purchaseSentenceOf);
  if (first === "buy") return answerBuyForm(shop, second, bearer, refuse);
  if (first === "basket") return answerBasket(shop, request, second, problem, bearer, refuse);
  if (first === "orders" && third === "progress") return answerProgress(shop, second, bearer, refuse);
  if (first === "orders" && third === "") {
    const found = shop.till.order(second, bearer);
    if (!found.ok || !wantsJson(request)) return answerOrder(shop, second, problem, bearer, refuse);
    const { order, pass } = found.value;
    return jsonReply({ ...order, unit: pass.claims.unit, sku: pass.claims.sku });
  }
  return refuse(404, "NOT_FOUND");
}

async function productReply(shop: Shop, bearer: Bearer): Promise<Reply> {
  const [{ sale, isGatewayAway }, available] = await Promise.all([
    shownSale(shop),
    shop.stock.availability(ARTICLES.map(({ sku }) => sku)),
  ]);
  return pageReply(productPage(sale, isGatewayAway, shelfOf(available), bearer));
}

async function shownSale(shop: Shop): Promise<{ sale: Sale | null; isGatewayAway: boolean }> {
  if (shop.saleId !== undefined) {
    const sale = await shop.gateway.sale(shop.saleId);
    return { sale: sale.ok ? sale.value : null, isGatewayAway: !sale.ok && sale.code === "NO_ANSWER" };
  }
  const sales = await shop.gateway.sales();
  return { sale: sales.ok ? liveliest(sales.value) : null, isGatewayAway: !sales.ok };
}

/** Of several sales the one that somebody who comes now most likely comes for. */
export function liveliest(sales: readonly Sale[]): Sale | null {
  const order: Sale["phase"][] = ["live", "drawing", "lobby", "paused", "sold_out", "scheduled", "closed"];
  const ranked = sales.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  return ranked[0] ?? null;
}

/** To the waiting room; with the shop's word for who is coming, if somebody is signed in. */
async function lineReply(shop: Shop, bearer: Bearer, saleId: string): Promise<Reply> {
  const room = `${shop.gatewayPublicUrl}/s/${encodeURIComponent(saleId)}`;
  const jwt = bearer.customer === null ? null : await shop.vouching.jwtFor(bearer.customer, saleId);
  return redirectReply(jwt === null ? room : `${room}#shopper=${jwt}`);
}

/** The same line inside the shop's page: of the sale that is named, else of the one that the front shows. */
async function embedded(
  shop: Shop,
  request: IncomingMessage,
  bearer: Bearer,
  saleId: string,
): Promise<Reply> {
  const named = saleId === "" ? null : await shop.gateway.sale(saleId);
  const sale = named === null ? (await shownSale(shop)).sale : named.ok ? named.value : null;
  if (sale === null) return refusal(request, bearer, 404, "NOT_FOUND");
  const jwt = bearer.customer === null ? null : await shop.vouching.jwtFor(bearer.customer, sale.id);
  return embeddedReply(sale, shop.gatewayPublicUrl, jwt, bearer);
}

/** A visitor who has to sign in to use a pass brings it along, for it is no longer in the address. */
async function signIn(
  shop: Shop,
  request: IncomingMessage,
  form: URLSearchParams,
  bearer: Bearer,
): Promise<Answer> {
  const customer = form.get("customer") ?? "";
  if (!isCustomerId(customer)) return { reply: refusal(request, bearer, 400, "INVALID_REQUEST"), bearer };
  const signedIn = shop.sessions.signedIn(customer);
  const reply = form.has("pass") ? await openCheckout(shop, request, form, signedIn) : redirectReply("/");
  return { reply, bearer: signedIn };
}

async function openCheckout(
  shop: Shop,
  request: IncomingMessage,
  form: URLSearchParams,
  bearer: Bearer,
): Promise<Reply> {
  const pass = form.get("pass") ?? "";
  const opened = await shop.till.open(pass, bearer);
  if (opened.ok) return redirectReply(`/checkout/${opened.value}`);
  if (opened.code === "SIGN_IN_FIRST" && !wantsJson(request)) return pageReply(signInPage(pass, bearer), 403);
  return refusal(request, bearer, opened.code === "GATEWAY_AWAY" ? 503 : 403, opened.code);
}

/** Back to the till with the reason, where another try makes sense; a page of its own where it does not. */
function tillRefusal(request: IncomingMessage, bearer: Bearer, holdId: string, code: string): Reply {
  if (code === "NOT_YOURS") return refusal(request, bearer, 403, code);
  if (code === "HOLD_EXPIRED" || code === "HOLD_NOT_FOUND" || code === "WRONG_STATE") {
    return refusal(request, bearer, 409, code);
  }
  return redirectReply(`/checkout/${holdId}?problem=${code}`);
}

const TITLES = new Map([
  ["NOT_FOUND", "There is nothing here"],
  ["HOLD_EXPIRED", "Your time is over"],
  ["PASS_EXPIRED", "Your time is over"],
  ["PASS_OF_ANOTHER_CUSTOMER", "This unit is held for somebody else"],
  ["PASS_USED_ELSEWHERE", "This pass is in use elsewhere"],
  ["GATEWAY_AWAY", "One moment, please"],
  ["NO_ANSWER", "One moment, please"],
  ["RESERVATION_OVER", "Your time is over"],
  ["GIVEN_BACK", "You gave it back"],
  ["PRODUCT_NOT_FOUND", "We don't have this"],
]);

function refusal(
  request: IncomingMessage,
  bearer: Bearer,
  status: number,
  code: string,
  inWords: (code: string) => string = sentenceOf,
): Reply {
  const sentence = code === "NOT_FOUND" ? "This address leads nowhere." : inWords(code);
  if (wantsJson(request)) return jsonReply({ code, detail: sentence }, status);
  return pageReply(refusalPage(TITLES.get(code) ?? "That did not work", sentence, bearer), status);
}
