// Levels and their ledger on a real PostgreSQL: what is written, what is not, and many at once.
import type { Statements } from "@dropgate/sql";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { listTransactions } from "@dropgate/sql/levels/transactions";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "./act.ts";
import type { LevelChange } from "./judge.ts";
import { insertPlaces } from "./places.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

const act = (changes: LevelChange[]): ReturnType<typeof actOnLevelsIn> =>
  database.truth.transaction((tx) => actOnLevelsIn(tx, changes));
const change = (sku: string, over: Partial<LevelChange> = {}): LevelChange => ({
  sku,
  locationId: "east",
  deltas: { onHand: 10 },
  type: "adjustment",
  actor: "tester",
  ...over,
});
const only = { locationId: undefined };
const all = (sku: string): ReturnType<typeof listLevels> =>
  listLevels(database.truth, { sku, ...only }, null, 10);
const told = (sku: string): ReturnType<typeof listTransactions> =>
  listTransactions(database.truth, { sku, ...only }, null, 100);

test("a level is born by its first change, and each change is a row of the ledger", async () => {
  const sku = "tee:{s}/ü 1";
  await insertPlaces(database.truth, [sku], ["east", "west"]);
  const effectiveAt = new Date("2026-01-02T03:04:05.678Z");
  const outcomes = await act([
    change(sku, { effectiveAt, reference: { type: "event", id: "e1" }, data: { why: "because" } }),
    change(sku, { deltas: { reserved: 3 }, guarded: true }),
    change(sku, { deltas: { reserved: -3, allocated: 3 }, guarded: true }),
    change(sku, { locationId: "west", deltas: { inTransitIn: 4 } }),
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(await all(sku)).toMatchObject([
    {
      sku,
      locationId: "east",
      onHand: 10,
      reserved: 0,
      allocated: 3,
      safetyStock: 0,
      reorderPoint: 0,
      maxStock: null,
      sellable: true,
      receivingBlocked: false,
      lastCountedAt: null,
      rev: 1,
    },
    { sku, locationId: "west", inTransitIn: 4, lastOrderedAt: null, rev: 1 },
  ]);
  expect((await all(sku))[0]?.lastOrderedAt).toBeInstanceOf(Date);
  const rows = (await told(sku)).toReversed();
  expect(rows.map((row) => [row.locationId, row.onHand, row.reserved, row.allocated])).toEqual([
    ["east", 10, 0, 0],
    ["east", 0, 3, 0],
    ["east", 0, -3, 3],
    ["west", 0, 0, 0],
  ]);
  expect(rows[0]).toMatchObject({
    effectiveAt,
    referenceType: "event",
    referenceId: "e1",
    actor: "tester",
    data: { why: "because" },
  });
});

test("what is refused leaves no row, no level, and fails nobody else", async () => {
  await insertPlaces(database.truth, ["here"], ["east"]);
  const outcomes = await act([
    change("here"),
    change("here", { deltas: { reserved: 11 }, guarded: true }),
    change("here", { deltas: { onHand: -1 }, locationId: "west" }),
    change("nowhere"),
    change("here", { locationId: "nowhere" }),
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.refusal))).toEqual([
    "ok",
    "INSUFFICIENT_STOCK",
    "INSUFFICIENT_STOCK",
    "PRODUCT_NOT_FOUND",
    "LOCATION_NOT_FOUND",
  ]);
  expect((await all("here")).map(({ locationId, onHand }) => [locationId, onHand])).toEqual([["east", 10]]);
  expect(await told("here")).toHaveLength(1);
});

test("the ledger cannot be changed, nor hold a row that moves nothing and is no note", async () => {
  const sku = "kept";
  await insertPlaces(database.truth, [sku], ["east"]);
  await act([change(sku)]);
  const { truth } = database;
  await expect(truth.query("UPDATE inventory_transactions SET actor = 'x'")).rejects.toThrow(/append-only/);
  await expect(truth.query("DELETE FROM inventory_transactions")).rejects.toThrow(/append-only/);
  await expect(
    truth.query(
      "INSERT INTO inventory_transactions (type, sku, location_id, actor) VALUES ('x', 'kept', 'east', 'x')",
    ),
  ).rejects.toThrow(/check constraint/);
  await expect(act([change(sku, { deltas: { onHand: 0 } })])).rejects.toThrow(RangeError);
});

test("many at once, in any order of levels: none waits in a circle, and stock is promised once", async () => {
  const skus = ["hot 1", "hot 2", "hot 3"];
  const locations = ["east", "west"];
  await insertPlaces(database.truth, skus, locations);
  const places = skus.flatMap((sku) => locations.map((locationId) => ({ sku, locationId })));
  await act(places.map(({ sku, locationId }) => change(sku, { locationId, deltas: { onHand: 20 } })));
  const before = database.truth.retries;
  const batches = Array.from({ length: 60 }, (_, i) => {
    const turned = [...places.slice(i % places.length), ...places.slice(0, i % places.length)];
    return (i % 2 === 0 ? turned : turned.toReversed()).map(({ sku, locationId }) =>
      change(sku, { locationId, deltas: { reserved: 1 }, guarded: true, groupId: `order ${i}` }),
    );
  });
  const outcomes = (await Promise.all(batches.map(act))).map((each) => new Set(each.map(({ ok }) => ok)));
  expect(outcomes.every((fates) => fates.size === 1)).toBe(true);
  expect(outcomes.filter((fates) => fates.has(true))).toHaveLength(20);
  expect(database.truth.retries).toBe(before);
  const levels = (await Promise.all(skus.map(all))).flat();
  expect(levels.map(({ reserved }) => reserved)).toEqual(places.map(() => 20));
});

test("levels that many want to be born are born once", async () => {
  // So many that their births take a while, and meet.
  const skus = Array.from({ length: 150 }, (_, i) => `new ${i}`);
  await insertPlaces(database.truth, skus, ["east"]);
  const before = database.truth.retries;
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      act((i % 2 === 0 ? skus : skus.toReversed()).map((sku) => change(sku, { deltas: { onHand: 1 } }))),
    ),
  );
  expect((await Promise.all(skus.map(all))).flat().map(({ onHand }) => onHand)).toEqual(skus.map(() => 20));
  expect(database.truth.retries).toBe(before);
});

