import { IDEMPOTENCY_HOURS, IDEMPOTENCY_SWEEP_MAX } from "@dropgate/contracts/limits";
import { beginIdempotent } from "@dropgate/sql/idempotency/keys";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sweepAnswers } from "./sweeping-answers.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

const begin = (key: string): ReturnType<typeof beginIdempotent> =>
  beginIdempotent(
    database.truth,
    { apiKeyId: "k", method: "POST", path: "/p", key },
    Buffer.alloc(32),
    "run",
  );
const old = (count: number): Promise<unknown> =>
  database.truth.query(
    `INSERT INTO idempotency_keys (api_key_id, method, path, key, body_hash, run, started_at)
     SELECT 'k', 'POST', '/p', 'old ' || n, $1, 'run', clock_timestamp() - $2 * interval '1 hour' - interval '1 minute'
     FROM generate_series(1, $3) n`,
    [Buffer.alloc(32), IDEMPOTENCY_HOURS, count],
  );
const left = async (): Promise<string[]> =>
  (await database.truth.query<{ key: string }>("SELECT key FROM idempotency_keys ORDER BY key")).rows.map(
    ({ key }) => key,
  );

test("answers go when their day is over, and no sooner", async () => {
  await begin("new");
  await old(IDEMPOTENCY_SWEEP_MAX + 2);
  expect(await sweepAnswers(database)).toBe(true);
  expect(await left()).toHaveLength(3);
  expect(await sweepAnswers(database)).toBe(false);
  expect(await left()).toEqual(["new"]);
});

test("one that is taken over at the same moment stays", async () => {
  await old(1);
  await database.truth.transaction(async (tx) => {
    await tx.query("UPDATE idempotency_keys SET started_at = clock_timestamp() WHERE key = 'old 1'");
    await sweepAnswers(database);
  });
  expect(await left()).toContain("old 1");
});
