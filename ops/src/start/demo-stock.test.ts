// The demo's stock is what the contract takes.
import { LOW_STOCK_THRESHOLD } from "@dropgate/contracts/limits";
import { locationCreateSchema } from "@dropgate/contracts/location";
import { productCreateSchema } from "@dropgate/contracts/product";
import { expect, test } from "vitest";
import { DEMO_SALE_SKU, demoSale } from "./demo-sale.ts";
import { DEMO_LOCATIONS, DEMO_PRODUCTS, DEMO_STOCK } from "./demo-stock.ts";

test("its locations and products are valid, and all stock is of them", () => {
  const locations = DEMO_LOCATIONS.map((each) => locationCreateSchema.parse(each).id);
  const products = DEMO_PRODUCTS.map((each) => productCreateSchema.parse(each).sku);
  for (const { sku, locationId } of DEMO_STOCK) {
    expect(products).toContain(sku);
    expect(locations).toContain(locationId);
  }
});

test("there is more than enough of what the demo sale sells", () => {
  const sale = demoSale(0, "http://shop");
  const stock = DEMO_STOCK.filter(({ sku }) => sku === sale["sku"]);
  expect(stock.reduce((sum, { quantity }) => sum + quantity, 0)).toBeGreaterThanOrEqual(
    Number(sale["quantity"]),
  );
});

test("beside the sale's there are products in plenty, one of few and one of none, so that each can be seen", () => {
  const ordinary = DEMO_PRODUCTS.filter(({ sku }) => sku !== DEMO_SALE_SKU);
  expect(ordinary.length).toBeGreaterThanOrEqual(4);
  const onHand = ordinary.map(({ sku }) =>
    Math.max(0, ...DEMO_STOCK.filter((each) => each.sku === sku).map(({ quantity }) => quantity)),
  );
  expect(onHand.filter((most) => most === 0)).toHaveLength(1);
  expect(onHand.filter((most) => most > 0 && most <= LOW_STOCK_THRESHOLD)).toHaveLength(1);
});
