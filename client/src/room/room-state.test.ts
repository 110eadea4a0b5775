import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryExample, holdExample, NOON, roomAfter, saleExample, timeAt } from "./room-examples.ts";
import { type RoomEvent, reduceRoom } from "./room-state.ts";

// One shopper's whole story as it may be told, by socket and by polling.
const story: RoomEvent[] = [
  { type: "sale", sale: saleExample({ version: 1, phase: "lobby", serverTime: timeAt(-700_000) }) },
  { type: "sale", sale: saleExample({ version: 3, serverTime: timeAt(-1_000) }) },
  {
    type: "sale",
    sale: saleExample({ version: 3, serverTime: timeAt(0), stock: { status: "low_stock", message: "" } }),
  },
  { type: "serving", serving: { serving: 250, waiting: 700, ratePerSecond: 9, at: timeAt(-3_000) } },
  { type: "serving", serving: { serving: 400, waiting: 600, ratePerSecond: 8, at: timeAt(5_000) } },
  { type: "entry", entry: entryExample({ rev: 0, ticket: null, position: null }) },
  { type: "entry", entry: entryExample({ rev: 0 }) },
  {
    type: "entry",
    entry: entryExample({ rev: 1, state: "offered", holdId: "h1", claimBy: timeAt(25_000), serving: 399 }),
  },
  { type: "entry", entry: entryExample({ rev: 2, state: "held", holdId: "h1", expiresAt: timeAt(600_000) }) },
  { type: "entry", entry: entryExample({ rev: 3, state: "purchased", holdId: "h1" }) },
  { type: "offer", offer: { holdId: "h1", sku: "VESSEL", quantity: 1, claimBy: timeAt(25_000) } },
  { type: "hold", hold: holdExample(), pass: "p1" },
  { type: "hold", hold: holdExample({ state: "pending", expiresAt: timeAt(900_000), extended: true }) },
  { type: "hold", hold: holdExample({ state: "confirmed", expiresAt: timeAt(900_000), orderId: "A-1" }) },
  { type: "outcome", outcome: { result: "purchased", orderId: "A-1", unit: 37 } },
];

describe("news of a room", () => {
  test("in any order, and told twice, ends in the same state", () => {
    const inOrder = roomAfter(...story);
    const positions = story.map((_, index) => index);
    const shuffled = fc.shuffledSubarray(positions, { minLength: positions.length });
    fc.assert(
      fc.property(shuffled, fc.array(fc.constantFrom(...positions), { maxLength: 8 }), (order, again) => {
        const events = [...order, ...again].map((index) => story[index] as RoomEvent);
        expect(roomAfter(...events)).toEqual(inOrder);
      }),
      { numRuns: 300 },
    );
  });

  test("an entry of a lower rev is dropped, but its ticket is believed", () => {
    const room = roomAfter(
      { type: "entry", entry: entryExample({ rev: 5, state: "offered", ticket: null }) },
      { type: "entry", entry: entryExample({ rev: 4, state: "waiting", ticket: 400 }) },
    );
    expect(room.entry).toMatchObject({ state: "offered", ticket: 400 });
  });

  test("a place that was left is left at once, and what was under way before does not bring it back", () => {
    const room = roomAfter(
      { type: "entry", entry: entryExample({ rev: 0, state: "waiting" }) },
      { type: "entry", entry: entryExample({ rev: 0, state: "left" }) },
      { type: "entry", entry: entryExample({ rev: 0, state: "waiting" }) },
    );
    expect(room.entry?.state).toBe("left");
  });

  test("another entry's news is nobody's here", () => {
    const room = roomAfter({ type: "entry", entry: entryExample({ entryId: "e2", rev: 9 }) });
    expect(room.entry).toBeNull();
  });

  test("a new entry begins without what was known of the old one", () => {
    const before = roomAfter(...story);
    const after = reduceRoom(before, { type: "kept", kept: { entryId: "e2", token: "t2" } }, NOON);
    expect(after).toMatchObject({
      entry: null,
      hold: null,
      pass: null,
      offer: null,
      order: null,
      ending: null,
    });
  });

  test("serving never goes back, whatever a slow message says", () => {
    const room = roomAfter(
      { type: "serving", serving: { serving: 300, waiting: 10, ratePerSecond: 2, at: timeAt(2_000) } },
      { type: "serving", serving: { serving: 290, waiting: 11, ratePerSecond: 3, at: timeAt(3_000) } },
    );
    expect(room.serving).toMatchObject({ serving: 300, waiting: 11, ratePerSecond: 3 });
  });

  test("a sale of the close turns waiting into sold out without a new rev", () => {
    const room = roomAfter(
      { type: "entry", entry: entryExample({ rev: 1, state: "sold_out", outcome: { result: "sold_out" } }) },
      { type: "entry", entry: entryExample({ rev: 1 }) },
    );
    expect(room.entry?.state).toBe("sold_out");
    expect(room.ending).toBe("sold_out");
  });

  test("what was written into a page that may lie in a cache says nothing of the time", () => {
    const room = roomAfter({ type: "sale", sale: saleExample(), isCached: true });
    expect(room.clock.samples).toHaveLength(0);
    expect(room.clock.floorMs).toBeNull();
  });

  test("a sale that was known is not unknown because of one wrong answer", () => {
    expect(roomAfter({ type: "sale", sale: saleExample() }, { type: "unknown" }).isUnknown).toBe(false);
    expect(roomAfter({ type: "unknown" }).isUnknown).toBe(true);
  });
});
