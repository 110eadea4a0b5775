// What a gateway remembers of products, on a real PostgreSQL: never older than it may be, and waited for only when it is.
import { CATALOGUE_MS } from "@dropgate/contracts/limits";
import { insertPlaces } from "@dropgate/inventory/levels/places";
import { patchProductIn } from "@dropgate/inventory/products/products";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { Catalogue } from "./catalogue.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  await insertPlaces(database.truth, ["shirt", "shoes"], ["east"]);
});
afterAll(async () => {
  vi.useRealTimers();
  await database.drop();
});

let catalogue: Catalogue;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  catalogue = new Catalogue(database.truth);
});

const titlesOf = async (...skus: string[]): Promise<string[]> =>
  (await catalogue.products(skus)).map(({ title }) => title);
const call = (sku: string, title: string): Promise<unknown> =>
  database.truth.transaction((tx) => patchProductIn(tx, sku, { title }, "tester"));

test("an unknown product is left out, and asked for anew each time", async () => {
  expect(await catalogue.products(["no such thing", "shirt"])).toMatchObject([{ sku: "shirt" }]);
  await insertPlaces(database.truth, ["no such thing"], ["east"]);
  expect(await catalogue.products(["no such thing"])).toHaveLength(1);
});

test("in its second half a product is read anew, while whoever asks has the old one at once", async () => {
  await call("shirt", "Old");
  expect(await titlesOf("shirt")).toEqual(["Old"]);
  await call("shirt", "New");
  vi.advanceTimersByTime(CATALOGUE_MS / 2 - 1);
  expect(await titlesOf("shirt")).toEqual(["Old"]);
  vi.advanceTimersByTime(1);
  expect(await titlesOf("shirt", "shirt")).toEqual(["Old"]);
  await vi.waitFor(async () => expect(await titlesOf("shirt")).toEqual(["New"]), { timeout: 20_000 });
});

test("one that is too old is nobody's answer", async () => {
  await call("shoes", "Old");
  expect(await titlesOf("shoes")).toEqual(["Old"]);
  await call("shoes", "New");
  vi.advanceTimersByTime(CATALOGUE_MS);
  expect(await titlesOf("shoes")).toEqual(["New"]);
});
