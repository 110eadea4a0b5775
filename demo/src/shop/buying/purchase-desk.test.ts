// The desk against a gateway that answers what the test says: refusals at each step, answers that never come, and a
// shop that dies in between. The whole way against a running gateway is walked in e2e.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FulfilmentPlan, Shipment } from "@dropgate/contracts/fulfilment";
import type { Reservation } from "@dropgate/contracts/reservation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DECLINED_CARD, GOOD_CARD } from "../card.ts";
import type { Answered } from "../gateway.ts";
import { openPurchaseBook, type PurchaseBook } from "./purchase-book.ts";
import { beginPurchaseDesk, type PurchaseDesk } from "./purchase-desk.ts";
import type { ShopOrder, Stock } from "./stock.ts";
import type { Wanted } from "./wanted.ts";

const ME = { session: "me", customer: null };
const ELSE = { session: "somebody else", customer: null };
const NOW = Date.parse("2026-11-27T10:00:00Z");
const FORM = "abcdefghijklmnopqrstuv";
const WANTED: Wanted = {
  sku: "AURORA-PAD",
  quantity: 2,
  name: "Ada",
  postalCode: "10001",
  country: "US",
};

let directory: string;
let book: PurchaseBook;
const books: PurchaseBook[] = [];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "shop-"));
  book = await reopen();
});
afterEach(async () => {
  await Promise.all(books.splice(0).map((each) => each.close()));
  rmSync(directory, { recursive: true });
});

/** The shop starts anew and reads what it wrote. */
async function reopen(): Promise<PurchaseBook> {
  const opened = await openPurchaseBook(directory);
  books.push(opened);
  return opened;
}

type Step = "reserve" | "payment" | "confirm" | "release";

/** A desk whose gateway answers `answers` by step, and notes what it was asked. */
function begin(answers: Partial<Record<Step, (string | undefined)[]>> = {}, from = book) {
  const asked: string[] = [];
  const clock = { ms: NOW };
  const step = (name: Step, detail: string): string | undefined => {
    asked.push(`${name} ${detail}`);
    return answers[name]?.shift();
  };
  const reservation = (id: string, orderId = ""): Reservation => ({
    id,
    orderId,
    state: "active",
    expiresAt: new Date(NOW + 900_000).toISOString(),
    extended: false,
    lines: [],
    backorders: [],
    createdAt: "",
    confirmedAt: null,
    endedAt: null,
    reason: null,
  });
  const act = (name: Step, id: string, becomes = id): Answered<Reservation> => {
    const code = step(name, id);
    return code === undefined ? { ok: true, value: reservation(becomes) } : { ok: false, code };
  };
  const shipments = ["2026-12-04T00:00:00Z", "2026-12-03T00:00:00Z"].map(
    (estimatedDelivery) => ({ estimatedDelivery }) as Shipment,
  );
  const stock: Stock = {
    availability: async () => ({ ok: true, value: [] }),
    async reserve({ orderId, items }: ShopOrder) {
      const code = step("reserve", `${items[0]?.quantity} ${orderId}`);
      if (code !== undefined) return { ok: false, code };
      const plan = { shipments } as FulfilmentPlan;
      return { ok: true, value: { reservation: reservation(`of ${orderId}`, orderId), plan } };
    },
    startPayment: async (id) => act("payment", id),
    confirm: async (id) => act("confirm", id, `${id}, sold`),
    release: async (id) => act("release", id),
    cancel: async () => ({ ok: false, code: "WRONG_STATE" }),
    read: async () => ({ ok: false, code: "NO_ANSWER" }),
  };
  const desk = beginPurchaseDesk({ stock, book: from, chargeMs: 1, now: () => clock.ms });
  return { desk, asked, clock };
}

async function reserved(desk: PurchaseDesk, wanted = WANTED): Promise<string> {
  const result = await desk.reserve(FORM, wanted, ME);
  if (!result.ok) throw new Error(result.code);
  return result.value;
}
const stateOf = (orderId: string, from = book): string | undefined => from.find(orderId)?.state;

