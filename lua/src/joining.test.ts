import type { Phase } from "@dropgate/contracts/states/phase";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Card } from "./card.ts";
import type { HotStore } from "./hot-store.ts";
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

const leaveOf = (name: string, attempt = 1) => ({
  key: keyOf(name),
  entryId: entryOf(name, attempt),
  attempt,
});
const pulse = async ({ lane }: LaneFixture) =>
  valueOf(await lane.pulse({ phase: "lobby", version: 0, limitPerShopper: 1 }, false));
async function put({ lane }: LaneFixture, name: string, card: Partial<Card>): Promise<void> {
  const write = { key: keyOf(name), card: { ...WAITING, rev: 1, ...card } };
  expect(valueOf(await lane.cards([write], false))).toEqual(["written"]);
}
const join = async ({ lane }: LaneFixture, name: string, attempt: number) =>
  valueOf(await lane.join([joinOf(name, attempt)]))[0];

describe("join", () => {
  test("joining again is the same entry, within a batch and after it", async () => {
    const fixture = await fillLane(store);
    const batch = [joinOf("ann"), joinOf("bob"), joinOf("ann")];
    expect(valueOf(await fixture.lane.join(batch))).toEqual([
      { outcome: "new", card: { ...WAITING, seq: 1 } },
      { outcome: "new", card: { ...WAITING, seq: 2 } },
      { outcome: "same", card: { ...WAITING, seq: 1 } },
    ]);
    expect(await join(fixture, "bob", 1)).toEqual({ outcome: "same", card: { ...WAITING, seq: 2 } });
    expect(await pulse(fixture)).toMatchObject({ seq: 2, waiting: 2, bucket: 0 });
  });

  test("each new card has an arrival that says all that intake needs", async () => {
    const { lane } = await fillLane(store, { bucket: 4, seq: 10 });
    valueOf(await lane.join([joinOf("ann"), joinOf("bob", 3)]));
    const arrivals = valueOf(await lane.arrivals(10, 10));
    expect(arrivals).toMatchObject([
      { kind: "join", seq: 11, bucket: 4, ...joinOf("ann") },
      { kind: "join", seq: 12, bucket: 4, ...joinOf("bob", 3) },
    ]);
    expect(arrivals[0]?.ms).toBeGreaterThan(1_600_000_000_000);
  });

  test("without a card any attempt is taken, for the card may have been lost", async () => {
    const fixture = await fillLane(store);
    expect(await join(fixture, "ann", 5)).toMatchObject({ outcome: "new", card: { attempt: 5 } });
  });

  test("a card that is not final answers for every attempt up to its own", async () => {
    const fixture = await fillLane(store);
    await join(fixture, "ann", 2);
    for (const attempt of [1, 2]) {
      expect(await join(fixture, "ann", attempt)).toMatchObject({ outcome: "same", card: { attempt: 2 } });
    }
    expect(await join(fixture, "ann", 3)).toEqual({ outcome: "again", attempt: 2 });
  });

  test.each([
    ["left", 0],
    ["released", 0],
    ["expired", 0],
    ["missed", 2],
  ] as const)("after %s the next attempt is new, and any other is told which", async (state, misses) => {
    const fixture = await fillLane(store);
    await put(fixture, "ann", { state, misses, attempt: 2 });
    for (const attempt of [1, 2, 4]) {
      expect(await join(fixture, "ann", attempt)).toEqual({ outcome: "again", attempt: 3 });
    }
    expect(await join(fixture, "ann", 3)).toMatchObject({ outcome: "new", card: { attempt: 3, rev: 0 } });
  });

  test("who missed once is not final, and keeps the card", async () => {
    const fixture = await fillLane(store);
    await put(fixture, "ann", { state: "missed", misses: 1 });
    expect(await join(fixture, "ann", 1)).toMatchObject({ outcome: "same", card: { state: "missed" } });
  });

  test("who has bought up to the limit may not join anew; who bought less may, and it is remembered", async () => {
    const fixture = await fillLane(store, { limitPerShopper: 2 });
    await put(fixture, "ann", { state: "purchased", bought: 2 });
    await put(fixture, "bob", { state: "purchased", bought: 1 });
    expect(await join(fixture, "ann", 2)).toEqual({ outcome: "limit" });
    expect(await join(fixture, "bob", 2)).toMatchObject({ outcome: "new", card: { bought: 1 } });
  });

  test("a leave that is not stored yet is final already", async () => {
    const fixture = await fillLane(store);
    await join(fixture, "ann", 1);
    valueOf(await fixture.lane.leave([leaveOf("ann")]));
    expect(await join(fixture, "ann", 1)).toEqual({ outcome: "again", attempt: 2 });
    expect(await join(fixture, "ann", 2)).toMatchObject({ outcome: "new", card: { attempt: 2, seq: 3 } });
    expect(await pulse(fixture)).toMatchObject({ waiting: 1 });
  });

  test("the phase lets nobody in before the lobby or after the close", async () => {
    const phases: [Phase, string][] = [
      ["scheduled", "notOpen"],
      ["lobby", "new"],
      ["drawing", "new"],
      ["live", "new"],
      ["paused", "new"],
      ["sold_out", "new"],
      ["closed", "closed"],
    ];
    for (const [phase, outcome] of phases) {
      const fixture = await fillLane(store, { phase });
      expect(await join(fixture, "ann", 1), phase).toMatchObject({ outcome });
    }
  });

  test("after the close who is in line is told the same entry, and an acknowledged join still gets its place", async () => {
    const fixture = await fillLane(store);
    await join(fixture, "ann", 1);
    valueOf(await fixture.lane.pulse({ phase: "closed", version: 2, limitPerShopper: 1 }, false));
    expect(await join(fixture, "ann", 1)).toMatchObject({ outcome: "same" });
    expect(await join(fixture, "bob", 1)).toEqual({ outcome: "closed" });
    expect(valueOf(await fixture.lane.join([joinOf("bob")], true))).toMatchObject([{ outcome: "new" }]);
  });
});

