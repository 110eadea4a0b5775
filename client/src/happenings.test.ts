import { describe, expect, expectTypeOf, test } from "vitest";
import { type Happening, happeningsOf } from "./happenings.ts";
import { nextMoment } from "./room/moment.ts";
import { entryExample, holdExample, NOON, roomAfter, saleExample, timeAt } from "./room/room-examples.ts";
import type { RoomEvent } from "./room/room-state.ts";
import type { Snapshot } from "./room/room-store.ts";

const URL_OF_GATEWAY = "https://queue.example";
const sale: RoomEvent = { type: "sale", sale: saleExample() };
const offer = entryExample({ rev: 2, state: "offered", holdId: "h1", claimBy: timeAt(25_000) });
const offered: RoomEvent = { type: "entry", entry: offer };
const held: RoomEvent = {
  type: "entry",
  entry: entryExample({ rev: 3, state: "held", holdId: "h1", expiresAt: timeAt(600_000) }),
};
const bought: RoomEvent = {
  type: "entry",
  entry: entryExample({ rev: 4, state: "purchased", holdId: "h1" }),
};

function look(...events: RoomEvent[]): Snapshot {
  const room = roomAfter(sale, ...events);
  return { room, moment: nextMoment(null, room, NOON) };
}

/** What is told as one piece of news after the other comes. */
function told(...events: RoomEvent[]): Happening[] {
  const looks = events.map((_event, i) => look(...events.slice(0, i + 1)));
  return looks.flatMap((each, i) => happeningsOf(looks[i - 1] ?? null, each, URL_OF_GATEWAY));
}
const named = (happenings: readonly Happening[], name: Happening["name"]) =>
  happenings.filter((each) => each.name === name).map(({ detail }) => detail);

describe("what is worth telling", () => {
  test("at the first look is all that there is", () => {
    const names = told(offered).map(({ name }) => name);
    expect(names).toEqual(["state", "link", "offer"]);
    expect(happeningsOf(null, look(), URL_OF_GATEWAY)[0]).toMatchObject({
      name: "state",
      detail: { state: "open", ticket: null, position: null },
    });
  });

  test("is nothing when nothing is new", () => {
    const now = look(offered);
    expect(happeningsOf(now, now, URL_OF_GATEWAY)).toEqual([]);
    expect(happeningsOf(look(offered), now, URL_OF_GATEWAY)).toEqual([]);
  });

  test("an offer is told once for each hold", () => {
    const second = { ...offer, rev: 6, holdId: "h2", claimBy: timeAt(90_000) };
    const all = told(offered, offered, { type: "entry", entry: second });
    expect(named(all, "offer")).toEqual([
      { holdId: "h1", claimBy: timeAt(25_000) },
      { holdId: "h2", claimBy: timeAt(90_000) },
    ]);
  });

  test("a held unit is told when its pass is there, with the checkout, and not again when it is extended", () => {
    const extended = holdExample({ state: "pending", expiresAt: timeAt(900_000), extended: true });
    const all = told(
      held,
      { type: "hold", hold: holdExample(), pass: "a.b.c" },
      { type: "hold", hold: extended, pass: "a.b.c" },
    );
    expect(named(all, "held")).toEqual([
      {
        holdId: "h1",
        expiresAt: timeAt(600_000),
        pass: "a.b.c",
        checkoutUrl: "https://shop.example/checkout#pass=a.b.c",
      },
    ]);
  });

  test("a checkout that is a path is the gateway's; one that is no web address is none", () => {
    const checkout = (checkoutUrl: string) => {
      const room = roomAfter({ type: "sale", sale: saleExample({ checkoutUrl }) }, held, {
        type: "hold",
        hold: holdExample(),
        pass: "p",
      });
      const now = { room, moment: nextMoment(null, room, NOON) };
      return happeningsOf(null, now, URL_OF_GATEWAY).find(({ name }) => name === "held")?.detail;
    };
    expect(checkout("/pay")).toMatchObject({ checkoutUrl: "https://queue.example/pay#pass=p" });
    expect(checkout("javascript:alert(1)")).toMatchObject({ checkoutUrl: null });
  });

  test("a purchase is told once, and whole: an entry that comes before its order waits for it", () => {
    const all = told(
      held,
      bought,
      { type: "outcome", outcome: { result: "purchased", orderId: "A-1", unit: 37 } },
      { type: "hold", hold: holdExample({ state: "confirmed", orderId: "A-1" }) },
    );
    expect(named(all, "outcome")).toEqual([{ result: "purchased", orderId: "A-1", unit: 37 }]);
  });

  test("how the sale ended is told to who was in line, once", () => {
    const waiting: RoomEvent = { type: "entry", entry: entryExample() };
    const over: RoomEvent = { type: "outcome", outcome: { result: "sold_out" } };
    expect(named(told(waiting, over, over), "outcome")).toEqual([{ result: "sold_out" }]);
    expect(named(told(over), "outcome")).toEqual([]);
  });

  test("is told apart by its name", () => {
    for (const happening of told(offered)) {
      if (happening.name === "offer") expectTypeOf(happening.detail.claimBy).toEqualTypeOf<string>();
      if (happening.name === "link")
        expectTypeOf(happening.detail).toEqualTypeOf<"connecting" | "live" | "polling" | "away">();
    }
  });
});
