import { nextMoment } from "@dropgate/client/room/moment";
import {
  entryExample,
  holdExample,
  NOON,
  roomAfter,
  saleExample,
  timeAt,
} from "@dropgate/client/room/room-examples";
import type { RoomEvent } from "@dropgate/client/room/room-state";
import type { Sale } from "@dropgate/contracts/sale";
import { ENTRY_STATES } from "@dropgate/contracts/states/entry";
import { PHASES } from "@dropgate/contracts/states/phase";
import { describe, expect, test } from "vitest";
import type { Telling } from "../telling/telling.ts";
import { en } from "../texts/en.ts";
import { type CardContent, cardContent } from "./card-content.ts";

const MAY_ASK: Telling = { notifying: "possible", sound: true, returns: false };
const UNTOLD: Telling = { ...MAY_ASK, notifying: "impossible" };

/** The card `ms` after noon, in a browser whose clock is right. */
function cardAfter(events: RoomEvent[], ms = 0): CardContent {
  const room = roomAfter(...events);
  return cardContent({ room, moment: nextMoment(null, room, NOON + ms) }, en, MAY_ASK);
}

const sale = (more: Partial<Sale> = {}): RoomEvent => ({
  type: "sale",
  sale: saleExample(more),
  sentAt: NOON,
});
const entry = (more: Parameters<typeof entryExample>[0] = {}): RoomEvent => ({
  type: "entry",
  entry: entryExample(more),
});