describe("leave", () => {
  test("who waits or missed once leaves, by an arrival; twice is once", async () => {
    const fixture = await fillLane(store);
    await join(fixture, "ann", 1);
    await put(fixture, "bob", { state: "missed", misses: 1 });
    const leaves = [leaveOf("ann"), leaveOf("bob"), leaveOf("ann")];
    expect(valueOf(await fixture.lane.leave(leaves))).toEqual([
      { outcome: "left", seq: 2 },
      { outcome: "left", seq: 3 },
      { outcome: "same" },
    ]);
    expect(valueOf(await fixture.lane.arrivals(1, 9))).toMatchObject([
      { kind: "leave", seq: 2, key: keyOf("ann"), entryId: entryOf("ann", 1), attempt: 1 },
      { kind: "leave", seq: 3, key: keyOf("bob") },
    ]);
    expect(valueOf(await fixture.lane.look([keyOf("ann")]))).toMatchObject([
      { state: "left", leaveUnstored: true, rev: 0 },
    ]);
    expect(await pulse(fixture)).toMatchObject({ waiting: 0 });
  });

  test("who missed once leaves though nobody who waits does", async () => {
    const fixture = await fillLane(store);
    await put(fixture, "bob", { state: "missed", misses: 1 });
    expect(valueOf(await fixture.lane.leave([leaveOf("bob")]))).toEqual([{ outcome: "left", seq: 1 }]);
  });

  test("an offered or held entry is PostgreSQL's to end; one that ended, or another attempt, is refused", async () => {
    const fixture = await fillLane(store);
    const holdId = holdOf("a");
    await put(fixture, "off", { state: "offered", holdId });
    await put(fixture, "hel", { state: "held", holdId });
    await put(fixture, "pur", { state: "purchased", holdId });
    await put(fixture, "lef", { state: "left" });
    await put(fixture, "two", { attempt: 2 });
    const leaves = ["off", "hel", "pur", "lef", "two", "nobody"].map((name) => leaveOf(name));
    expect(valueOf(await fixture.lane.leave([...leaves, leaveOf("two", 3)]))).toEqual(
      ["hold", "hold", "wrong", "same", "wrong", "none", "none"].map((outcome) => ({ outcome })),
    );
    expect(valueOf(await fixture.lane.arrivals(0, 9))).toEqual([]);
  });
});

describe("close", () => {
  test("a bucket closes once, with one marker, and the next opens with its first arrival", async () => {
    const fixture = await fillLane(store);
    expect(await pulse(fixture)).toMatchObject({ openedMs: null });
    await join(fixture, "ann", 1);
    const { openedMs } = await pulse(fixture);
    expect(openedMs).toBeGreaterThan(1_600_000_000_000);
    await join(fixture, "bob", 1);
    expect(await pulse(fixture)).toMatchObject({ openedMs });
    expect(valueOf(await fixture.lane.close(0))).toEqual({ outcome: "closed", seq: 3 });
    expect(valueOf(await fixture.lane.close(0))).toEqual({ outcome: "same" });
    expect(await pulse(fixture)).toMatchObject({ bucket: 1, openedMs: null, seq: 3 });
    await join(fixture, "eve", 1);
    expect(valueOf(await fixture.lane.arrivals(2, 9))).toMatchObject([
      { kind: "close", seq: 3, bucket: 0 },
      { kind: "join", seq: 4, bucket: 1 },
    ]);
    expect((await pulse(fixture)).openedMs).not.toBeNull();
  });

  test("no bucket is skipped", async () => {
    const { lane } = await fillLane(store, { bucket: 2 });
    expect(valueOf(await lane.close(3))).toEqual({ outcome: "early", bucket: 2 });
    expect(valueOf(await lane.close(1))).toEqual({ outcome: "same" });
  });

  test("after a new epoch closing waits for the journals", async () => {
    const { lane } = await fillLane(store, { settleMs: 60_000 });
    const answer = valueOf(await lane.close(0));
    if (answer.outcome !== "settling") throw new Error(answer.outcome);
    expect(answer.waitMs).toBeGreaterThan(0);
    expect(answer.waitMs).toBeLessThanOrEqual(60_000);
  });

  test("a bucket whose arrivals are stored already counts as opened when the lane is rebuilt", async () => {
    expect((await pulse(await fillLane(store, { bucketHasArrivals: true }))).openedMs).not.toBeNull();
  });
});

describe("stored", () => {
  test("what is stored is trimmed, the rest stays; it never falls and never passes what was given", async () => {
    const { lane } = await fillLane(store);
    valueOf(await lane.join([joinOf("ann"), joinOf("bob"), joinOf("eve")]));
    expect(valueOf(await lane.stored(2))).toBe(2);
    expect(valueOf(await lane.arrivals(0, 9))).toMatchObject([{ seq: 3 }]);
    expect(valueOf(await lane.stored(1))).toBe(2);
    expect(valueOf(await lane.stored(99))).toBe(3);
    expect(valueOf(await lane.arrivals(0, 9))).toEqual([]);
  });

  test("arrivals are read in order, as many as asked", async () => {
    const { lane } = await fillLane(store);
    valueOf(await lane.join(["a", "b", "c", "d"].map((name) => joinOf(name))));
    expect(valueOf(await lane.arrivals(1, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
  });
});
