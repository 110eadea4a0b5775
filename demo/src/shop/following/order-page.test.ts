import { expect, test } from "vitest";
import { Html } from "../html.ts";
import type { FollowedOrder } from "./followed-order.ts";
import { AWAY, orderPage, orderSentence, progressTold, stepItems } from "./order-page.ts";
import type { Progress, Stage } from "./progress.ts";

const ME = { session: "me", customer: null };
const order = (over: Partial<FollowedOrder> = {}): FollowedOrder => ({
  orderId: "HF-AAAAA-BBBBB",
  state: "confirmed",
  cardEnd: "4242",
  pieces: 2,
  reservationId: "res_1",
  reason: null,
  receipt: [["Pieces", "2"]],
  basket: new Html("<aside></aside>"),
  noteCancelled: async () => {},
  ...over,
});
const progress = (stage: Stage, over: Partial<Progress> = {}): Progress => ({
  stage,
  steps: [
    { name: "ordered", state: "done", at: "2026-11-27T10:01:00.000Z", part: null },
    { name: "picked", state: "now", at: null, part: [1, 2] },
    { name: "packed", state: "later", at: null, part: null },
  ],
  mayCancel: false,
  isOver: false,
  pieces: 2,
  tracking: [],
  ...over,
});
const STAGES: Stage[] = ["ordered", "picked", "packed", "shipped", "cancelled", "waiting", "missing"];

test("each stage has a sentence of its own, and no code in it", () => {
  const sentences = STAGES.map((stage) => orderSentence(order(), progress(stage)));
  expect(new Set(sentences).size).toBe(STAGES.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^_]*\.$/);
});

test("nothing that will not come is told without the money that went back", () => {
  for (const stage of ["cancelled", "missing"] as const)
    expect(orderSentence(order(), progress(stage))).toContain("card ending in 4242 has been given back");
  expect(orderSentence(order({ state: "cancelled" }), null)).toContain("has been given back");
  expect(orderSentence(order(), progress("shipped", { pieces: 1 }))).toContain("Of 2 pieces 1 could not");
  expect(orderSentence(order(), progress("shipped"))).not.toContain("could not");
});

test("a step says to the ear what its mark says to the eye, and where it is", () => {
  const { text } = stepItems(progress("ordered"));
  expect(text).toContain('Ordered</span><span class="unseen">, done');
  expect(text).toContain('class="step now" aria-current="step"');
  expect(text).toContain("1 of 2");
  expect(text).toContain('<time datetime="2026-11-27T10:01:00.000Z">10:01:00 UTC</time>');
  expect(text.match(/aria-current/g)).toHaveLength(1);
});

test("an order can be cancelled on its page only while it may be", () => {
  const shown = (mayCancel: boolean): string =>
    orderPage(order(), { progress: progress("ordered", { mayCancel }), isFresh: true }, null, ME);
  expect(shown(true)).toMatch(/data-cancel>/);
  expect(shown(false)).toMatch(/data-cancel hidden>/);
});

test("while the news can't be had the page says so, and what it last knew stays", () => {
  const away = orderPage(order(), { progress: progress("picked"), isFresh: false }, null, ME);
  expect(away).toContain(`>${AWAY.replaceAll("'", "&#39;")}</p>`);
  expect(away).toContain("being packed");
  expect(progressTold(order(), { progress: null, isFresh: false })).toMatchObject({
    steps: null,
    isFresh: false,
    isOver: false,
  });
});

test("units that are not the inventory's have no steps to follow, and no script that asks", () => {
  const own = orderPage(order({ reservationId: null }), { progress: null, isFresh: true }, null, ME);
  expect(own).not.toContain("data-steps");
  expect(own).not.toContain("order.js");
  expect(own).toContain("Thank you.");
});

test("a warehouse's number for a parcel is text, whatever it is made of", () => {
  const { tracking } = progressTold(order(), {
    progress: progress("shipped", { tracking: ["<b>1</b>"] }),
    isFresh: true,
  });
  expect(tracking).toContain("&lt;b&gt;1&lt;/b&gt;");
});