describe("the card", () => {
  const everyState = PHASES.flatMap((phase) => [null, ...ENTRY_STATES].map((state) => ({ phase, state })));
  test.each(everyState)("has words in phase $phase for an entry that is $state", ({ phase, state }) => {
    for (const ticket of [null, 400]) {
      const events = [sale({ phase })];
      if (state !== null) events.push(entry({ state, ticket, holdId: "h1", claimBy: timeAt(30_000) }));
      const card = cardAfter(events);
      expect(card.headline).toMatch(/\S/);
      expect(card.figure.text).toMatch(/\S/);
      expect(card.figure.label).toMatch(/\S/);
      expect(card.lines.join(" ")).toMatch(/\S/);
      const all = [card.headline, card.figure.text, card.figure.label, ...card.lines].join(" ");
      expect(all).not.toMatch(/undefined|null|NaN|[A-Z]{2,}_[A-Z]/);
    }
  });

  test.each(everyState)(
    "offers no line and no lobby in a rush in phase $phase, for an entry that is $state",
    (one) => {
      const events = [sale({ kind: "rush", phase: one.phase })];
      const { state } = one;
      if (state !== null) events.push(entry({ state, ticket: null, holdId: "h1", claimBy: timeAt(30_000) }));
      const card = cardAfter(events);
      const action = card.primary?.name === "join" ? card.primary.label : "none";
      const sells = one.phase === "live" || one.phase === "sold_out";
      if (state === null) expect(action).toBe(sells ? "Get one now" : "none");
      if (state === null)
        expect([card.primary, ...card.others].map((one) => one?.name)).not.toContain("checkDraw");
      else expect(["none", "Get one now", "Join again for another"]).toContain(action);
      if (state === null && !sells) expect(card.lines.join(" ")).not.toContain("lobby");
    },
  );

  test.each(PHASES)("asks nobody to join a rehearsal in phase %s, and says what it is", (phase) => {
    for (const kind of ["lottery", "rush"] as const) {
      const card = cardAfter([sale({ phase, kind, rehearsal: true })]);
      const names = [card.primary, ...card.others].flatMap((action) => action?.name ?? []);
      expect(names.filter((name) => name !== "checkDraw")).toEqual([]);
      expect(card.lines).toEqual([
        "This is a rehearsal: only simulated shoppers take part. The sale itself has another address.",
      ]);
    }
  });

  test("counts a rush down to its opening", () => {
    const schedule = { ...saleExample().schedule, opensAt: timeAt(61_000) };
    for (const phase of ["scheduled", "lobby"] as const) {
      const card = cardAfter([sale({ kind: "rush", phase, schedule })]);
      expect(card.figure).toMatchObject({ text: "01:01", label: "until the sale opens" });
      expect(card.facts).toEqual([]);
    }
  });

  test("counts down by the server's clock, not by the phone's", () => {
    const events = [
      sale({ phase: "lobby", schedule: { ...saleExample().schedule, drawAt: timeAt(299_000) } }),
    ];
    expect(cardAfter(events).figure.text).toBe("04:59");
    // The same instant in a browser that is an hour slow: what it hears tells it so.
    const room = roomAfter({ ...(events[0] as RoomEvent & { type: "sale" }), sentAt: NOON });
    const slow = {
      ...room,
      clock: { samples: [{ offsetMs: 3_600_000, spreadMs: 0 }], floorMs: null, isSuspect: false },
    };
    const moment = nextMoment(null, slow, NOON - 3_600_000);
    expect(cardContent({ room: slow, moment }, en, UNTOLD).figure.text).toBe("04:59");
  });

  test("shows no time at all before the server was heard", () => {
    const room = roomAfter({ type: "sale", sale: saleExample({ phase: "scheduled" }), isCached: true });
    const card = cardContent({ room, moment: nextMoment(null, room, NOON) }, en, UNTOLD);
    expect(card.figure.text).toBe("–:––");
  });

  test("says position, people ahead, a range and the odds to who waits", () => {
    const card = cardAfter([sale(), entry({ ticket: 3_504 })]);
    expect(card).toMatchObject({
      headline: "You're in line.",
      figure: { text: "3,404", label: "3,403 people ahead of you" },
      ticket: 3_504,
    });
    expect(card.lines).toEqual([
      "About 4–7 min to go.",
      "120 units, about 3,403 ahead of you: a unit is unlikely, you stay in line for returns.",
    ]);
  });

  test("offers before the entry says so, as long as the offer's time runs", () => {
    const offer: RoomEvent = {
      type: "offer",
      offer: { holdId: "h1", sku: "VESSEL", quantity: 1, claimBy: timeAt(45_000) },
    };
    expect(cardAfter([sale(), entry(), offer]).kind).toBe("offered");
    expect(cardAfter([sale(), entry(), offer], 50_000).kind).toBe("waiting");
  });

  test("turns from held to amber at two minutes and to red at thirty seconds", () => {
    const events = [
      sale(),
      entry({ state: "held", rev: 3, holdId: "h1" }),
      { type: "hold", hold: holdExample() } as const,
    ];
    expect(cardAfter(events, 0).tone).toBe("held");
    expect(cardAfter(events, 480_000).tone).toBe("amber");
    expect(cardAfter(events, 570_000).tone).toBe("red");
  });

  test("shows a claimed hold before its entry is told, and a paid one too", () => {
    const offered = entry({ state: "offered", rev: 2, holdId: "h1", claimBy: timeAt(30_000) });
    expect(cardAfter([sale(), offered, { type: "hold", hold: holdExample() }]).kind).toBe("held");
    const paid = holdExample({ state: "confirmed", orderId: "A-1" });
    const card = cardAfter([sale(), offered, { type: "hold", hold: paid }]);
    expect(card).toMatchObject({ kind: "purchased", figure: { text: "A-1" } });
  });

  test("names the order and the unit to who comes back after the purchase", () => {
    const purchased = entry({ state: "purchased", rev: 3, holdId: "h1" });
    const card = cardAfter([
      sale(),
      purchased,
      { type: "outcome", outcome: { result: "purchased", orderId: "A-1", unit: 37 } },
    ]);
    expect(card.figure.text).toBe("A-1");
    expect(card.facts[0]).toEqual({ label: "Your unit", text: "No. 37" });
  });

  test("lets who missed a turn come back once, and only once", () => {
    const missed = { state: "missed", rev: 4, claimBy: timeAt(-5_000) } as const;
    expect(cardAfter([sale(), entry({ ...missed, rejoinable: true })]).primary?.name).toBe("rejoin");
    expect(cardAfter([sale(), entry({ ...missed, rejoinable: false })]).primary?.name).toBe("join");
  });

  test("says that it is next to who came back", () => {
    const card = cardAfter([sale(), entry({ ticket: 50, rev: 5 })]);
    expect(card.headline).toBe("You're next.");
    expect(card.lines).toEqual(["The next free unit is yours."]);
  });

  test("keeps the operator's words in a pause, and claims go on", () => {
    const paused = sale({ phase: "paused", message: "Back at 14:30." });
    expect(cardAfter([paused, entry()])).toMatchObject({ kind: "paused", message: "Back at 14:30." });
    const offered = entry({ state: "offered", rev: 2, holdId: "h1", claimBy: timeAt(30_000) });
    expect(cardAfter([paused, offered]).primary?.name).toBe("claim");
  });
});
