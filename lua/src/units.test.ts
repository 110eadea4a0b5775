import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { HotStore } from "./hot-store.ts";
import { ABSENT, FREE, PENDING_MAX } from "./lane-answers.ts";
import { fillLane, holdOf, type LaneFixture, openStore, valueOf } from "./lane-fixture.ts";

let store: HotStore;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl") });
});
afterAll(() => store.close());

const [a, b, c] = [holdOf("a"), holdOf("b"), holdOf("c")];
const states = async ({ lane }: LaneFixture, units: number[]) =>
  valueOf(await lane.records(units)).map(({ state }) => state);
const pulse = async ({ lane }: LaneFixture) =>
  valueOf(await lane.pulse({ phase: "live", version: 1, limitPerShopper: 1 }, false));

test("the lowest free units are taken, one a hold, as far as they go", async () => {
  const fixture = await fillLane(store, {}, [20, 3, 100]);
  expect(valueOf(await fixture.lane.take([a]))).toEqual([3]);
  expect(valueOf(await fixture.lane.take([b, c, holdOf("d")]))).toEqual([20, 100]);
  expect(valueOf(await fixture.lane.take([holdOf("e")]))).toEqual([]);
  expect(await states(fixture, [3, 20, 100])).toEqual([a, b, c]);
  expect(await pulse(fixture)).toMatchObject({ free: 0 });
});

test("taking nothing takes nothing", async () => {
  const fixture = await fillLane(store, {}, [1]);
  expect(valueOf(await fixture.lane.take([]))).toEqual([]);
  expect(await states(fixture, [1])).toEqual([FREE]);
});

test("a unit is freed by its holder only, and once", async () => {
  const fixture = await fillLane(store, {}, [1, 2]);
  valueOf(await fixture.lane.take([a]));
  const give = async (unit: number, holder: string) => valueOf(await fixture.lane.give([{ unit, holder }]));
  expect(await give(1, b)).toEqual([false]);
  expect(await states(fixture, [1])).toEqual([a]);
  expect(await give(1, a)).toEqual([true]);
  expect(await give(1, a)).toEqual([false]);
  valueOf(await fixture.lane.take([b]));
  expect(await give(1, a)).toEqual([false]);
  expect(await states(fixture, [1, 2])).toEqual([b, FREE]);
});

test("a take is pending until its own fate is reported, or the unit is given back", async () => {
  const fixture = await fillLane(store, {}, [1, 2, 3]);
  valueOf(await fixture.lane.take([a, b, c]));
  const pending = async () =>
    (await pulse(fixture)).pending.map(({ unit }) => unit).toSorted((one, other) => one - other);
  expect(await pending()).toEqual([1, 2, 3]);
  expect((await pulse(fixture)).pending.find(({ unit }) => unit === 2)).toMatchObject({ holdId: b });
  const settle = [
    { unit: 1, holdId: b },
    { unit: 1, holdId: a },
    { unit: 1, holdId: a },
  ];
  expect(valueOf(await fixture.lane.settle(settle))).toEqual([false, true, false]);
  valueOf(await fixture.lane.give([{ unit: 2, holder: b }]));
  expect(await pending()).toEqual([3]);
  expect(await states(fixture, [1, 2, 3])).toEqual([a, FREE, c]);
});

test("a pulse shows a bounded part of the pending takes, and each is shown at some time", async () => {
  const units = Array.from({ length: PENDING_MAX + 50 }, (_, index) => index + 1);
  const fixture = await fillLane(store, {}, units);
  valueOf(await fixture.lane.take(units.map((unit) => holdOf(`h${unit}`))));
  const seen = new Set<number>();
  // Each look shows four fifths of them; fifty in a row that all miss the same one do not happen.
  for (let looks = 0; looks < 50 && seen.size < units.length; looks += 1) {
    const { pending } = await pulse(fixture);
    expect(pending.length).toBeLessThanOrEqual(PENDING_MAX);
    for (const { unit } of pending) seen.add(unit);
  }
  expect(seen.size).toBe(units.length);
});

test("a record becomes what PostgreSQL says only if it is still what was seen", async () => {
  const fixture = await fillLane(store, {}, [1, 2, 3, 4]);
  valueOf(await fixture.lane.take([a]));
  const marks = [
    { unit: 1, seen: FREE, becomes: "withdrawal:w" },
    { unit: 1, seen: a, becomes: b },
    { unit: 2, seen: FREE, becomes: "move:m" },
    { unit: 3, seen: FREE, becomes: ABSENT },
    { unit: 4, seen: FREE, becomes: FREE },
    { unit: 5, seen: ABSENT, becomes: FREE },
    { unit: 6, seen: FREE, becomes: FREE },
  ];
  expect(valueOf(await fixture.lane.mark(marks))).toEqual([false, true, true, true, true, true, false]);
  expect(await states(fixture, [1, 2, 3, 4, 5, 6])).toEqual([b, "move:m", ABSENT, FREE, FREE, ABSENT]);
  expect(await pulse(fixture)).toMatchObject({ free: 2, pending: [] });
  const back = [{ unit: 2, seen: "move:m", becomes: FREE }];
  expect(valueOf(await fixture.lane.mark(back))).toEqual([true]);
  expect(valueOf(await fixture.lane.take([c]))).toEqual([2]);
});

test("free units are read in pages, beside the counts", async () => {
  const { lane } = await fillLane(store, {}, [5, 1, 3, 9]);
  valueOf(await lane.take([a]));
  expect(valueOf(await lane.pool(0, 2))).toEqual({ units: [3, 5], free: 3, taken: 1 });
  expect(valueOf(await lane.pool(5, 2))).toEqual({ units: [9], free: 3, taken: 1 });
});
