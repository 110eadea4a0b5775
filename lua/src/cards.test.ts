import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Card } from "./card.ts";
import type { HotStore } from "./hot-store.ts";
import type { CardOutcome } from "./lane-answers.ts";
import {
  entryOf,
  fillLane,
  holdOf,
  joinOf,
  keyOf,
  type LaneFixture,
  openStore,
  valueOf,
  WAITING,
} from "./lane-fixture.ts";

let store: HotStore;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl") });
});
afterAll(() => store.close());

const key = keyOf("ann");
const OFFERED = { state: "offered", holdId: holdOf("a"), claimBy: 1_795_499_549_432 } as const;
async function write({ lane }: LaneFixture, card: Partial<Card>): Promise<CardOutcome | undefined> {
  return valueOf(await lane.cards([{ key, card: { ...WAITING, ...card } }], false))[0];
}
const look = async ({ lane }: LaneFixture) => valueOf(await lane.look([key]))[0];
const waiting = async ({ lane }: LaneFixture) =>
  valueOf(await lane.pulse({ phase: "live", version: 1, limitPerShopper: 1 }, false)).waiting;
const leave = async ({ lane }: LaneFixture) =>
  valueOf(await lane.leave([{ key, entryId: entryOf("ann", 1), attempt: 1 }]));

test("a card is written when it is newer, by attempt and then by revision", async () => {
  const fixture = await fillLane(store);
  expect(await write(fixture, { rev: 2, ...OFFERED })).toBe("written");
  expect(await look(fixture)).toEqual({ ...WAITING, rev: 2, ...OFFERED });
  expect(await write(fixture, { rev: 1 })).toBe("old");
  expect(await write(fixture, { rev: 2, state: "missed" })).toBe("old");
  expect(await write(fixture, { rev: 10, state: "missed", misses: 1 })).toBe("written");
  expect(await write(fixture, { attempt: 2 })).toBe("written");
  expect(await write(fixture, { attempt: 1, rev: 99 })).toBe("old");
  expect(await look(fixture)).toEqual({ ...WAITING, attempt: 2 });
});

test("who left is not offered a unit, whatever the revision", async () => {
  const fixture = await fillLane(store);
  valueOf(await fixture.lane.join([joinOf("ann")]));
  await leave(fixture);
  expect(await write(fixture, { rev: 0, ...OFFERED })).toBe("left");
  expect(await write(fixture, { rev: 5, ...OFFERED })).toBe("left");
  expect(await look(fixture)).toMatchObject({ state: "left", leaveUnstored: true, rev: 0 });
});

test("a place in line does not hide a leave that is not stored yet; its end does", async () => {
  const fixture = await fillLane(store);
  valueOf(await fixture.lane.join([joinOf("ann")]));
  await leave(fixture);
  expect(await write(fixture, { rev: 1 })).toBe("written");
  expect(await look(fixture)).toMatchObject({ state: "left", leaveUnstored: true, rev: 1 });
  expect(await write(fixture, { rev: 2, ...OFFERED })).toBe("left");
  expect(await write(fixture, { rev: 3, state: "left" })).toBe("written");
  expect(await look(fixture)).toMatchObject({ state: "left", leaveUnstored: false, rev: 3 });
  expect(await waiting(fixture)).toBe(0);
});

test("the next attempt's offer is not stopped by the last one's leave", async () => {
  const fixture = await fillLane(store);
  valueOf(await fixture.lane.join([joinOf("ann")]));
  await leave(fixture);
  expect(await write(fixture, { attempt: 2, rev: 1, ...OFFERED })).toBe("written");
});

test("how many wait follows the cards", async () => {
  const fixture = await fillLane(store);
  await write(fixture, { rev: 1 });
  expect(await waiting(fixture)).toBe(1);
  await write(fixture, { rev: 2 });
  expect(await waiting(fixture)).toBe(1);
  await write(fixture, { rev: 3, ...OFFERED });
  expect(await waiting(fixture)).toBe(0);
  await write(fixture, { rev: 4 });
  await write(fixture, { rev: 5, state: "left" });
  await leave(fixture);
  expect(await waiting(fixture)).toBe(0);
});

test("a ticket is set once, for its attempt only, and a card read before the draw does not lose it", async () => {
  const fixture = await fillLane(store);
  await write(fixture, { rev: 1 });
  const set = async (attempt: number, ticket: number) =>
    valueOf(await fixture.lane.tickets([{ key, attempt, ticket }], null));
  expect(await set(2, 7)).toBe(0);
  expect(await set(1, 17)).toBe(1);
  expect(await set(1, 18)).toBe(0);
  expect(await look(fixture)).toMatchObject({ ticket: 17, rev: 1 });
  expect(await write(fixture, { rev: 2, ticket: null })).toBe("written");
  expect(await look(fixture)).toMatchObject({ ticket: 17, rev: 2 });
  expect(await write(fixture, { attempt: 2, ticket: null })).toBe("written");
  expect(await look(fixture)).toMatchObject({ ticket: null });
  expect(valueOf(await fixture.lane.tickets([{ key: keyOf("nobody"), attempt: 1, ticket: 3 }], 0))).toBe(0);
});
