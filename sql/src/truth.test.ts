// What every connection is told before its first statement.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type TestDatabase, testDatabase } from "./template-database.ts";
import { sqlState, Truth } from "./truth.ts";

let database: TestDatabase;
let truth: Truth;
let pipelined: Truth;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = new Truth({ url: database.url, connectionsMax: 1 });
  pipelined = new Truth({ url: database.url, connectionsMax: 1, pipelined: true });
  await truth.query("CREATE TABLE things (id integer PRIMARY KEY)");
});
afterAll(async () => {
  await Promise.all([truth.close(), pipelined.close()]);
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

const INSERT = "INSERT INTO things (id) VALUES ($1)";
const thingsOf = async (): Promise<number[]> => {
  const { rows } = await truth.query<{ id: number }>("DELETE FROM things RETURNING id");
  return rows.map(({ id }) => id).toSorted((a, b) => a - b);
};
const stateOf = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(() => "nothing was thrown", sqlState);

test("in a pipeline statements are sent before those before them are answered, and work in order", async () => {
  const found = await pipelined.transaction(async (tx) => {
    await tx.later(INSERT, [1]);
    const [, count] = await Promise.all([
      tx.query(INSERT, [2]),
      tx.query<{ count: number }>("SELECT count(*) FROM things"),
      tx.later(INSERT, [3]),
    ]);
    return count.rows[0]?.count;
  });
  expect(found).toBe(2);
  expect(await thingsOf()).toEqual([1, 2, 3]);
});

test.each(["in turn", "in a pipeline"])("%s what nobody waited for undoes all, and says why", async (how) => {
  const way = how === "in turn" ? truth : pipelined;
  const UNIQUE_VIOLATION = "23505";
  const last = way.transaction(async (tx) => {
    await tx.query(INSERT, [1]);
    await tx.later(INSERT, [1]);
  });
  expect(await stateOf(last)).toBe(UNIQUE_VIOLATION);
  const followed = way.transaction(async (tx) => {
    await tx.query(INSERT, [1]);
    await tx.later(INSERT, [1]);
    await tx.query(INSERT, [2]);
  });
  expect(await stateOf(followed)).toBe(UNIQUE_VIOLATION);
  expect(await thingsOf()).toEqual([]);
  await way.transaction((tx) => tx.query(INSERT, [4]));
  expect(await thingsOf()).toEqual([4]);
});

test.each(["in turn", "in a pipeline"])(
  "%s a failure that the work passes over is no commit",
  async (how) => {
    const way = how === "in turn" ? truth : pipelined;
    const deaf = way.transaction(async (tx) => {
      await tx.query(INSERT, [1]);
      await tx.query("no statement").catch(() => {});
    });
    await expect(deaf).rejects.toThrow(/a COMMIT was answered with ROLLBACK|syntax error/);
    expect(await thingsOf()).toEqual([]);
  },
);

test("a connection that breaks under a pipeline breaks its transaction alone", async () => {
  const broken = pipelined.transaction(async (tx) => {
    await tx.later(INSERT, [1]);
    await tx.later("SELECT pg_terminate_backend(pg_backend_pid())");
    await tx.later(INSERT, [2]);
  });
  await expect(broken).rejects.toThrow();
  await pipelined.transaction((tx) => tx.later(INSERT, [3]));
  expect(await thingsOf()).toEqual([3]);
});
