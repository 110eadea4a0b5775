import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type GeneralClient, keysLike, openGeneralClient } from "./general-client.ts";
import type { HotStore } from "./hot-store.ts";
import { LAYOUT, laneKeys } from "./keys.ts";
import { FREE, type LaneAnswer } from "./lane-answers.ts";
import {
  FRESH,
  fillLane,
  holdOf,
  joinOf,
  keyOf,
  newSaleId,
  openStore,
  valueOf,
  WAITING,
} from "./lane-fixture.ts";
import { LaneStore } from "./lane-store.ts";

let store: HotStore;
let redis: GeneralClient;
beforeAll(async () => {
  redis = await openGeneralClient(inject("redisUrl"));
  store = await openStore({ url: inject("redisUrl") });
});
afterAll(async () => {
  redis.disconnect();
  await store.close();
});

const COPY = { phase: "live", version: 9, limitPerShopper: 1 } as const;
/** Each act that a fence must stop, on one lane. */
const acts: [string, (lane: LaneStore) => Promise<LaneAnswer<unknown>>][] = [
  ["join", (lane) => lane.join([joinOf("ann")])],
  ["leave", (lane) => lane.leave([{ ...joinOf("ann") }])],
  ["look", (lane) => lane.look([keyOf("ann")])],
  ["close", (lane) => lane.close(0)],
  ["arrivals", (lane) => lane.arrivals(0, 1)],
  ["stored", (lane) => lane.stored(1)],
  ["cards", (lane) => lane.cards([{ key: keyOf("ann"), card: { ...WAITING, rev: 9 } }], true)],
  ["tickets", (lane) => lane.tickets([{ key: keyOf("ann"), attempt: 1, ticket: 1 }], 0)],
  ["take", (lane) => lane.take([holdOf("a")])],
  ["give", (lane) => lane.give([{ unit: 1, holder: holdOf("a") }])],
  ["settle", (lane) => lane.settle([{ unit: 1, holdId: holdOf("a") }])],
  ["mark", (lane) => lane.mark([{ unit: 1, seen: "-", becomes: FREE }])],
  ["pulse", (lane) => lane.pulse(COPY, true)],
  ["pool", (lane) => lane.pool(0, 1)],
  ["records", (lane) => lane.records([1])],
];
const keysOf = (saleId: string): Promise<string[]> => keysLike(redis, `{${saleId}:*`);

test.each(acts)("%s creates nothing in a lane that Redis does not know", async (_name, act) => {
  const saleId = newSaleId();
  const lane = store.lane({ saleId, lane: 0, epoch: 1, runId: store.runIdOf({ saleId, lane: 0 }) });
  expect(await act(lane)).toEqual({ ok: false, fenced: true });
  expect(await keysOf(saleId)).toEqual([]);
});

test.each(acts)("%s changes nothing in another epoch, lower or higher", async (_name, act) => {
  const { saleId, inEpoch } = await fillLane(store, {}, [1]);
  valueOf(await inEpoch(2).flip(FRESH));
  const before = await keysOf(saleId);
  for (const epoch of [1, 3])
    expect(await act(inEpoch(epoch))).toEqual({ ok: false, fenced: true, epoch: 2 });
  expect((await keysOf(saleId)).toSorted()).toEqual(before.toSorted());
});

test.each(acts)("%s is refused by a lane of another layout", async (_name, act) => {
  const { saleId, lane } = await fillLane(store, {}, [1]);
  const before = await keysOf(saleId);
  await redis.hset(laneKeys(lane.address).lane, "layout", LAYOUT + 1);
  expect(await act(lane)).toMatchObject({ fenced: true });
  expect((await keysOf(saleId)).toSorted()).toEqual(before.toSorted());
});

test.each(acts)(
  "%s is refused here, and nothing sent, when the lane lives in another server",
  async (_name, act) => {
    const { saleId } = await fillLane(store, {}, [1]);
    for (const runId of [null, "0".repeat(40)]) {
      expect(await act(store.lane({ saleId, lane: 0, epoch: 1, runId }))).toEqual({
        ok: false,
        fenced: true,
      });
    }
  },
);

