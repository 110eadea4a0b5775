import { HOLD_STATES, HOLD_TABLE, isLiveHold } from "@dropgate/contracts/states/hold";
import type { Judge, LockedHold } from "@dropgate/sql/holds/lock-holds";
import { expect, test } from "vitest";
import { type AskedAct, decide } from "./decide.ts";

const now = new Date("2026-01-01T12:00:00Z");
const soon = new Date(now.getTime() + 30_000);
const past = new Date(now.getTime() - 1);
const judge: Judge = { now, fresh: true };

function hold(change: Partial<LockedHold> = {}): LockedHold {
  return {
    holdId: "aaaaaa00_0000000000000000000000",
    saleId: "s",
    entryId: "e",
    shopper: "m:ann",
    unit: 7,
    slot: 1,
    state: "offered",
    rev: 1,
    appliedRev: 1,
    offeredAt: past,
    publishedAt: past,
    claimBy: soon,
    claimedAt: null,
    expiresAt: null,
    extended: false,
    orderId: null,
    replaces: null,
    sku: "sku",
    purchaseWindowSeconds: 600,
    paymentExtensionSeconds: 300,
    locationId: null,
    ...change,
  };
}

test("an order is cancelled until something of it is picked, then no more", () => {
  for (const state of ["confirmed", "allocated"] as const) {
    const cancel = { act: "cancel", actor: "merchant", entryId: null } as const;
    const sold = hold({ state, orderId: "o" });
    expect(decide(sold, { ...cancel, picked: 0 }, judge)).toMatchObject({
      ok: true,
      move: { to: "cancelled" },
    });
    expect(decide(sold, { ...cancel, picked: 1 }, judge)).toMatchObject({
      refusal: "WRONG_STATE",
      detail: "The order is already picked.",
    });
  }
  // One that is cancelled stays so, whoever asks again.
  const again = { act: "cancel", actor: "merchant", entryId: null, picked: 1 } as const;
  expect(decide(hold({ state: "cancelled", orderId: "o" }), again, judge)).toEqual({ ok: true, move: null });
});

const ACTS: AskedAct[] = ["claim", "startPayment", "confirm", "release", "leave", "cancel", "expire"];
const ACT_OF = { leave: "release" } as const;

test("every act in every state does what the table says, while the window lasts", () => {
  for (const state of HOLD_STATES) {
    for (const act of ACTS) {
      const orderId = state === "confirmed" || state === "allocated" ? "o" : null;
      const given = hold({ state, expiresAt: soon, orderId });
      const decision = decide(given, { act, actor: "merchant", entryId: null, orderId: "o" }, judge);
      const outcome = HOLD_TABLE[state][act in ACT_OF ? "release" : (act as "claim")];
      if (act === "expire" && isLiveHold(state)) expect(decision).toEqual({ ok: true, move: null });
      else if ("refused" in outcome) expect(decision).toMatchObject({ ok: false, refusal: outcome.refused });
      else if ("same" in outcome) expect(decision).toEqual({ ok: true, move: null });
      else expect(decision).toMatchObject({ ok: true, move: { to: outcome.to } });
    }
  }
});

test("a claim gives the purchase window from now, a payment extends it once", () => {
  const claimed = decide(hold(), { act: "claim", actor: "shopper", entryId: "e" }, judge);
  expect(claimed).toMatchObject({
    move: { to: "active", expiresAt: new Date(now.getTime() + 600_000), entryTo: "held", unitTo: null },
  });
  const active = hold({ state: "active", expiresAt: soon });
  expect(decide(active, { act: "startPayment", actor: "merchant", entryId: null }, judge)).toMatchObject({
    move: { to: "pending", extended: true, expiresAt: new Date(soon.getTime() + 300_000), entryTo: null },
  });
});

test("HOLD_EXPIRED is said only together with the end of the hold", () => {
  for (const act of ["claim", "confirm", "startPayment"] as const) {
    const over = hold({ state: "active", expiresAt: now });
    const decision = decide(over, { act, actor: "merchant", entryId: null, orderId: "o" }, judge);
    expect(decision).toMatchObject({
      ok: false,
      refusal: "HOLD_EXPIRED",
      move: { to: "expired", unitTo: "free" },
    });
  }
  const lapsed = decide(hold({ claimBy: past }), { act: "claim", actor: "shopper", entryId: "e" }, judge);
  expect(lapsed).toMatchObject({
    refusal: "HOLD_EXPIRED",
    move: { entryTo: "missed", missed: true, act: "lapsed" },
  });
});

test("while the heartbeat is stale nobody's window is judged, but a unit may be given back", () => {
  const stale: Judge = { now, fresh: false };
  for (const act of ["claim", "confirm", "startPayment", "expire"] as const) {
    const over = hold({ state: act === "claim" ? "offered" : "active", claimBy: past, expiresAt: past });
    const decision = decide(over, { act, actor: "worker", entryId: null, orderId: "o" }, stale);
    expect(decision).toMatchObject({ ok: false, refusal: "BUSY" });
    expect(decision).not.toHaveProperty("move");
  }
  expect(decide(hold(), { act: "release", actor: "shopper", entryId: "e" }, stale)).toMatchObject({
    move: { to: "released", unitTo: "free", entryTo: "released" },
  });
});

test("an offer nobody was told of never lapses", () => {
  const untold = hold({ publishedAt: null, claimBy: past });
  expect(decide(untold, { act: "expire", actor: "worker", entryId: null }, judge)).toEqual({
    ok: true,
    move: null,
  });
  expect(decide(untold, { act: "claim", actor: "shopper", entryId: "e" }, judge)).toMatchObject({
    move: { to: "active" },
  });
});

test("only the shopper whose entry it is may act as a shopper", () => {
  for (const act of ["claim", "release", "leave"] as const) {
    expect(decide(hold(), { act, actor: "shopper", entryId: "other" }, judge)).toMatchObject({
      refusal: "FORBIDDEN",
    });
  }
});

test("an order id belongs to one hold, and a confirmed hold to one order", () => {
  const active = hold({ state: "active", expiresAt: soon });
  const ask = { act: "confirm", actor: "merchant", entryId: null, orderId: "o" } as const;
  expect(decide(active, { ...ask, orderOf: "another hold" }, judge)).toMatchObject({
    refusal: "ORDER_EXISTS",
  });
  const confirmed = hold({ state: "confirmed", expiresAt: past, orderId: "o" });
  expect(decide(confirmed, ask, judge)).toEqual({ ok: true, move: null });
  expect(decide(confirmed, { ...ask, orderId: "p" }, judge)).toMatchObject({ refusal: "WRONG_STATE" });
});
