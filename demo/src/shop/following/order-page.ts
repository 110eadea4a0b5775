// An order's page: what became of the payment and, from then on, how far the warehouse is. The same markup is sent to
// an open page as it changes (page/order.js), so that there is one place that knows how a step looks.

import { type Html, html } from "../html.ts";
import type { OrderState } from "../order-book.ts";
import { page } from "../page-frame.ts";
import type { Bearer } from "../pass.ts";
import type { FollowedOrder } from "./followed-order.ts";
import type { Progress, Stage, Step } from "./progress.ts";

/** What is shown of the way; null where nothing is known yet, or nobody can know it. */
export interface Shown {
  progress: Progress | null;
  /** False: the warehouse's news can't be had at the moment. */
  isFresh: boolean;
}

const TITLES: Record<OrderState, { title: string; mark: string }> = {
  confirmed: { title: "It's yours", mark: "✓" },
  charged: { title: "Almost there", mark: "…" },
  charging: { title: "Paying", mark: "…" },
  declined: { title: "Declined", mark: "×" },
  refunded: { title: "Your payment was given back", mark: "↩" },
  cancelled: { title: "Your order is cancelled", mark: "↩" },
};

const STAGES: Record<Exclude<Stage, "cancelled" | "missing">, string> = {
  ordered: "Thank you. The warehouse has been asked to take it from the shelf.",
  picked: "It was taken from the shelf, and is being packed.",
  packed: "It is packed, and waits for the carrier.",
  shipped: "It is on its way to you.",
  waiting: "It will be sent as soon as more of it has come in.",
};

const STEPS: Record<Step["name"], string> = {
  ordered: "Ordered",
  picked: "Picked",
  packed: "Packed",
  shipped: "Shipped",
  cancelled: "Cancelled",
};
const SAID: Record<Step["state"], string> = { done: "done", now: "in progress", later: "still to come" };

export const AWAY = "We can't see how far your order is at the moment. It goes on, and so does this page.";

/** What happened and what it means, in a sentence: all that a screen reader is told of a change. */
export function orderSentence(order: FollowedOrder, progress: Progress | null): string {
  const givenBack = `Your payment on the card ending in ${order.cardEnd} has been given back in full.`;
  switch (order.state) {
    case "charging":
      return "Your bank is being asked. Please wait a moment.";
    case "declined":
      return "Your bank declined the card. You have not been charged.";
    case "charged":
      return "Your payment went through and we are booking your order. This page will tell you in a moment.";
    case "refunded":
      return `${(order.reason ?? "").replace("You have not been charged.", "").trim()} ${givenBack}`;
    case "cancelled":
      return `It will not be sent. ${givenBack}`;
    case "confirmed":
      break;
  }
  if (order.reservationId === null) return "Thank you. The seller sends it from a shelf of their own.";
  if (progress === null) return STAGES.ordered;
  if (progress.stage === "cancelled") return `It will not be sent. ${givenBack}`;
  if (progress.stage === "missing")
    return `It could not be found on the shelf, and will not be sent. ${givenBack}`;
  const lost = order.pieces - progress.pieces;
  if (lost <= 0) return STAGES[progress.stage];
  return `${STAGES[progress.stage]} Of ${order.pieces} pieces ${lost} could not be found: their price has been given back.`;
}

/** The list's content. */
export function stepItems(progress: Progress): Html {
  return html`${progress.steps.map(
    ({
      name,
      state,
      at,
      part,
    }) => html`<li class="step ${state}"${state === "now" ? html` aria-current="step"` : null}>
      <span class="name">${STEPS[name]}</span><span class="unseen">, ${SAID[state]}</span>
      ${part === null ? null : html`<span class="part">${part[0]} of ${part[1]}</span>`}
      ${at === null ? null : html`<time datetime="${at}">${at.slice(11, 19)} UTC</time>`}
    </li>`,
  )}`;
}

/** The parcels' numbers, as a row of the receipt. */
export function trackingRow({ tracking }: Progress): Html | null {
  if (tracking.length === 0) return null;
  const name = tracking.length === 1 ? "Tracking number" : "Tracking numbers";
  return html`<dt>${name}</dt><dd class="number">${tracking.join(", ")}</dd>`;
}

/** `problem` is the sentence of the step before. */
export function orderPage(
  order: FollowedOrder,
  shown: Shown,
  problem: string | null,
  bearer: Bearer,
): string {
  const { progress, isFresh } = shown;
  const state: OrderState = isOff(progress) ? "cancelled" : order.state;
  const { title, mark } = TITLES[state];
  const isFollowed = order.reservationId !== null && (state === "confirmed" || state === "cancelled");
  return page(
    title,
    bearer,
    html`<section class="till"${order.state === "charged" ? html` data-reload` : null}>
  <div class="panel order-${state}"${isFollowed ? html` data-progress="/orders/${order.orderId}/progress"` : null}>
    <p class="mark" aria-hidden="true" data-mark>${mark}</p>
    <h1 data-title>${title}</h1>
    <p class="lead" role="status" data-sentence tabindex="-1">${orderSentence(order, progress)}</p>
    ${isFollowed ? way(order, progress, isFresh, problem) : null}
    <dl class="receipt">
      <div><dt>Order</dt><dd class="number">${order.orderId}</dd></div>
      ${order.receipt.map(([name, value]) => html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`)}
      <div><dt>Card</dt><dd>ending in ${order.cardEnd}</dd></div>
      ${isFollowed ? html`<div data-tracking${progress === null || progress.tracking.length === 0 ? html` hidden` : null}>${progress === null ? null : trackingRow(progress)}</div>` : null}
    </dl>
    <p><a href="/">Back to the shop</a></p>
  </div>
  ${order.basket}
</section>
${isFollowed ? html`<script src="/order.js" type="module"></script>` : null}`,
  );
}

function way(
  order: FollowedOrder,
  progress: Progress | null,
  isFresh: boolean,
  problem: string | null,
): Html {
  return html`<p class="note away" role="status" data-away="${AWAY}">${isFresh ? "" : AWAY}</p>
    <p class="problem" role="alert" data-problem>${problem ?? ""}</p>
    <ol class="steps" aria-label="How far your order is" data-steps>${progress === null ? null : stepItems(progress)}</ol>
    <form method="post" action="/orders/${order.orderId}/cancel" data-cancel${progress?.mayCancel === true ? null : html` hidden`}>
      <button class="quiet" type="submit">Cancel this order</button>
    </form>
    <noscript><p class="note">Reload this page to see how far your order is.</p></noscript>`;
}

/** Nothing of it will come. */
export function isOff(progress: Progress | null): boolean {
  return progress?.stage === "cancelled" || progress?.stage === "missing";
}

/** What an open page is told; it puts in what differs. */
export interface ProgressTold {
  title: string;
  mark: string;
  state: OrderState;
  sentence: string;
  /** Null: nothing is known, so what stands there stays. */
  steps: string | null;
  tracking: string | null;
  mayCancel: boolean;
  isOver: boolean;
  isFresh: boolean;
}

export function progressTold(order: FollowedOrder, { progress, isFresh }: Shown): ProgressTold {
  const state: OrderState = isOff(progress) ? "cancelled" : order.state;
  return {
    ...TITLES[state],
    state,
    sentence: orderSentence(order, progress),
    steps: progress === null ? null : stepItems(progress).text,
    tracking: progress === null ? null : (trackingRow(progress)?.text ?? null),
    mayCancel: progress?.mayCancel === true,
    isOver: progress?.isOver === true,
    isFresh,
  };
}
