import type { Entry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { HoldState } from "@dropgate/contracts/states/hold";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HoldNews, holdsWanted, type Standing, type Telling, type Told, tellingsOf } from "./telling.ts";

const time = (second: number) => new Date(1_700_000_000_000 + second * 1_000).toISOString();

function entry(over: Partial<Entry> = {}): Entry {
  return { entryId: "e", saleId: "s", state: "waiting", ticket: null, position: null, rev: 0, ...over };
}

function hold(holdId: string, state: HoldState, expiresAt: string | null = null): HoldNews {
  const made: Hold = {
    holdId,
    saleId: "s",
    entryId: "e",
    sku: "sku",
    unit: 7,
    quantity: 1,
    state,
    offeredAt: time(0),
    claimBy: time(30),
    expiresAt,
    extended: state === "pending",
    ...(state === "confirmed" && { orderId: "o" }),
  };
  return { hold: made, ...(state === "active" && { pass: "p" }) };
}

/** One stay of an entry in a sale: each moment with the holds that can be read then. */
interface Moment {
  entry: Entry;
  holds: HoldNews[];
}
const offered = (rev: number, holdId: string): Entry =>
  entry({ rev, state: "offered", ticket: 3, position: 0, holdId, claimBy: time(30) });
const held = (rev: number, holdId: string, expiresAt: string): Entry =>
  entry({ rev, state: "held", ticket: 3, position: 0, holdId, expiresAt });
const purchased = entry({
  rev: 7,
  state: "purchased",
  ticket: 3,
  position: 0,
  holdId: "h2",
  outcome: { result: "purchased", orderId: "o", unit: 7 },
});
const life: Moment[] = [
  { entry: entry(), holds: [] },
  { entry: entry({ ticket: 3, position: 3 }), holds: [] },
  { entry: offered(1, "h1"), holds: [hold("h1", "offered")] },
  { entry: entry({ rev: 2, state: "missed", ticket: 3, rejoinable: true }), holds: [hold("h1", "expired")] },
  { entry: entry({ rev: 3, ticket: 3, position: 0 }), holds: [hold("h1", "expired")] },
  { entry: offered(4, "h2"), holds: [hold("h1", "expired"), hold("h2", "offered")] },
  { entry: held(5, "h2", time(600)), holds: [hold("h1", "expired"), hold("h2", "active", time(600))] },
  { entry: held(6, "h2", time(900)), holds: [hold("h1", "expired"), hold("h2", "pending", time(900))] },
  { entry: purchased, holds: [hold("h1", "expired"), hold("h2", "confirmed", time(900))] },
];

const standing = ({ entry, holds }: Moment): Standing => ({
  entry,
  holds: new Map(holds.map((each) => [each.hold.holdId, each])),
});

/** What a connection hears that sees these moments, the holds wanted read as they are at each. */
function hear(moments: readonly Moment[], isAway: (moment: number) => boolean = () => false): Telling[] {
  let told: Told | null = null;
  return moments.flatMap((moment, i) => {
    const wanted = holdsWanted(moment.entry, told);
    const holds = moment.holds.filter(({ hold }) => wanted.includes(hold.holdId));
    // The order of a purchase is read with its hold.
    const order =
      moment.entry.outcome?.orderId === undefined ? {} : { outcome: { result: "purchased" as const } };
    const seen = isAway(i) ? { entry: { ...moment.entry, ...order }, holds: [] } : { ...moment, holds };
    const news = tellingsOf(standing(seen), told, "sku");
    told = news?.told ?? told;
    return news?.tellings ?? [];
  });
}
const names = (tellings: readonly Telling[]): string[] =>
  tellings.map((each) => (each.name === "hold" ? `hold ${each.payload.hold.state}` : each.name));

describe("what a connection is told", () => {
  it("is the whole life of an entry, step by step", () => {
    expect(names(hear(life))).toEqual([
      "entry",
      "entry",
      "entry",
      "offer",
      "entry",
      "hold expired",
      "entry",
      "entry",
      "offer",
      "entry",
      "hold active",
      "entry",
      "hold pending",
      "entry",
      "hold confirmed",
      "outcome",
    ]);
  });

  it("begins at each moment with the full state, the offer or hold while it lives, the outcome if due", () => {
    expect(life.map((moment) => names(hear([moment])))).toEqual([
      ["entry"],
      ["entry"],
      ["entry", "offer"],
      ["entry"],
      ["entry"],
      ["entry", "offer"],
      ["entry", "hold active"],
      ["entry", "hold pending"],
      ["entry", "outcome"],
    ]);
  });

  it("never falls in rev, never repeats itself and ends the same, however readings are mixed, doubled or lost", () => {
    const moments = fc.array(fc.integer({ min: 0, max: life.length - 1 }), { maxLength: 30 });
    fc.assert(
      fc.property(moments, (numbers) => {
        const tellings = hear([...numbers, life.length - 1].map((number) => life[number] as Moment));
        const entries = tellings.flatMap((each) => (each.name === "entry" ? [each.payload] : []));
        expect(entries.map(({ rev }) => rev)).toEqual(
          entries.map(({ rev }) => rev).toSorted((a, b) => a - b),
        );
        expect(new Set(entries.map((each) => JSON.stringify(each))).size).toBe(entries.length);
        expect(entries.at(-1)).toEqual(purchased);
        expect(names(tellings).filter((name) => name === "outcome")).toHaveLength(1);
        const tickets = entries.map(({ ticket }) => ticket);
        expect(tickets.slice(tickets.indexOf(3)).every((ticket) => ticket === 3)).toBe(true);
      }),
    );
  });

  it("is made up for when PostgreSQL is back: no hold, end or order that could not be read is left out", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: life.length, maxLength: life.length }), (away) => {
        // Each moment is read until its holds could be.
        const twice = life.flatMap((moment) => [moment, moment]);
        const tellings = hear(twice, (i) => i % 2 === 0 && away[Math.floor(i / 2)] === true);
        expect(names(tellings).toSorted((a, b) => a.localeCompare(b))).toEqual(
          names(hear(life)).toSorted((a, b) => a.localeCompare(b)),
        );
      }),
    );
  });

  it("has PostgreSQL asked only for a hold that is new, changed or ended", () => {
    let told: Told | null = null;
    const wanted = life.map((moment) => {
      const ids = holdsWanted(moment.entry, told);
      told = tellingsOf(standing(moment), told, "sku")?.told ?? told;
      expect(holdsWanted(moment.entry, told)).toEqual([]);
      return ids;
    });
    expect(wanted).toEqual([[], [], [], ["h1"], [], [], ["h2"], ["h2"], ["h2"]]);
  });

  it("says at the close how it ended, once, also of an entry that did not change", () => {
    const waiting = entry({ ticket: 9, position: 4 });
    const closed = { ...waiting, outcome: { result: "closed" as const } };
    const soldOut = { ...waiting, state: "sold_out" as const, outcome: { result: "sold_out" as const } };
    const all = (entries: Entry[]) => names(hear(entries.map((each) => ({ entry: each, holds: [] }))));
    expect(all([waiting, closed, closed])).toEqual(["entry", "outcome"]);
    expect(all([waiting, soldOut, soldOut])).toEqual(["entry", "entry", "outcome"]);
    expect(all([closed, soldOut])).toEqual(["entry", "outcome", "entry"]);
  });
});
