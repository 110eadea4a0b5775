// The till against a gateway that answers what the test says: refusals at each step, answers that never come, and a
// shop that dies in between. The whole way against a running gateway is walked by the journeys in e2e.
import { mkdtempSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DECLINED_CARD, GOOD_CARD } from "./card.ts";
import { beginTill, type Till } from "./checkout.ts";
import type { Answered, Gateway } from "./gateway.ts";
import { type OrderBook, openOrderBook, orderIdOf } from "./order-book.ts";

const ME = { session: "me", customer: null };
const ELSE = { session: "somebody else", customer: null };
const NOW = Date.parse("2026-11-27T10:00:00Z");
const CLAIMS = {
  holdId: "h1",
  saleId: "sale",
  subject: "cookie-id",
  sku: "console",
  unit: 37,
  issuedAt: NOW / 1_000,
  expiresAt: NOW / 1_000 + 900,
};
const SALE: Sale = {
  id: "sale",
  title: "Aurora Console",
  sku: "console",
  kind: "lottery",
  phase: "live",
  version: 1,
  identity: "anonymous",
  schedule: { lobbyAt: "", drawAt: "", opensAt: "", closesAt: "" },
  serverTime: "",
  limitPerShopper: 1,
  claimWindowSeconds: 45,
  purchaseWindowSeconds: 600,
  stock: { status: "in_stock", message: "" },
  quantity: 100,
  queue: { waiting: 0, serving: 0, ratePerSecond: 1 },
  draw: { commitment: "", algorithm: "", secret: null },
};
const HOLD: Hold = {
  holdId: "h1",
  saleId: "sale",
  entryId: "e1",
  sku: "console",
  unit: 37,
  quantity: 1,
  state: "pending",
  offeredAt: "2026-11-27T10:00:00Z",
  claimBy: "2026-11-27T10:00:45Z",
  expiresAt: "2026-11-27T10:12:00Z",
  extended: true,
};

let directory: string;
let book: OrderBook;
const books: OrderBook[] = [];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "shop-"));
  book = await reopen();
});
afterEach(async () => {
  await Promise.all(books.splice(0).map((each) => each.close()));
  rmSync(directory, { recursive: true });
});

/** The shop starts anew and reads what it wrote. */
async function reopen(): Promise<OrderBook> {
  const opened = await openOrderBook(directory);
  books.push(opened);
  return opened;
}

/** A till whose gateway answers `answers` by step, and notes what it was asked. */
function beginTillWith(
  answers: Partial<Record<"payment" | "confirm" | "release", string[]>> = {},
  from = book,
) {
  const asked: string[] = [];
  const step = async (name: "payment" | "confirm" | "release", detail: string): Promise<Answered<Hold>> => {
    asked.push(`${name} ${detail}`);
    const code = answers[name]?.shift();
    return code === undefined ? { ok: true, value: HOLD } : { ok: false, code };
  };
  const gateway: Gateway = {
    sales: async () => ({ ok: true, value: [SALE] }),
    sale: async (saleId) =>
      saleId === "sale" ? { ok: true, value: SALE } : { ok: false, code: "SALE_NOT_FOUND" },
    startPayment: (holdId) => step("payment", holdId),
    confirm: async (holdId, orderId) => {
      const answer = await step("confirm", `${holdId} ${orderId}`);
      return answer.ok ? { ok: true, value: { hold: answer.value, reservationId: "res_1" } } : answer;
    },
    release: (holdId) => step("release", holdId),
    createShopperKey: async () => ({ ok: false, code: "FORBIDDEN" }),
  };
  const till = beginTill({
    gateway,
    verifyPass: async () => ({ ok: true, claims: CLAIMS }),
    book: from,
    chargeMs: 1,
    saleId: undefined,
    now: () => NOW,
  });
  return { till, asked };
}

