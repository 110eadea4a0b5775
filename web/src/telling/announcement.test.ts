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
import { describe, expect, test } from "vitest";
import { cardContent } from "../card/card-content.ts";
import { en } from "../texts/en.ts";
import { type Announcement, announce, type Sayable, sayableOf } from "./announcement.ts";
import type { Telling } from "./telling.ts";

const sale: RoomEvent = { type: "sale", sale: saleExample(), sentAt: NOON };
const serving = (count: number): RoomEvent => ({
  type: "serving",
  serving: { serving: count, waiting: 500, ratePerSecond: 0, at: timeAt(0) },
});

const UNTOLD: Telling = { notifying: "impossible", sound: true, returns: false };

/** What is said from one moment to the next, moment by moment. */
function heard(...moments: { events: RoomEvent[]; ms?: number }[]): (Announcement | null)[] {
  let before: Sayable | null = null;
  return moments.map(({ events, ms = 0 }) => {
    const room = roomAfter({ type: "link", link: "live" }, ...events);
    const snapshot = { room, moment: nextMoment(null, room, NOON + ms) };
    const content = cardContent(snapshot, en, UNTOLD);
    const now = sayableOf(snapshot, content, en);
    const said = announce(before, now, snapshot, content, en);
    before = now;
    return said;
  });
}

describe("what is said aloud", () => {
  const waiting: RoomEvent[] = [sale, { type: "entry", entry: entryExample({ ticket: 1_100 }) }];

  test("nothing at first, and nothing for a tick", () => {
    expect(heard({ events: waiting }, { events: [...waiting, serving(105)] })).toEqual([null, null]);
  });

  test("each tenth of the way, once", () => {
    const said = heard(
      { events: [...waiting, serving(210)] },
      { events: [...waiting, serving(340)] },
      { events: [...waiting, serving(345)] },
      { events: [...waiting, serving(560)] },
    );
    expect(said.map((one) => one?.text ?? null)).toEqual([
      null,
      "30 percent of the way. 759 people ahead of you.",
      null,
      "50 percent of the way. 539 people ahead of you.",
    ]);
  });

  const offered: RoomEvent[] = [
    sale,
    {
      type: "entry",
      entry: entryExample({ state: "offered", rev: 2, holdId: "h1", claimBy: timeAt(45_000) }),
    },
  ];

  test("the offer at once and with its time, then its last seconds", () => {
    const said = heard(
      { events: waiting },
      { events: offered },
      { events: offered, ms: 5_000 },
      { events: offered, ms: 31_000 },
    );
    expect(said).toEqual([
      null,
      { isUrgent: true, text: "It's your turn. You have 45 seconds to claim your unit." },
      null,
      { isUrgent: false, text: "15 seconds left." },
    ]);
  });

  test("an offer that was there as the page opened", () => {
    expect(heard({ events: offered })[0]).toMatchObject({ isUrgent: true });
  });

  test("two minutes and thirty seconds before a hold ends", () => {
    const held: RoomEvent[] = [
      sale,
      { type: "entry", entry: entryExample({ state: "held", rev: 3, holdId: "h1" }) },
      { type: "hold", hold: holdExample() },
    ];
    const said = heard(
      { events: held },
      { events: held, ms: 481_000 },
      { events: held, ms: 490_000 },
      { events: held, ms: 571_000 },
    );
    expect(said.map((one) => one?.text ?? null)).toEqual([
      null,
      "2 minutes left to check out.",
      null,
      "30 seconds left.",
    ]);
  });

  test("a change of state with what it means", () => {
    const left: RoomEvent[] = [sale, { type: "entry", entry: entryExample({ state: "left", rev: 2 }) }];
    const [, said] = heard({ events: waiting }, { events: left });
    expect(said?.text).toBe(
      "You've left the line. Those behind you have moved up. You can join again at the end of the line.",
    );
  });

  test("a pause with what the operator says, once", () => {
    const message = "Back at 14:30.";
    const paused: RoomEvent[] = [
      { type: "sale", sale: saleExample({ phase: "paused", message, version: 2 }), sentAt: NOON },
      { type: "entry", entry: entryExample({ ticket: 1_100 }) },
    ];
    const said = heard({ events: waiting }, { events: paused }, { events: paused, ms: 1_000 });
    expect(said.map((one) => one?.text ?? null)).toEqual([
      null,
      "The sale is paused. Your place is safe. The line stands still, and nobody moves ahead of you. Back at 14:30.",
      null,
    ]);
  });

  test("that one is in, or next, though the state is called the same", () => {
    const lobby: RoomEvent = { type: "sale", sale: saleExample({ phase: "lobby" }), sentAt: NOON };
    const joined: RoomEvent[] = [lobby, { type: "entry", entry: entryExample({ ticket: null }) }];
    expect(heard({ events: [lobby] }, { events: joined })[1]?.text).toMatch(/^You're in\. /);
    const next = heard({ events: waiting }, { events: [...waiting, serving(1_099)] });
    expect(next[1]?.text).toMatch(/^You're next\. /);
  });

  test("a headline without a full stop as a sentence of its own", () => {
    const held: RoomEvent[] = [
      sale,
      { type: "entry", entry: entryExample({ state: "held", rev: 3, holdId: "h1" }) },
      { type: "hold", hold: holdExample() },
    ];
    const [, said] = heard({ events: offered }, { events: held });
    expect(said?.text).toMatch(/^Yours until \d\d:\d\d:\d\d\. Your unit is set aside\./);
  });

  test("that nothing reaches us, and that it does again", () => {
    const away: RoomEvent[] = [...waiting, { type: "link", link: "away" }];
    const back: RoomEvent[] = [...waiting, { type: "link", link: "live" }];
    const said = heard({ events: back }, { events: away, ms: 2_000 }, { events: back, ms: 3_000 });
    expect(said.map((one) => one?.text ?? null)).toEqual([
      null,
      "Reconnecting… your place is safe",
      "Connected again.",
    ]);
  });
});
