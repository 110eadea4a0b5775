// Alerts on a real PostgreSQL.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type TestDatabase, testDatabase } from "../template-database.ts";
import { raiseAlerts } from "./raise-alerts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

test("what is found again while it is open is the same alert, and another once it was decided", async () => {
  const { truth } = database;
  const found = (id: string, detail: string): Promise<void> =>
    raiseAlerts(truth, [
      { id, kind: "low_stock", subject: "tee at east", sku: "tee", locationId: "east", detail },
    ]);
  await found("a1", "5 left");
  await found("a2", "4 left");
  await raiseAlerts(truth, [
    { id: "a3", kind: "low_stock", subject: "tee at west", detail: "0 left" },
    { id: "a4", kind: "low_stock", subject: "tee at west", detail: "1 left" },
  ]);
  const read = async (): Promise<unknown[]> =>
    (await truth.query("SELECT id, detail, times, state FROM alerts ORDER BY id")).rows;
  expect(await read()).toEqual([
    { id: "a1", detail: "4 left", times: 2, state: "open" },
    { id: "a4", detail: "1 left", times: 1, state: "open" },
  ]);
  await truth.query("UPDATE alerts SET state = 'resolved', decided_at = now() WHERE id = 'a1'");
  await found("a5", "3 left");
  expect(await read()).toHaveLength(3);
});
