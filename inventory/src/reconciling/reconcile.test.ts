// Reconciliations on a real PostgreSQL: what they find, what they repair, and that any worker goes on with one.
import { RECONCILE_PAGE_LEVELS } from "@dropgate/contracts/limits";
import { listTransactions } from "@dropgate/sql/levels/transactions";
import { listDifferences } from "@dropgate/sql/reconciling/difference-row";
import {
  insertReconciliation,
  insertScheduled,
  readReconciliation,
} from "@dropgate/sql/reconciling/reconciliation-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { newReconciliationId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import { insertPlaces } from "../levels/places.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { lookAtPage } from "./look.ts";
import { repairFound } from "./repair.ts";

let database: TestDatabase;
const SKUS = ["a:{1}", "b", "ü"];

beforeEach(async () => {
  database = await testDatabase(inject("databaseUrl"));
  await insertPlaces(database.truth, SKUS, ["east", "west"]);
  await stock(SKUS.flatMap((sku) => ["east", "west"].map((locationId) => ({ sku, locationId, onHand: 10 }))));
});
afterEach(() => database.drop());

async function stock(
  levels: { sku: string; locationId: string; onHand?: number; reserved?: number }[],
): Promise<void> {
  await database.truth.transaction((tx) =>
    actOnLevelsIn(
      tx,
      levels.map(({ sku, locationId, ...deltas }) => ({
        sku,
        locationId,
        deltas,
        type: "adjustment",
        actor: "tester",
      })),
    ),
  );
}

async function ask(sku: string | null = null): Promise<string> {
  const id = newReconciliationId();
  await insertReconciliation(database.truth, { id, sku, requestedBy: "tester", apply: false });
  return id;
}

async function lookToTheEnd(): Promise<void> {
  while (await lookAtPage(database.truth, null));
}

const found = (id: string): ReturnType<typeof listDifferences> =>
  listDifferences(database.truth, id, undefined, null, 100);

test("stock that agrees has nothing to repair", async () => {
  const id = await ask();
  await lookToTheEnd();
  expect(await readReconciliation(database.truth, id)).toMatchObject({ state: "done", levels: 6 });
  expect(await found(id)).toEqual([]);
  expect((await database.truth.query("SELECT 1 FROM alerts")).rows).toEqual([]);
});

test("a level that a hand changed becomes what its ledger says, and the ledger tells of it", async () => {
  const { truth } = database;
  await truth.query(
    "UPDATE inventory_levels SET on_hand = 7, damaged = 2 WHERE sku = 'a:{1}' AND location_id = 'west'",
  );
  const id = await ask();
  await lookToTheEnd();
  expect(await found(id)).toMatchObject([
    {
      kind: "level_differs_from_ledger",
      sku: "a:{1}",
      locationId: "west",
      found: { onHand: 7, damaged: 2 },
      proposed: { onHand: 10, damaged: 0 },
      state: "proposed",
    },
  ]);
  const alerts = await truth.query("SELECT kind, data FROM alerts");
  expect(alerts.rows).toEqual([{ kind: "reconcile_difference", data: { reconciliationId: id } }]);

  expect(await repairFound({ truth, stock: null }, id, "operator:ann")).toBe(1);
  expect(await found(id)).toMatchObject([{ state: "applied", decidedBy: "operator:ann" }]);
  expect(await inventoryReport(truth)).toMatchObject({ ok: true });
  const [note] = await listTransactions(truth, { sku: "a:{1}", locationId: "west" }, null, 1);
  expect(note).toMatchObject({
    type: "level.repaired",
    actor: "operator:ann",
    referenceId: id,
    data: { from: { onHand: 7 }, to: { onHand: 10 } },
  });
  expect(await repairFound({ truth, stock: null }, id, "operator:ann")).toBe(0);
});

test("what is promised to no order is given back by a transaction", async () => {
  const { truth } = database;
  await stock([{ sku: "b", locationId: "east", reserved: 4 }]);
  const id = await ask("b");
  await lookToTheEnd();
  expect(await readReconciliation(truth, id)).toMatchObject({ levels: 2 });
  expect(await found(id)).toMatchObject([
    { kind: "promises_differ_from_orders", found: { reserved: 4 }, proposed: { reserved: 0 } },
  ]);
  await repairFound({ truth, stock: null }, id, "operator:ann");
  const [repair] = await listTransactions(truth, { sku: "b", locationId: "east" }, null, 1);
  expect(repair).toMatchObject({ type: "repair", reserved: -4, referenceId: id });
  expect(await inventoryReport(truth)).toMatchObject({ ok: true });
});

test("what agrees again when it is to be repaired is left alone", async () => {
  const { truth } = database;
  await stock([{ sku: "b", locationId: "east", reserved: 4 }]);
  await truth.query("UPDATE inventory_levels SET damaged = 1 WHERE sku = 'ü' AND location_id = 'east'");
  const id = await ask();
  await lookToTheEnd();
  await stock([{ sku: "b", locationId: "east", reserved: -4 }]);
  await truth.query("UPDATE inventory_levels SET damaged = 0 WHERE sku = 'ü' AND location_id = 'east'");
  expect(await repairFound({ truth, stock: null }, id, "operator:ann")).toBe(2);
  expect((await found(id)).map(({ state }) => state)).toEqual(["gone", "gone"]);
});

test("a ledger by which a quantity is below zero is not followed", async () => {
  const { truth } = database;
  await truth.query(
    `INSERT INTO inventory_transactions (type, sku, location_id, on_hand, actor)
     VALUES ('adjustment', 'b', 'east', -30, 'a hand')`,
  );
  const id = await ask();
  await lookToTheEnd();
  await repairFound({ truth, stock: null }, id, "operator:ann");
  expect(await found(id)).toMatchObject([{ state: "refused", proposed: { onHand: -20 } }]);
});

test("many workers share the pages of one look, and each level is looked at once", async () => {
  const { truth } = database;
  const many = Array.from({ length: RECONCILE_PAGE_LEVELS + 20 }, (_, i) => `sku ${i}`);
  await insertPlaces(truth, many, ["north", "south"]);
  await truth.query(
    `INSERT INTO inventory_levels (sku, location_id, on_hand)
     SELECT sku, place, 1 FROM products, unnest(ARRAY['north', 'south']) AS place WHERE sku LIKE 'sku %'`,
  );
  const id = await ask();
  await Promise.all(Array.from({ length: 4 }, lookToTheEnd));
  await lookToTheEnd();
  const levels = 6 + 2 * many.length;
  expect(await readReconciliation(truth, id)).toMatchObject({
    state: "done",
    levels,
    differences: { proposed: 2 * many.length },
  });
});

test("a look at everything is scheduled once, however many workers ask", async () => {
  const { truth } = database;
  const asked = await Promise.all(
    Array.from({ length: 8 }, () =>
      truth.transaction((tx) => insertScheduled(tx, newReconciliationId(), "schedule", 3_600)),
    ),
  );
  expect(asked.filter(Boolean)).toHaveLength(1);
  await lookToTheEnd();
  const again = await truth.transaction((tx) =>
    insertScheduled(tx, newReconciliationId(), "schedule", 3_600),
  );
  expect(again).toBe(false);
});