test("a rebuild fills new names beside the living epoch, and one step makes them the lane's", async () => {
  const { saleId, lane, inEpoch } = await fillLane(store, {}, [1, 2]);
  valueOf(await lane.join([joinOf("ann")]));
  valueOf(await lane.take([holdOf("a")]));
  const next = inEpoch(2);
  const card = { ...WAITING, rev: 3, ticket: 17 };
  valueOf(await next.loadCards([{ key: keyOf("ann"), card }]));
  valueOf(
    await next.loadUnits([
      { unit: 1, holder: holdOf("b") },
      { unit: 2, holder: FREE },
    ]),
  );
  expect(valueOf(await lane.look([keyOf("ann")]))).toMatchObject([{ ticket: null }]);
  expect(await next.look([keyOf("ann")])).toMatchObject({ fenced: true, epoch: 1 });

  valueOf(await next.flip({ ...FRESH, phase: "live", version: 4, bucket: 3, seq: 1, waiting: 1 }));
  expect(await lane.look([keyOf("ann")])).toMatchObject({ fenced: true, epoch: 2 });
  expect(valueOf(await next.look([keyOf("ann")]))).toEqual([card]);
  expect(valueOf(await next.records([1, 2]))).toMatchObject([{ state: holdOf("b") }, { state: FREE }]);
  expect(valueOf(await next.pulse({ ...COPY, version: 0 }, false))).toMatchObject({
    phase: "live",
    version: 4,
    bucket: 3,
    openedMs: null,
    seq: 1,
    stored: 1,
    waiting: 1,
    free: 1,
    pending: [],
  });
  expect(await store.survivors({ saleId, lane: 0, epoch: 1 }, 0, 9)).toMatchObject([
    { kind: "join", seq: 1 },
  ]);
  expect(await store.survivors({ saleId, lane: 0, epoch: 1 }, 1, 9)).toEqual([]);
  expect(await store.survivors({ saleId, lane: 0, epoch: 7 }, 0, 9)).toEqual([]);
});

test("a living or ended epoch is neither loaded nor flipped to", async () => {
  const { inEpoch } = await fillLane(store);
  valueOf(await inEpoch(5).flip(FRESH));
  for (const epoch of [4, 5]) {
    const late = inEpoch(epoch);
    for (const answer of [
      await late.flip(FRESH),
      await late.loadCards([{ key: keyOf("ann"), card: WAITING }]),
      await late.loadUnits([{ unit: 1, holder: FREE }]),
    ]) {
      expect(answer).toEqual({ ok: false, fenced: true, epoch: 5 });
    }
  }
  expect(valueOf(await inEpoch(5).look([keyOf("ann")]))).toEqual([null]);
  valueOf(await inEpoch(10).flip(FRESH));
});

test("only an epoch that a higher one has replaced is dropped, and wholly", async () => {
  const { saleId, lane, inEpoch } = await fillLane(store, {}, [1, 2]);
  valueOf(await lane.join([joinOf("ann")]));
  valueOf(await lane.take([holdOf("a")]));
  expect(await store.dropEpoch({ saleId, lane: 0, epoch: 1 })).toMatchObject({ fenced: true, epoch: 1 });
  expect(await store.dropEpoch({ saleId, lane: 0, epoch: 2 })).toMatchObject({ fenced: true });
  valueOf(await inEpoch(2).flip(FRESH));
  valueOf(await store.dropEpoch({ saleId, lane: 0, epoch: 1 }));
  expect(await keysOf(saleId)).toEqual([`{${saleId}:0}:lane`]);
  expect(await store.dropEpoch({ saleId: newSaleId(), lane: 0, epoch: 1 })).toMatchObject({ fenced: true });
});

test("the phase copy follows the higher version only", async () => {
  const { lane } = await fillLane(store, { phase: "live", version: 5 });
  const phase = async (phase: "paused" | "closed", version: number) =>
    valueOf(await lane.pulse({ phase, version, limitPerShopper: 3 }, false));
  expect(await phase("paused", 4)).toMatchObject({ phase: "live", version: 5, limitPerShopper: 1 });
  expect(await phase("paused", 5)).toMatchObject({ phase: "live" });
  expect(await phase("closed", 10)).toMatchObject({ phase: "closed", version: 10, limitPerShopper: 3 });
});