test("a level whose first change is refused is left to be born by another's", async () => {
  const skus = Array.from({ length: 20 }, (_, i) => `perhaps ${i}`);
  await insertPlaces(database.truth, skus, ["east"]);
  const deltas = [{ onHand: -1 }, { onHand: 1 }, { onHand: -100 }];
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      act(skus.map((sku) => change(sku, { deltas: deltas[i % 3] ?? {} }))),
    ),
  );
  const levels = (await Promise.all(skus.map(all))).flat();
  const moved = skus.map((_, i) => {
    const taken = outcomes.filter((each, n) => n % 3 === 0 && each[i]?.ok).length;
    return 10 - taken;
  });
  expect(levels.map(({ onHand }) => onHand)).toEqual(moved);
});

test("a change of a level stays on its page and touches no index", async () => {
  const sku = "hot update";
  await insertPlaces(database.truth, [sku], ["east"]);
  const read = async (tx: Statements): Promise<{ updates: number; hot: number }> => {
    const { rows } = await tx.query<{ updates: number; hot: number }>(
      `SELECT pg_stat_get_xact_tuples_updated(c.oid) AS updates, pg_stat_get_xact_tuples_hot_updated(c.oid) AS hot
       FROM pg_class c WHERE relname = 'inventory_levels'`,
    );
    return rows[0] ?? { updates: 0, hot: -1 };
  };
  await act([change(sku)]);
  await database.truth.transaction(async (tx) => {
    // What this connection did before and has not reported yet counts along.
    const before = await read(tx);
    for (let i = 0; i < 5; i++) await actOnLevelsIn(tx, [change(sku, { deltas: { onHand: 1 } })]);
    const { updates, hot } = await read(tx);
    expect([updates - before.updates, hot - before.hot]).toEqual([5, 5]);
  });
});
