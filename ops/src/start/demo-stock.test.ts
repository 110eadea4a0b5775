// The demo's stock is what the contract takes.
import { locationCreateSchema } from "@dropgate/contracts/location";
import { productCreateSchema } from "@dropgate/contracts/product";
import { expect, test } from "vitest";
import { demoSale } from "./demo-sale.ts";
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
