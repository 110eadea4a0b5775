// The hot layer on real stores: what it shows is what PostgreSQL says, whatever came in between.
import { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import { Truth } from "@dropgate/sql";
import { readLevelsOf } from "@dropgate/sql/levels/levels-of-skus";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "../levels/act.ts";
import { insertPlaces } from "../levels/places.ts";
import { HotStock } from "./hot-stock.ts";
import { rowsLeft } from "./rows-left.ts";

let database: TestDatabase;
let proxy: TcpProxy;
let hotStore: HotStore;
let stock: HotStock;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  proxy = await TcpProxy.listen(inject("redisUrl"));
  hotStore = new HotStore({ url: proxy.url });
  await hotStore.whenReady(5_000);
});
beforeEach(() => {
  stock = new HotStock({ truth: database.truth, hotStore });
});
afterAll(async () => {
  await hotStore.close();
  await proxy.close();
  await database.drop();
});

/** Moves stock as any act does. @returns the rows that are left */
async function move(sku: string, locationId: string, deltas: { onHand?: number; reserved?: number }) {
  await insertPlaces(database.truth, [sku], [locationId]);
  const outcomes = await database.truth.transaction((tx) =>
    actOnLevelsIn(tx, [{ sku, locationId, deltas, type: "adjustment", actor: "tester" }]),
  );
  return rowsLeft(outcomes);
}
const availableOf = async (sku: string, of = stock) =>
  Object.fromEntries(
    ((await of.look([sku])).get(sku) ?? []).map(({ locationId, available }) => [locationId, available]),
  );
const one = (sku: string, quantity = 1, locationId = "east") => ({ sku, locationId, quantity });

test("what is not there is loaded from the truth, an unknown SKU as nothing", async () => {
  await move("loaded: {é}", "east", { onHand: 5 });
  await move("loaded: {é}", "west", { onHand: 3 });
  expect(await availableOf("loaded: {é}")).toEqual({ east: 5, west: 3 });
  expect(await availableOf("unheard of")).toEqual({});
});

test("many who ask for what is not there cost the truth a statement or two", async () => {
  await move("crowd", "east", { onHand: 5 });
  let statements = 0;
  class Counted extends Truth {
    override query: Truth["query"] = (text, values) => {
      statements += 1;
      return super.query(text, values);
    };
  }
  const truth = new Counted({ url: database.url });
  const counted = new HotStock({ truth, hotStore });
  await counted.store("its name is read once");
  statements = 0;
  await Promise.all(Array.from({ length: 200 }, () => counted.look(["crowd", "other"])));
  expect(statements).toBeLessThanOrEqual(2);
  await truth.close();
});

test("what was written is mirrored under the revision it has", async () => {
  await move("rev", "east", { onHand: 5 });
  expect(await availableOf("rev")).toEqual({ east: 5 });
  const rows = await move("rev", "east", { onHand: 2 });
  const [truth] = await readLevelsOf(database.truth, ["rev"]);
  expect(rows).toMatchObject([{ rev: truth?.rev, onHand: truth?.onHand }]);
  await stock.settle([], rows);
  expect(await availableOf("rev")).toEqual({ east: 7 });
});

test("a commit between a load's reading and its bringing is not lost", async () => {
  await move("between", "east", { onHand: 5 });
  const store = await stock.store("between");
  const asked = await store.look();
  if (asked.ok) throw new Error("it is loaded");
  const read = await readLevelsOf(database.truth, ["between"]);
  await stock.settle([], await move("between", "east", { onHand: -4 }));
  expect(await store.load(asked.load, read)).toBe(true);
  expect(await availableOf("between")).toEqual({ east: 1 });
});

test("a reservation holds the lines of all its SKUs, or of none", async () => {
  await move("a", "east", { onHand: 2 });
  await move("b", "east", { onHand: 1 });
  expect(await stock.propose("r1", [one("a"), one("b")])).toEqual({ ok: true });
  expect(await stock.propose("r2", [one("a"), one("b")])).toEqual({
    ok: false,
    short: [{ sku: "b", locationId: "east", available: 0 }],
  });
  expect(await availableOf("a")).toEqual({ east: 1 });
  await stock.settle([{ reservationId: "r1", skus: ["a", "b"] }], await move("a", "east", { reserved: 1 }));
  expect(await availableOf("a")).toEqual({ east: 1 });
  expect(await availableOf("b")).toEqual({ east: 1 });
});

test("of a hundred who want ten at once ten are held, in a few calls", async () => {
  await move("hot", "east", { onHand: 10 });
  await stock.look(["hot"]);
  const proposals = await Promise.all(
    Array.from({ length: 100 }, (_, nth) => stock.propose(`r${nth}`, [one("hot")])),
  );
  expect(proposals.filter(({ ok }) => ok)).toHaveLength(10);
  expect(await availableOf("hot")).toEqual({ east: 0 });
});

test("a rebuild forgets one SKU, and what it shows then is the truth", async () => {
  await move("wrong", "east", { onHand: 10 });
  await stock.settle(
    [],
    (await readLevelsOf(database.truth, ["wrong"])).map((row) => ({ ...row, onHand: 3 })),
  );
  await stock.look(["wrong"]);
  await stock.settle(
    [],
    (await readLevelsOf(database.truth, ["wrong"])).map((row) => ({ ...row, rev: 99, onHand: 3 })),
  );
  expect(await availableOf("wrong")).toEqual({ east: 3 });
  await stock.drop(["wrong"]);
  expect(await availableOf("wrong")).toEqual({ east: 10 });
});

test("another database on the same Redis has stock of its own", async () => {
  await move("shared", "east", { onHand: 5 });
  await stock.look(["shared"]);
  const other = await testDatabase(inject("databaseUrl"));
  try {
    expect(await availableOf("shared", new HotStock({ truth: other.truth, hotStore }))).toEqual({});
  } finally {
    await other.drop();
  }
});

test("a hot store that is away says so, and is no trouble to who has committed", async () => {
  await move("gone", "east", { onHand: 5 });
  await stock.look(["gone"]);
  proxy.refusing = true;
  proxy.cut();
  await expect(stock.look(["gone"])).rejects.toThrow(HotStoreAway);
  await expect(stock.propose("r", [one("gone")])).rejects.toThrow(HotStoreAway);
  await stock.settle([{ reservationId: "r", skus: ["gone"] }], await move("gone", "east", { onHand: 1 }));
  proxy.refusing = false;
  await hotStore.whenReady(5_000);
  await stock.settle([], await readLevelsOf(database.truth, ["gone"]));
  expect(await availableOf("gone")).toEqual({ east: 6 });
});
