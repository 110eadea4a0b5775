import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { HotStore } from "./hot-store.ts";
import { fillLane, holdOf, keyOf, newSaleId, openStore, valueOf, WAITING } from "./lane-fixture.ts";

let store: HotStore;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl") });
});
afterAll(() => store.close());

const LIVE = { phase: "live", version: 2 } as const;
const STALE_MS = 60_000;
const tryOf = (name: string, tryId = "t1") => ({ key: keyOf(name), tryId });
const held = {
  ...WAITING,
  rev: 3,
  state: "held",
  holdId: holdOf("a"),
  expiresAt: 1_700_000_000_000,
} as const;

test("a shopper has one try under way, until it is ended or stale", async () => {
  const { lane } = await fillLane(store, LIVE);
  const attempt = async (tryId: string, staleMs = STALE_MS) =>
    valueOf(await lane.attempt([tryOf("ann", tryId)], staleMs))[0]?.outcome;
  expect(await attempt("t1")).toBe("begun");
  expect(await attempt("t2")).toBe("busy");
  // Only the try under way ends itself.
  expect(valueOf(await lane.endAttempt([tryOf("ann", "t2")]))).toEqual([false]);
  expect(await attempt("t2")).toBe("busy");
  expect(valueOf(await lane.endAttempt([tryOf("ann", "t1")]))).toEqual([true]);
  expect(await attempt("t2")).toBe("begun");
  expect(await attempt("t3", 0)).toBe("begun");
  expect(valueOf(await lane.endAttempt([tryOf("ann", "t2")]))).toEqual([false]);
});

test("the card says who has a unit, who has bought all they may, and the number of the next entry", async () => {
  const { lane } = await fillLane(store, { ...LIVE, limitPerShopper: 2 });
  const cards = {
    held,
    pending: { ...held, state: "offered" },
    bought: { ...held, state: "purchased", bought: 2 },
    half: { ...held, state: "purchased", bought: 1, attempt: 4 },
    back: { ...held, state: "released", attempt: 2 },
  } as const;
  const names = Object.keys(cards) as (keyof typeof cards)[];
  valueOf(
    await lane.cards(
      names.map((name) => ({ key: keyOf(name), card: cards[name] })),
      false,
    ),
  );
  const outcomes = valueOf(
    await lane.attempt(
      [...names, "new"].map((name) => tryOf(name)),
      STALE_MS,
    ),
  );
  expect(outcomes).toEqual([
    { outcome: "held", card: cards.held },
    { outcome: "held", card: cards.pending },
    { outcome: "limit" },
    { outcome: "begun", attempt: 5 },
    { outcome: "begun", attempt: 3 },
    { outcome: "begun", attempt: 1 },
  ]);
});

test("nobody begins while the phase sells nothing, and whoever has a unit is still shown it", async () => {
  for (const phase of ["scheduled", "lobby", "paused", "closed"] as const) {
    const { lane } = await fillLane(store, { phase });
    valueOf(await lane.cards([{ key: keyOf("ann"), card: held }], false));
    expect(valueOf(await lane.attempt([tryOf("ann"), tryOf("bob")], STALE_MS))).toEqual([
      { outcome: "held", card: held },
      { outcome: "shut", phase },
    ]);
  }
  const { lane } = await fillLane(store, { phase: "sold_out" });
  expect(valueOf(await lane.attempt([tryOf("bob")], STALE_MS))).toEqual([{ outcome: "begun", attempt: 1 }]);
});

test("a fenced lane begins nothing", async () => {
  const { inEpoch } = await fillLane(store, LIVE);
  expect(await inEpoch(2).attempt([tryOf("ann")], STALE_MS)).toMatchObject({ fenced: true });
  expect(await inEpoch(2).endAttempt([tryOf("ann")])).toMatchObject({ fenced: true });
});

const COPY = { phase: "lobby", version: 1, serving: 0, waiting: 0, ratePerSecond: 1 } as const;
const SLOW = { ratePerSecond: 0.001, burst: 5 };

test("a bucket is full until it is first taken from, holds one burst at most, and takes back what was not spent", async () => {
  const sale = store.sale(newSaleId());
  await sale.told(COPY);
  expect((await sale.tokens(SLOW, 3, 0)).granted).toBe(3);
  const short = await sale.tokens(SLOW, 3, 0);
  expect(short.granted).toBe(2);
  expect(short.waitMs).toBeGreaterThan(500_000);
  expect((await sale.tokens(SLOW, 1, 0)).granted).toBe(0);
  expect((await sale.tokens(SLOW, 0, 2)).granted).toBe(0);
  expect((await sale.tokens(SLOW, 3, 0)).granted).toBe(2);
  await sale.tokens(SLOW, 0, 1_000);
  expect((await sale.tokens(SLOW, 1_000, 0)).granted).toBe(5);
});

test("a faster rate refills at once, and a smaller burst takes away", async () => {
  const sale = store.sale(newSaleId());
  await sale.told(COPY);
  expect((await sale.tokens({ ratePerSecond: 0.001, burst: 100 }, 1, 0)).granted).toBe(1);
  expect((await sale.tokens({ ratePerSecond: 0.001, burst: 10 }, 1_000, 0)).granted).toBe(10);
  await expect
    .poll(async () => (await sale.tokens({ ratePerSecond: 1_000, burst: 10 }, 1, 0)).granted)
    .toBe(1);
});

test("a slot that nobody has told anything grants nothing; one that was lost while it sold begins empty", async () => {
  const sale = store.sale(newSaleId());
  expect(await sale.tokens(SLOW, 1, 0)).toEqual({ granted: 0, waitMs: 100 });
  await sale.told({ ...COPY, phase: "live" });
  expect((await sale.tokens(SLOW, 1, 0)).granted).toBe(0);
});