test("reserved, paid, confirmed, each once; the order and its reservation are kept over a restart", async () => {
  const { desk, asked } = begin();
  const orderId = await reserved(desk);
  expect(desk.view(orderId, ME)).toMatchObject({
    ok: true,
    value: { state: "reserved", price: { amount: 13_800 }, estimatedDelivery: "2026-12-04T00:00:00Z" },
  });
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toMatchObject({ ok: true, value: { state: "confirmed" } });
  const id = `of ${orderId}`;
  expect(asked).toEqual([`reserve 2 ${orderId}`, `payment ${id}`, `confirm ${id}`]);
  const after = begin({}, await reopen());
  // A late confirm may have made a new reservation: that is the one to follow.
  expect(await after.desk.pay(orderId, GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { state: "confirmed", cardEnd: "4242", reservationId: `${id}, sold` },
  });
  expect(after.asked).toEqual([]);
});

test("a form that is sent twice is one order, also at the same moment", async () => {
  const { desk, asked } = begin();
  const both = await Promise.all([desk.reserve(FORM, WANTED, ME), desk.reserve(FORM, WANTED, ME)]);
  expect(both).toMatchObject([{ ok: true }, { ok: false, code: "PAYING" }]);
  const orderId = await reserved(desk);
  expect(asked).toEqual([`reserve 2 ${orderId}`]);
});

test("sent again with other words, it gives the first reservation back before it makes another", async () => {
  const { desk, asked } = begin();
  const first = await reserved(desk);
  const second = await reserved(desk, { ...WANTED, quantity: 3 });
  expect(second).not.toBe(first);
  expect(asked).toEqual([`reserve 2 ${first}`, `release of ${first}`, `reserve 3 ${second}`]);
  expect(stateOf(first)).toBe("givenBack");
});

test("after a refusal, and after its time, the same form becomes a new order and not the old answer", async () => {
  const { desk, clock } = begin({ reserve: ["INSUFFICIENT_STOCK"], release: ["HOLD_EXPIRED"] });
  expect(await desk.reserve(FORM, WANTED, ME)).toEqual({ ok: false, code: "INSUFFICIENT_STOCK" });
  const second = await reserved(desk);
  clock.ms += 900_000;
  const third = await reserved(desk);
  expect(new Set([second, third, book.ofForm(FORM)[0]?.orderId]).size).toBe(3);
});

test("what was not answered is asked again under the same number, and goes back when nobody waits any more", async () => {
  const { desk, asked } = begin({ reserve: ["NO_ANSWER"] });
  expect(await desk.reserve(FORM, WANTED, ME)).toEqual({ ok: false, code: "NO_ANSWER" });
  const orderId = book.ofForm(FORM)[0]?.orderId ?? "";
  expect(await reserved(desk)).toBe(orderId);
  expect(asked).toEqual([`reserve 2 ${orderId}`, `reserve 2 ${orderId}`]);

  const other = begin({ reserve: ["NO_ANSWER"] });
  const form = "another-form-of-22-let";
  await other.desk.reserve(form, WANTED, ME);
  await other.desk.settle();
  const left = book.ofForm(form)[0]?.orderId ?? "";
  expect(other.asked).toEqual([`reserve 2 ${left}`, `reserve 2 ${left}`, `release of ${left}`]);
  expect(stateOf(left)).toBe("givenBack");
});

test("a declined card charges nothing and confirms nothing, and another one may follow", async () => {
  const { desk, asked } = begin();
  const orderId = await reserved(desk);
  expect(await desk.pay(orderId, "1", ME)).toEqual({ ok: false, code: "CARD_INCOMPLETE" });
  expect(await desk.pay(orderId, DECLINED_CARD, ME)).toEqual({ ok: false, code: "CARD_DECLINED" });
  expect(asked.filter((call) => call.startsWith("confirm"))).toEqual([]);
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toMatchObject({ ok: true, value: { state: "confirmed" } });
});

test("a reservation that is over before the payment is never charged", async () => {
  const { desk, asked } = begin({ payment: ["HOLD_EXPIRED"] });
  const orderId = await reserved(desk);
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toEqual({ ok: false, code: "RESERVATION_OVER" });
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toEqual({ ok: false, code: "RESERVATION_OVER" });
  expect(asked.filter((call) => !call.startsWith("reserve"))).toEqual([`payment of ${orderId}`]);
  expect(stateOf(orderId)).toBe("expired");
});

