// The addresses of an order: its page, the progress that an open page asks for, and the way to cancel it.

import type { IncomingMessage } from "node:http";
import { purchaseSentenceOf } from "../buying/purchase-sentences.ts";
import type { Stock } from "../buying/stock.ts";
import { jsonReply, pageReply, type Reply, redirectReply, wantsJson } from "../exchange.ts";
import { isForLater } from "../gateway.ts";
import type { Bearer } from "../pass.ts";
import { type FollowedOrder, followedOrder, type Tills } from "./followed-order.ts";
import type { Following } from "./following.ts";
import { isOff, orderPage, progressTold, type Shown } from "./order-page.ts";
import { progressOf } from "./progress.ts";

export interface OrderDesk extends Tills {
  stock: Stock;
  following: Following;
}

/** How a refusal is told is the shop's: `code` becomes a page, or JSON. */
type Refuse = (status: number, code: string) => Reply;

export async function answerOrder(
  desk: OrderDesk,
  orderId: string,
  problem: string | null,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const found = followedOrder(desk, orderId, bearer);
  if (!found.ok) return refuse(403, found.code);
  const sentence = problem === null ? null : purchaseSentenceOf(problem);
  return pageReply(orderPage(found.value, await shownOf(desk, found.value), sentence, bearer));
}

export async function answerProgress(
  desk: OrderDesk,
  orderId: string,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const found = followedOrder(desk, orderId, bearer);
  if (!found.ok) return refuse(403, found.code);
  return jsonReply(progressTold(found.value, await shownOf(desk, found.value)));
}

/** The gateway decides whether it is too late: what this page knows may be two seconds old. */
export async function answerCancel(
  desk: OrderDesk,
  request: IncomingMessage,
  orderId: string,
  bearer: Bearer,
  refuse: Refuse,
): Promise<Reply> {
  const found = followedOrder(desk, orderId, bearer);
  if (!found.ok) return refuse(403, found.code);
  const { reservationId } = found.value;
  if (reservationId === null) return refuse(409, "WRONG_STATE");
  const cancelled = await desk.stock.cancel(reservationId, "cancelled by the customer in the shop");
  desk.following.forget(reservationId);
  if (cancelled.ok) {
    await found.value.noteCancelled();
    return wantsJson(request) ? jsonReply({ ok: true }) : redirectReply(`/orders/${orderId}`);
  }
  const code = isForLater(cancelled.code) ? "CANCEL_UNANSWERED" : "CANCELLED_TOO_LATE";
  if (!wantsJson(request)) return redirectReply(`/orders/${orderId}?problem=${code}`);
  return jsonReply({ code, detail: purchaseSentenceOf(code) }, code === "CANCEL_UNANSWERED" ? 503 : 409);
}

async function shownOf({ following }: OrderDesk, order: FollowedOrder): Promise<Shown> {
  if (order.reservationId === null) return { progress: null, isFresh: true };
  const { read, isFresh } = await following.look(order.reservationId);
  const progress = read === null ? null : progressOf(read);
  // An operator may have cancelled it, or the shelf was empty: the money goes back all the same.
  if (isOff(progress)) await order.noteCancelled();
  return { progress, isFresh };
}
