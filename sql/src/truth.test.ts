// What every connection is told before its first statement.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type TestDatabase, testDatabase } from "./template-database.ts";
import { Truth } from "./truth.ts";

let database: TestDatabase;
let truth: Truth;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = new Truth({ url: database.url, connectionsMax: 1 });
});
afterAll(async () => {
  await truth.close();
  await database.drop();
});

test("the check of a foreign key goes by the index, though it was planned when its table was empty", async () => {
  await truth.query("CREATE TEMP TABLE parents (id integer PRIMARY KEY)");
  await truth.query("CREATE TEMP TABLE children (parent integer REFERENCES parents)");
  await truth.query("VACUUM ANALYZE parents");
  const looks = await truth.transaction(async (tx) => {
    await tx.query("INSERT INTO parents SELECT generate_series(1, 100)");
    await tx.query("INSERT INTO children SELECT generate_series(1, 100)");
    const { rows } = await tx.query<{ byIndex: number }>(
      `SELECT idx_scan AS "byIndex" FROM pg_stat_xact_user_tables WHERE relname = 'parents'`,
    );
    return rows[0];
  });
  expect(looks).toEqual({ byIndex: 100 });
});
