// The replay of the ledger on a real PostgreSQL: it agrees with stock that moved in every way, and names each level
// that somebody changed behind the ledger's back.
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "./act.ts";
import type { LevelChange } from "./judge.ts";
import { insertPlaces } from "./places.ts";
import { replayLedger } from "./replay.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase(inject("databaseUrl"));
  await insertPlaces(database.truth, SKUS, ["east", "west"]);
  await act(SKUS.flatMap((sku) => ["east", "west"].map((place) => change(sku, place, { onHand: 10 }))));
  await act(SKUS.map((sku) => change(sku, "east", { onHand: -4, damaged: 1 })));
});
afterEach(() => database.drop());

/** Sorted otherwise by bytes than by code units, by letters or by numbers. */
const SKUS = ["a", "B", "a:{1}", "é", "z 10", "z 9", "\u{1f600}", "\uffee"];

const change = (sku: string, locationId: string, deltas: LevelChange["deltas"]): LevelChange => ({
  sku,
  locationId,
  deltas,
  type: "adjustment",
  actor: "tester",
});
const act = (changes: LevelChange[]): Promise<unknown> =>
  database.truth.transaction((tx) => actOnLevelsIn(tx, changes));

test("levels are what the ledger makes of them, whatever their SKUs sort like", async () => {
  expect(await replayLedger(database.truth)).toEqual({
    levels: 16,
    transactions: 24,
    differences: [],
    negative: [],
  });
});

test("a level that was changed, one that was taken away and one that was made up are named", async () => {
  const { truth } = database;
  await truth.query("UPDATE inventory_levels SET reserved = 3 WHERE sku = 'a' AND location_id = 'east'");
  await truth.query("DELETE FROM inventory_levels WHERE sku = 'z 10' AND location_id = 'west'");
  await insertPlaces(truth, ["made up"], ["north"]);
  await truth.query(
    "INSERT INTO inventory_levels (sku, location_id, on_hand) VALUES ('made up', 'north', 2)",
  );
  const { differences } = await replayLedger(truth);
  expect(differences).toMatchObject([
    { sku: "a", locationId: "east", is: { reserved: 3, onHand: 6 }, ledger: { reserved: 0, onHand: 6 } },
    { sku: "made up", locationId: "north", is: { onHand: 2 }, ledger: { onHand: 0 } },
    { sku: "z 10", locationId: "west", is: null, ledger: { onHand: 10 } },
  ]);
});

test("a quantity that was below zero for one transaction is found, though the sum is right", async () => {
  const { truth } = database;
  const add = (onHand: number): Promise<unknown> =>
    truth.query(
      `INSERT INTO inventory_transactions (type, sku, location_id, on_hand, actor)
       VALUES ('adjustment', 'B', 'west', $1, 'a hand')`,
      [onHand],
    );
  await add(-11);
  await add(11);
  const { differences, negative } = await replayLedger(truth);
  expect(differences).toEqual([]);
  expect(negative).toMatchObject([{ sku: "B", locationId: "west" }]);
});
