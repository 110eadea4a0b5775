// Events in whatever order, some of them twice, leave the levels that the ordered run leaves: on a real PostgreSQL, with
// receipts, damage, transfers and counts that come before, after and between each other.
import { createHash } from "node:crypto";
import type { WmsEvent } from "@dropgate/contracts/wms";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { takeEvents, takeTurn } from "@dropgate/sql/wms/inbox";
import { readMovedAfter } from "@dropgate/sql/wms/read-world";
import fc from "fast-check";
import { afterEach, expect, inject, test } from "vitest";
import { insertPlaces } from "../levels/places.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { replayLedger } from "../levels/replay.ts";
import { applyEvents } from "./apply.ts";
import { history } from "./history.ts";
import { reviewCounts } from "./review-counts.ts";

let databases: TestDatabase[] = [];
afterEach(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  databases = [];
});

async function open(): Promise<TestDatabase> {
  const database = await testDatabase(inject("databaseUrl"));
  databases.push(database);
  await insertPlaces(database.truth, ["a:{1}", "b"], ["east", "west"]);
  return database;
}

async function tell({ truth }: TestDatabase, events: readonly WmsEvent[]): Promise<void> {
  for (const event of events) {
    await takeEvents(truth, [
      {
        eventId: event.eventId,
        eventType: event.eventType,
        locationId: event.locationId,
        sequence: event.sequence ?? null,
        happenedAt: new Date(event.timestamp),
        body: event,
        hash: createHash("sha256").update(JSON.stringify(event)).digest(),
      },
    ]);
  }
}

/** Applies until nothing is left; what waits is hurried, as time would. */
async function settle({ truth }: TestDatabase): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    await truth.query("UPDATE wms_inbox SET next_at = clock_timestamp() WHERE state = 'waiting'");
    const { applied } = await applyEvents(truth);
    const settled = await reviewCounts(truth);
    idle = applied + settled === 0 ? idle + 1 : 0;
    const { rows } = await truth.query<{ left: number }>(
      "SELECT count(*) AS left FROM wms_inbox WHERE state = 'waiting'",
    );
    if (rows[0]?.left === 0 && settled === 0) return;
  }
}

async function levelsOf({ truth }: TestDatabase): Promise<unknown[]> {
  const levels = await listLevels(truth, { sku: undefined, locationId: undefined }, null, 100);
  return levels.map((level) => {
    const { lastUpdatedAt: _updated, lastOrderedAt: _ordered, rev: _rev, ...rest } = level;
    return rest;
  });
}

test("any order, with some told twice, ends in the levels of the ordered run", async () => {
  const seeds = fc.record({
    seed: fc.integer(),
    order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(seeds, async ({ seed, order }) => {
      const events = history({ seed, count: 40, skus: ["a:{1}", "b"], places: ["east", "west"] });
      const ordered = await open();
      for (const event of events) {
        await tell(ordered, [event]);
        await settle(ordered);
      }
      const shuffled = await open();
      const mixed = events
        .map((event, i) => ({ event, at: order[i] ?? 0 }))
        .toSorted((a, b) => a.at - b.at)
        .flatMap(({ event, at }) => (at % 4 === 0 ? [event, event] : [event]));
      for (let i = 0; i < mixed.length; i += 7) {
        await tell(shuffled, mixed.slice(i, i + 7));
        await applyEvents(shuffled.truth);
      }
      await settle(shuffled);
      expect(await levelsOf(shuffled)).toEqual(await levelsOf(ordered));
      expect(await replayLedger(shuffled.truth)).toMatchObject({ differences: [], negative: [] });
      expect(await inventoryReport(shuffled.truth)).toMatchObject({ ok: true });
    }),
    { numRuns: 6 },
  );
}, 120_000);

/** A receipt, or a count that finds so many, of minute `minute`. */
const at = (minute: number, what: { came: number } | { counted: number }): WmsEvent => {
  const head = {
    eventId: `minute ${minute}`,
    timestamp: new Date(Date.UTC(2026, 0, 5, 8, minute)).toISOString(),
    locationId: "east",
    source: "wms",
  };
  return "came" in what
    ? { ...head, eventType: "RECEIVING_COMPLETE", items: [{ sku: "b", quantity: what.came }] }
    : { ...head, eventType: "CYCLE_COUNT_ADJUSTMENT", sku: "b", actualCount: what.counted, reason: "cycle" };
};
const before = at(1, { came: 200 });
const few = at(2, { came: 3 });
const first = at(3, { counted: 202 });
const fewMore = at(4, { came: 4 });
const second = at(5, { counted: 207 });
const last = at(6, { came: 5 });

// Each is a few pieces, so no count waits for approval: whatever is wrong stays wrong.
test.each<[string, WmsEvent[]]>([
  ["a delivery after the count that had seen it", [before, first, few, fewMore, second, last]],
  ["a delivery after both counts that had seen it", [before, first, fewMore, second, few, last]],
  ["a count after a later delivery", [before, few, fewMore, first, last, second]],
  ["a count after a later count", [before, few, second, first, fewMore, last]],
  ["both counts first, the later one before", [before, second, first, last, fewMore, few]],
])("%s ends as if all had been told in order, one by one or in one breath", async (_, told) => {
  for (const breaths of [told.map((event) => [event]), [told]]) {
    const database = await open();
    for (const events of breaths) {
      await tell(database, events);
      await applyEvents(database.truth);
    }
    expect(await levelsOf(database)).toMatchObject([{ sku: "b", onHand: 212 }]);
    expect(await replayLedger(database.truth)).toMatchObject({ differences: [], negative: [] });
    // As it was, too: a look back at any moment sees what is known of it by now.
    const moments = [first, second].map(({ timestamp }) => new Date(timestamp));
    const since = await readMovedAfter(
      database.truth,
      moments.map((moment) => ({ sku: "b", locationId: "east", at: moment })),
    );
    expect(since.map((moved) => 212 - moved)).toEqual([202, 207]);
  }
});

test("told twice, also at the same moment, an event counts once; another under its id is a conflict", async () => {
  const database = await open();
  const { truth } = database;
  const [event] = history({ seed: 1, count: 1, skus: ["b"], places: ["east"] });
  if (event === undefined) throw new Error("no event");
  await Promise.all([tell(database, [event]), tell(database, [event]), tell(database, [event])]);
  // While another worker has the turn nothing is applied: it may have read the same event.
  await truth.transaction(async (tx) => {
    expect(await takeTurn(tx)).toBe(true);
    expect(await applyEvents(truth)).toMatchObject({ applied: 0 });
  });
  await Promise.all([applyEvents(truth), applyEvents(truth), applyEvents(truth)]);
  await settle(database);
  const { rows } = await truth.query("SELECT duplicates, state FROM wms_inbox");
  expect(rows).toEqual([{ duplicates: 2, state: "applied" }]);
  if (event.eventType !== "RECEIVING_COMPLETE") throw new Error("a history begins with what comes");
  expect(await levelsOf(database)).toMatchObject([{ sku: "b", onHand: event.items[0]?.quantity }]);
  const hash = createHash("sha256").update("another").digest();
  const other = { ...event, eventType: "RECEIVING_COMPLETE" as const };
  const { eventId, locationId } = event;
  const happenedAt = new Date(event.timestamp);
  const taken = await takeEvents(truth, [
    { eventId, eventType: other.eventType, locationId, sequence: null, happenedAt, body: other, hash },
  ]);
  expect(taken.get(eventId)).toBe("conflict");
  expect((await truth.query("SELECT duplicates FROM wms_inbox")).rows).toEqual([{ duplicates: 2 }]);
});
