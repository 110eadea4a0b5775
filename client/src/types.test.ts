// What the library's types promise, for `npx pnpm types`: a change here is one that whoever uses it has to follow.
// How the types of the published package read from outside is tried in e2e/src/embed.slow.test.ts.
import { describe, expectTypeOf, test } from "vitest";
import type { CardTrouble } from "./element.ts";
import type {
  Acted,
  OfferMade,
  OutcomeOfEntry,
  Queue,
  QueueOptions,
  RefusalCode,
  Sale,
  Standing,
  UnitHeld,
} from "./queue.ts";
import type { Answered, Hold, Merchant, VerifiedPass, VerifiedWebhook, WebhookEvent } from "./server.ts";

declare const queue: Queue;

/** Typed, and never called. */
function ofTheQueue(): void {
  queue.on("offer", (detail) => expectTypeOf(detail).toEqualTypeOf<OfferMade>());
  queue.on("held", (detail) => expectTypeOf(detail).toEqualTypeOf<UnitHeld>());
  queue.on("outcome", (detail) => expectTypeOf(detail).toEqualTypeOf<OutcomeOfEntry>());
  queue.on("link", (detail) =>
    expectTypeOf(detail).toEqualTypeOf<"connecting" | "live" | "polling" | "away">(),
  );
  queue.on("state", ({ state, position }) => {
    expectTypeOf(state).toEqualTypeOf<Standing["kind"]>();
    expectTypeOf(position).toEqualTypeOf<number | null>();
  });
}

/** Typed, and never called: what is heard of the element anywhere in a page. */
function inAPage(): void {
  addEventListener("dropgate:held", ({ detail }) => expectTypeOf(detail).toEqualTypeOf<UnitHeld>());
  document.addEventListener("dropgate:offer", ({ detail }) =>
    expectTypeOf(detail).toEqualTypeOf<OfferMade>(),
  );
  document.body.addEventListener("dropgate:error", ({ detail }) =>
    expectTypeOf(detail.reason).toEqualTypeOf<CardTrouble>(),
  );
}

test("the element's events are known wherever they bubble to", () => {
  expectTypeOf(inAPage).toBeFunction();
});

describe("of the queue", () => {
  test("each event brings its own detail, and there are no others", () => {
    expectTypeOf(ofTheQueue).toBeFunction();
    expectTypeOf<Parameters<Queue["on"]>[0]>().toEqualTypeOf<
      "state" | "offer" | "held" | "outcome" | "link"
    >();
  });

  test("a standing is told apart by its kind", () => {
    expectTypeOf<Extract<Standing, { kind: "offered" }>>().toEqualTypeOf<{
      kind: "offered";
      holdId: string;
      claimBy: number;
    }>();
    expectTypeOf<Extract<Standing, { kind: "lobby" }>>().not.toHaveProperty("ticket");
    expectTypeOf<Parameters<Queue["until"]>[0]>().toEqualTypeOf<
      Standing["kind"] | readonly Standing["kind"][]
    >();
  });

  test("an act is done, or says why not by a code of the catalogue", () => {
    expectTypeOf<Extract<Acted, { ok: false }>["code"]>().toEqualTypeOf<RefusalCode | "NO_ANSWER">();
    expectTypeOf<Extract<Acted, { ok: true }>>().not.toHaveProperty("code");
    expectTypeOf<"SALE_CLOSED" | "HOLD_EXPIRED" | "BUSY">().toExtend<RefusalCode>();
    expectTypeOf<"NO_SUCH_CODE">().not.toExtend<RefusalCode>();
  });

  test("a sale has to be said, all else may be left out", () => {
    expectTypeOf<{ saleId: string }>().toExtend<QueueOptions>();
    expectTypeOf<{ url: string }>().not.toExtend<QueueOptions>();
    expectTypeOf<{ saleId: string; shopperToken: () => Promise<string> }>().toExtend<QueueOptions>();
    expectTypeOf<{ saleId: string; shopperToken: number }>().not.toExtend<QueueOptions>();
  });

  test("a sale is the contract's", () => {
    expectTypeOf<Sale["phase"]>().toEqualTypeOf<
      "scheduled" | "lobby" | "drawing" | "live" | "paused" | "sold_out" | "closed"
    >();
    expectTypeOf<Sale["imageUrl"]>().toEqualTypeOf<string | undefined>();
  });
});

describe("of the merchant's calls", () => {
  test("an answer is a value or a refusal, and never both", () => {
    expectTypeOf<ReturnType<Merchant["holds"]["startPayment"]>>().resolves.toEqualTypeOf<Answered<Hold>>();
    expectTypeOf<Extract<Answered<Hold>, { ok: true }>["value"]>().toEqualTypeOf<Hold>();
    expectTypeOf<Extract<Answered<Hold>, { ok: false }>>().not.toHaveProperty("value");
    expectTypeOf<Extract<Answered<Hold>, { ok: false }>["code"]>().toEqualTypeOf<RefusalCode | "NO_ANSWER">();
  });

  test("a confirm names its order", () => {
    expectTypeOf<{ orderId: string }>().toExtend<Parameters<Merchant["holds"]["confirm"]>[1]>();
    expectTypeOf<{ order: string }>().not.toExtend<Parameters<Merchant["holds"]["confirm"]>[1]>();
  });

  test("a pass that is not good says which way", () => {
    expectTypeOf<Extract<VerifiedPass, { ok: false }>["code"]>().toEqualTypeOf<
      "PASS_INVALID" | "PASS_EXPIRED" | "PASS_OF_ANOTHER_SALE" | "PASS_OF_ANOTHER_CUSTOMER" | "NO_ANSWER"
    >();
  });

  test("a webhook's event is told apart by its type", () => {
    expectTypeOf<Extract<VerifiedWebhook, { ok: true }>["event"]>().toEqualTypeOf<WebhookEvent>();
    expectTypeOf<Extract<WebhookEvent, { type: "hold.cancelled" }>["data"]["reason"]>().toEqualTypeOf<
      string | null
    >();
    expectTypeOf<Extract<WebhookEvent, { type: "hold.confirmed" }>["data"]>().not.toHaveProperty("reason");
  });
});
