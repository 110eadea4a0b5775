// What a gateway remembers of an API key must not outlive its revocation here.
import { insertApiKey, revokeApiKey } from "@dropgate/sql/keys/api-keys";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ApiKeys, makeApiKey } from "./api-keys.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

test("a key that was being looked up when it was revoked is not remembered as good", async () => {
  const { truth } = database;
  const { id, key, hash } = makeApiKey();
  await insertApiKey(truth, { id, name: "leaver", scopes: ["operator"], hash, createdBy: "test" });
  const errors: unknown[] = [];
  const keys = new ApiKeys(truth, undefined, (error) => errors.push(error));
  const before = keys.find(key);
  keys.forget();
  expect(await before).toMatchObject({ id });
  await revokeApiKey(truth, id, "test");
  expect(await keys.find(key)).toBeNull();
  expect(errors).toEqual([]);
});
