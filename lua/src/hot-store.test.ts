import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { HotStore } from "./hot-store.ts";
import { fillLane, holdOf, joinOf, keyOf, openStore, valueOf } from "./lane-fixture.ts";

let store: HotStore;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl") });
});
afterAll(() => store.close());

test("a lane takes joins, units and closes", async () => {
  const { lane } = await fillLane(store, {}, [3, 1, 2]);
  expect(valueOf(await lane.join([joinOf("ann"), joinOf("bob"), joinOf("ann")]))).toMatchObject([
    { outcome: "new", card: { seq: 1, state: "waiting" } },
    { outcome: "new", card: { seq: 2 } },
    { outcome: "same", card: { seq: 1 } },
  ]);
  expect(valueOf(await lane.take([holdOf("a"), holdOf("b")]))).toEqual([1, 2]);
  expect(
    valueOf(
      await lane.give([
        { unit: 1, holder: holdOf("b") },
        { unit: 1, holder: holdOf("a") },
      ]),
    ),
  ).toEqual([false, true]);
  expect(valueOf(await lane.close(0))).toEqual({ outcome: "closed", seq: 3 });
  expect(valueOf(await lane.arrivals(0, 10))).toMatchObject([
    { kind: "join" },
    { kind: "join" },
    { kind: "close" },
  ]);
  expect(valueOf(await lane.stored(2))).toBe(2);
  expect(valueOf(await lane.arrivals(0, 10))).toMatchObject([{ kind: "close", seq: 3 }]);
  expect(valueOf(await lane.look([keyOf("bob"), keyOf("eve")]))).toMatchObject([{ seq: 2 }, null]);
});
void vi;
