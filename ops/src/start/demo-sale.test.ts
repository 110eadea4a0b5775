import { adminSaleSchema, saleCreateSchema } from "@dropgate/contracts/sale";
import { expect, test } from "vitest";
import { demoSale, isStillGoing } from "./demo-sale.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const shop = "http://127.0.0.1:8081";

test("what is asked for is what the contract takes", () => {
  const sale = saleCreateSchema.parse(demoSale(now, shop));
  expect(sale).toMatchObject({ source: "inventory", quantity: 100, checkoutUrl: `${shop}/checkout` });
  expect(sale.schedule).toEqual({
    drawAt: "2026-03-01T12:01:00.000Z",
    opensAt: "2026-03-01T12:01:00.000Z",
    closesAt: "2026-03-01T14:00:00.000Z",
  });
});

test("an earlier demo sale is gone on with only while it has a shop, units and time", () => {
  const asked = saleCreateSchema.parse(demoSale(now, shop));
  const sale = adminSaleSchema.parse({
    ...asked,
    id: "s",
    phase: "live",
    version: 1,
    schedule: { lobbyAt: new Date(now).toISOString(), ...asked.schedule },
    serverTime: new Date(now).toISOString(),
    stock: { status: "in_stock", message: "" },
    queue: { waiting: 0, serving: 0, ratePerSecond: 5 },
    draw: { commitment: "", algorithm: "dropgate-draw-1", secret: null },
    poolCount: 4,
    laneCount: 4,
    beacon: null,
    units: { free: 100, held: 0, sold: 0, returned: 0 },
    createdAt: new Date(now).toISOString(),
  });
  expect(isStillGoing(sale, now, shop)).toBe(true);
  expect(isStillGoing({ ...sale, phase: "sold_out" }, now, shop)).toBe(false);
  expect(isStillGoing({ ...sale, phase: "closed" }, now, shop)).toBe(false);
  expect(isStillGoing({ ...sale, title: "Somebody's sale" }, now, shop)).toBe(false);
  expect(isStillGoing(sale, now, "http://127.0.0.1:9999")).toBe(false);
  expect(isStillGoing(sale, now + 7_000_000, shop)).toBe(false);
});