async function opened(till: Till): Promise<string> {
  const result = await till.open("pass", ME);
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

const ORDER = orderIdOf(CLAIMS);

test("a good card: payment started, charged, confirmed, and the order is kept over a restart", async () => {
  const { till, asked } = beginTillWith();
  const holdId = await opened(till);
  expect(till.view(holdId, ME)).toMatchObject({ ok: true, value: { endsAt: NOW + 600_000 } });
  expect(await till.pay(holdId, GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { orderId: ORDER, state: "confirmed" },
  });
  expect(asked).toEqual(["payment h1", `confirm h1 ${ORDER}`]);
  expect(till.view(holdId, ME)).toMatchObject({
    ok: true,
    value: { endsAt: Date.parse("2026-11-27T10:12:00Z") },
  });
  const after = beginTillWith({}, await reopen());
  expect(after.till.order(ORDER, ME)).toMatchObject({
    ok: true,
    value: { order: { state: "confirmed", cardEnd: "4242", reservationId: "res_1" } },
  });
  expect(await after.till.pay(holdId, GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { state: "confirmed" },
  });
  expect(after.asked).toEqual([]);
});

test("a declined card charges nothing, confirms nothing, and another one may follow", async () => {
  const { till, asked } = beginTillWith();
  const holdId = await opened(till);
  expect(await till.pay(holdId, DECLINED_CARD, ME)).toEqual({ ok: false, code: "CARD_DECLINED" });
  expect(asked).toEqual(["payment h1"]);
  expect(await till.pay(holdId, GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { orderId: ORDER, state: "confirmed" },
  });
});

test("a mistyped card asks nobody", async () => {
  const { till, asked } = beginTillWith();
  expect(await till.pay(await opened(till), "1", ME)).toEqual({ ok: false, code: "CARD_INCOMPLETE" });
  expect(asked).toEqual([]);
});

test("a confirm that comes too late gives the money back, and says why", async () => {
  const { till } = beginTillWith({ confirm: ["HOLD_EXPIRED"] });
  const paid = await till.pay(await opened(till), GOOD_CARD, ME);
  expect(paid).toMatchObject({ ok: true, value: { state: "refunded", reason: "HOLD_EXPIRED" } });
});

test("a hold that is over before the payment is never charged", async () => {
  const { till, asked } = beginTillWith({ payment: ["HOLD_EXPIRED"] });
  expect(await till.pay(await opened(till), GOOD_CARD, ME)).toEqual({ ok: false, code: "HOLD_EXPIRED" });
  expect(asked).toEqual(["payment h1"]);
  expect(book.orderOf("h1")).toBeNull();
});

test("a charge whose confirm was not answered is settled later, by the same order, also after a restart", async () => {
  const { till, asked } = beginTillWith({ confirm: ["NO_ANSWER", "BUSY"] });
  const holdId = await opened(till);
  expect(await till.pay(holdId, GOOD_CARD, ME)).toMatchObject({ ok: true, value: { state: "charged" } });
  await till.settle();
  expect(book.orderOf(holdId)?.state).toBe("charged");
  const after = beginTillWith({}, await reopen());
  await after.till.settle();
  expect(after.till.order(ORDER, ME)).toMatchObject({ ok: true, value: { order: { state: "confirmed" } } });
  expect([...asked, ...after.asked].filter((call) => call === `confirm h1 ${ORDER}`)).toHaveLength(3);
});

test("an order that a crash left before the charge counts as not charged", async () => {
  const order = {
    orderId: ORDER,
    holdId: "h1",
    state: "charging",
    cardEnd: "4242",
    reservationId: null,
    reason: null,
    at: "",
  } as const;
  await book.note(order);
  const { till, asked } = beginTillWith({}, await reopen());
  await till.settle();
  expect(asked).toEqual([]);
  expect(await till.pay(await opened(till), GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { state: "confirmed" },
  });
});

test("two clicks at once charge once", async () => {
  const { till, asked } = beginTillWith();
  const holdId = await opened(till);
  const both = await Promise.all([till.pay(holdId, GOOD_CARD, ME), till.pay(holdId, GOOD_CARD, ME)]);
  expect(both).toMatchObject([{ ok: true }, { ok: false, code: "PAYING" }]);
  expect(asked).toEqual(["payment h1", `confirm h1 ${ORDER}`]);
});

test("a unit whose card was declined is given back, and is not paid after that", async () => {
  const { till, asked } = beginTillWith();
  const holdId = await opened(till);
  await till.pay(holdId, DECLINED_CARD, ME);
  expect(await till.giveBack(holdId, ME)).toEqual({ ok: true, value: null });
  expect(till.view(holdId, ME)).toMatchObject({ ok: true, value: { isGivenBack: true } });
  expect(asked.at(-1)).toBe("release h1");
  expect(await till.pay(holdId, GOOD_CARD, ME)).toEqual({ ok: false, code: "WRONG_STATE" });
});

test("a unit that is paid is not given back", async () => {
  const { till, asked } = beginTillWith();
  const holdId = await opened(till);
  const paying = till.pay(holdId, GOOD_CARD, ME);
  expect(await till.giveBack(holdId, ME)).toEqual({ ok: false, code: "PAYING" });
  await paying;
  expect(await till.giveBack(holdId, ME)).toEqual({ ok: false, code: "PAYING" });
  expect(asked).not.toContain("release h1");
});

test("nobody else sees, pays or gives back this checkout, or reads its order", async () => {
  const { till } = beginTillWith();
  const holdId = await opened(till);
  await till.pay(holdId, GOOD_CARD, ME);
  const refused = { ok: false, code: "NOT_YOURS" };
  expect(await till.open("pass", ELSE)).toEqual({ ok: false, code: "PASS_USED_ELSEWHERE" });
  expect(till.view(holdId, ELSE)).toEqual(refused);
  expect(await till.pay(holdId, GOOD_CARD, ELSE)).toEqual(refused);
  expect(await till.giveBack(holdId, ELSE)).toEqual(refused);
  expect(till.order(ORDER, ELSE)).toEqual(refused);
  expect(till.order("HF-00000-00000", ME)).toEqual(refused);
});

test("an order that is cancelled is so after a restart, and one that was never bought is not", async () => {
  const { till } = beginTillWith();
  const holdId = await opened(till);
  await till.pay(holdId, DECLINED_CARD, ME);
  await till.noteCancelled(ORDER);
  expect(book.orderOf(holdId)?.state).toBe("declined");
  await till.pay(holdId, GOOD_CARD, ME);
  await till.noteCancelled(ORDER);
  expect((await reopen()).orderOf(holdId)?.state).toBe("cancelled");
  expect(await till.pay(holdId, GOOD_CARD, ME)).toMatchObject({ ok: true, value: { state: "cancelled" } });
});

test("a last line that a crash cut off is passed over, and the next one stands whole", async () => {
  const { till } = beginTillWith();
  await opened(till);
  await book.close();
  books.splice(0);
  await appendFile(join(directory, "orders.ndjson"), '{"fact":"order","orderId":"HF');
  const after = await reopen();
  const again = beginTillWith({}, after);
  expect(await again.till.pay("h1", GOOD_CARD, ME)).toMatchObject({ ok: true });
  expect((await reopen()).orderOf("h1")?.state).toBe("confirmed");
});
