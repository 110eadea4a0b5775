// The worker closes the pages of the inventory's ledger by itself, without any sale.
import { actOnLevelsIn } from "@dropgate/inventory/levels/act";
import { insertPlaces } from "@dropgate/inventory/levels/places";
import { inventoryReport } from "@dropgate/inventory/levels/proof/report";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SaleStage, until } from "./sale-stage.ts";

let stage: SaleStage;
beforeEach(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterEach(async () => {
  await stage.close();
});

test("what happens to stock is closed in pages, by whichever of two workers", async () => {
  await insertPlaces(stage.truth, ["a"], ["east"]);
  stage.startWorkers(2);
  for (let i = 1; i <= 3; i++) {
    await stage.truth.transaction((tx) =>
      actOnLevelsIn(tx, [
        { sku: "a", locationId: "east", deltas: { onHand: i }, type: "adjustment", actor: "tester" },
      ]),
    );
    await until("it is in a page", async () => {
      const { rows } = await stage.truth.query<{ closed: number }>(
        "SELECT coalesce(sum(rows), 0)::bigint AS closed FROM inventory_pages",
      );
      return rows[0]?.closed === i;
    });
  }
  expect((await inventoryReport(stage.truth)).ok).toBe(true);
  expect(stage.happened.get("inventory.page")).toBe(3);
  expect(stage.errors).toEqual([]);
});