test("a confirm that comes too late gives the money back, and says why", async () => {
  const { desk } = begin({ confirm: ["HOLD_EXPIRED"] });
  expect(await desk.pay(await reserved(desk), GOOD_CARD, ME)).toMatchObject({
    ok: true,
    value: { state: "refunded", reason: "HOLD_EXPIRED" },
  });
});

test("a charge whose confirm was not answered is settled later, also after a restart", async () => {
  const { desk } = begin({ confirm: ["NO_ANSWER", "BUSY"] });
  const orderId = await reserved(desk);
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toMatchObject({ ok: true, value: { state: "charged" } });
  await desk.settle();
  expect(stateOf(orderId)).toBe("charged");
  const later = await reopen();
  const after = begin({}, later);
  await after.desk.settle();
  expect(stateOf(orderId, later)).toBe("confirmed");
});

test("an order that a crash left at the bank counts as not charged, and may be paid", async () => {
  const { desk } = begin();
  const orderId = await reserved(desk);
  const seen = book.find(orderId);
  if (seen === null) throw new Error("it is in the book");
  await book.note({ ...seen, state: "charging", cardEnd: "4242" });
  const later = await reopen();
  const after = begin({}, later);
  await after.desk.settle();
  expect(stateOf(orderId, later)).toBe("declined");
  expect(await after.desk.pay(orderId, GOOD_CARD, ME)).toMatchObject({ ok: true });
});

test("two clicks at once charge once, and what is being paid is not given back", async () => {
  const { desk, asked } = begin();
  const orderId = await reserved(desk);
  const [one, two, back] = await Promise.all([
    desk.pay(orderId, GOOD_CARD, ME),
    desk.pay(orderId, GOOD_CARD, ME),
    desk.giveBack(orderId, ME),
  ]);
  expect(one).toMatchObject({ ok: true });
  expect(two).toEqual({ ok: false, code: "PAYING" });
  expect(back).toEqual({ ok: false, code: "PAYING" });
  expect(await desk.giveBack(orderId, ME)).toEqual({ ok: false, code: "PAYING" });
  expect(asked.filter((call) => call.startsWith("confirm"))).toHaveLength(1);
  expect(asked.join()).not.toContain("release");
});

test("what is given back is not paid after that", async () => {
  const { desk, asked } = begin();
  const orderId = await reserved(desk);
  expect(await desk.giveBack(orderId, ME)).toEqual({ ok: true, value: null });
  expect(await desk.pay(orderId, GOOD_CARD, ME)).toEqual({ ok: false, code: "GIVEN_BACK" });
  expect(asked.at(-1)).toBe(`release of ${orderId}`);
});

test("only what was bought can be cancelled", async () => {
  const { desk } = begin();
  const orderId = await reserved(desk);
  await desk.noteCancelled(orderId);
  expect(stateOf(orderId)).toBe("reserved");
  await desk.pay(orderId, GOOD_CARD, ME);
  await desk.noteCancelled(orderId);
  expect(stateOf(orderId)).toBe("cancelled");
});

test("nobody else sees, pays or gives back this order, or goes on with its form", async () => {
  const { desk } = begin();
  const orderId = await reserved(desk);
  const refused = { ok: false, code: "NOT_YOURS" };
  expect(desk.view(orderId, ELSE)).toEqual(refused);
  expect(await desk.pay(orderId, GOOD_CARD, ELSE)).toEqual(refused);
  expect(await desk.giveBack(orderId, ELSE)).toEqual(refused);
  expect(await desk.reserve(FORM, WANTED, ELSE)).toEqual(refused);
  expect(desk.view("HF-00000-00000", ME)).toEqual(refused);
});

test("what the shop does not sell, and a form that it did not make, reserve nothing", async () => {
  const { desk, asked } = begin();
  for (const [form, sku] of [
    [FORM, "AURORA-FE"],
    ["short", "AURORA-PAD"],
    [`${FORM}x`, "AURORA-PAD"],
  ] as const) {
    expect(await desk.reserve(form, { ...WANTED, sku }, ME)).toEqual({
      ok: false,
      code: "PRODUCT_NOT_FOUND",
    });
  }
  expect(asked).toEqual([]);
});
