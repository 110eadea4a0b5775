// The worker tells the hot store what nobody told it.
import { createHash } from "node:crypto";
import { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { actOnLevelsIn } from "@dropgate/inventory/levels/act";
import { insertPlaces } from "@dropgate/inventory/levels/places";
import { patchLevelIn } from "@dropgate/inventory/levels/settings";
import { patchProductIn } from "@dropgate/inventory/products/products";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import type { Statements } from "@dropgate/sql";
import { moveCursor, readChanges } from "@dropgate/sql/levels/follow-changes";
import { takeEvents } from "@dropgate/sql/wms/inbox";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SaleStage, until } from "./sale-stage.ts";

let stage: SaleStage;
let stock: HotStock;
beforeEach(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  stock = new HotStock(stage);
  await insertPlaces(stage.truth, ["a", "b: {é}"], ["east"]);
});
afterEach(async () => {
  await stage.close();
});

const add = (tx: Statements, sku: string, onHand: number) =>
  actOnLevelsIn(tx, [{ sku, locationId: "east", deltas: { onHand }, type: "adjustment", actor: "tester" }]);
const availableOf = async (sku: string) => (await stock.look([sku])).get(sku)?.[0]?.available ?? 0;

test("a commit that nobody told of is mirrored, and what was shown before is dropped", async () => {
  stage.startWorkers(2);
  for (const sku of ["a", "b: {é}"]) {
    expect(await availableOf(sku)).toBe(0);
    const store = await stock.store(sku);
    const asked = await store.readDisplay();
    if (!("fill" in asked)) throw new Error("somebody else fills it");
    expect(await store.fillDisplay(asked.fill, "none")).toBe(true);
    await stage.truth.transaction((tx) => add(tx, sku, 5));
    await until("it is mirrored", async () => (await availableOf(sku)) === 5);
    expect(await store.readDisplay()).toHaveProperty("fill");
  }
  await stage.truth.transaction((tx) =>
    patchLevelIn(tx, { sku: "a", locationId: "east", safetyStock: 2 }, "tester"),
  );
  await until("the threshold is mirrored", async () => (await availableOf("a")) === 3);
  expect(stage.errors).toEqual([]);
});

test("a product that changed is not shown as it was", async () => {
  stage.startWorkers(1);
  const store = await stock.store("a");
  const asked = await store.readDisplay();
  if (!("fill" in asked)) throw new Error("somebody else fills it");
  await store.fillDisplay(asked.fill, "none");
  await stage.truth.transaction((tx) => patchProductIn(tx, "a", { preorder: true }, "tester"));
  await until("it is dropped", async () => !("text" in (await store.readDisplay())));
});

test("a transaction that commits late is not left out", async () => {
  let commit = (): void => {};
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let written = (): void => {};
  const began = new Promise<void>((resolve) => {
    written = resolve;
  });
  const slow = stage.truth.transaction(async (tx) => {
    await add(tx, "a", 5);
    written();
    await committed;
  });
  await began;
  await stage.truth.transaction((tx) => add(tx, "b: {é}", 7));
  const before = await readChanges(stage.truth, 100);
  expect(before.levels.map(({ sku }) => sku)).not.toContain("b: {é}");
  if (before.toTx !== null) await moveCursor(stage.truth, before.toTx);
  commit();
  await slow;
  await until("both are seen", async () => {
    const { levels } = await readChanges(stage.truth, 100);
    return levels.length === 2;
  });
});

test("the cursor goes on and never back, and large transactions stay whole", async () => {
  for (let nth = 1; nth <= 3; nth += 1) {
    await stage.truth.transaction(async (tx) => {
      await actOnLevelsIn(
        tx,
        ["a", "b: {é}"].map((sku) => ({
          sku,
          locationId: "east",
          deltas: { onHand: nth },
          type: "adjustment" as const,
          actor: "tester",
        })),
      );
    });
  }
  let rounds = 0;
  let last = "";
  await until("all were seen", async () => {
    const { toTx, levels } = await readChanges(stage.truth, 1);
    if (toTx === null) return rounds >= 3;
    if (levels.length > 0) {
      rounds += 1;
      expect(levels).toHaveLength(2);
    }
    last = toTx;
    await moveCursor(stage.truth, toTx);
    await moveCursor(stage.truth, "3");
    return false;
  });
  const { rows } = await stage.truth.query<{ tx: string }>("SELECT tx::text AS tx FROM stock_following");
  expect(rows).toEqual([{ tx: last }]);
});

test("without hot store warehouses' events are applied all the same, and what it missed it is told", async () => {
  const proxy = await TcpProxy.listen(inject("redisUrl"));
  const far = await SaleStage.open({ redisUrl: proxy.url, databaseUrl: inject("databaseUrl") });
  try {
    await insertPlaces(far.truth, ["a"], ["east"]);
    const seen = new HotStock({ truth: far.truth, hotStore: stage.hotStore });
    expect((await seen.look(["a"])).get("a")).toEqual([]);
    proxy.refusing = true;
    proxy.cut();
    far.startWorkers(2);
    const event = {
      eventId: "while it was away",
      eventType: "RECEIVING_COMPLETE",
      timestamp: "2026-01-13T15:00:00Z",
      locationId: "east",
      source: "wms",
      items: [{ sku: "a", quantity: 7 }],
    } as const;
    const hash = createHash("sha256").update(JSON.stringify(event)).digest();
    const { timestamp, ...told } = event;
    await takeEvents(far.truth, [
      { ...told, sequence: null, happenedAt: new Date(timestamp), body: event, hash },
    ]);
    const stateOf = async () =>
      (await far.truth.query<{ state: string }>("SELECT state FROM wms_inbox")).rows[0]?.state;
    await until("it is applied", async () => (await stateOf()) === "applied");
    await until("the follower has tried", async () => far.errors.length > 0);
    expect((await seen.look(["a"])).get("a")).toEqual([]);
    proxy.refusing = false;
    await until("it is mirrored", async () => (await seen.look(["a"])).get("a")?.[0]?.available === 7);
  } finally {
    await far.close();
    await proxy.close();
  }
});
