// The made-up catalogue: the same from the same seed, and like a shop's.
import { locationCreateSchema } from "@dropgate/contracts/location";
import { productCreateSchema } from "@dropgate/contracts/product";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { inventoryReport } from "../levels/proof/report.ts";
import { type CatalogueSize, locationAt, productAt, shelvesOf } from "./catalogue.ts";
import { fillCatalogue } from "./fill.ts";

const size: CatalogueSize = { skus: 1_000, locations: 40, everywhere: false, seed: 7 };
const numbers = Array.from({ length: size.skus }, (_, i) => i);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

test("each product and location is one that an operator could have added", () => {
  for (const { sku, facts } of numbers.map((number) => productAt(size, number))) {
    const { priceAmount, priceCurrency, lengthMm, widthMm, heightMm, ...rest } = facts;
    productCreateSchema.parse({
      sku,
      price: { amount: priceAmount, currency: priceCurrency },
      dimensionsMm: { length: lengthMm, width: widthMm, height: heightMm },
      ...rest,
    });
  }
  for (const { id, facts } of Array.from({ length: 40 }, (_, i) => locationAt(size, i))) {
    const { line1, region, postalCode, country, lat, lon } = facts;
    locationCreateSchema.parse({
      id,
      name: facts.name,
      type: facts.type,
      address: { line1, region, postalCode, country },
      coordinates: { lat, lon },
      timeZone: facts.timeZone,
      shippingMethods: facts.shippingMethods,
      handles: {
        hazmat: facts.handlesHazmat,
        oversized: facts.handlesOversized,
        refrigerated: facts.handlesRefrigerated,
      },
      serviceRegions: facts.serviceRegions,
      operatingDays: facts.operatingDays,
      capacityPerDay: facts.capacityPerDay,
      currentUtilization: facts.currentUtilization,
    });
  }
});

test("what sells lies everywhere, most things in a few places, each place once", () => {
  const places = numbers.map((number) => shelvesOf(size, number).map(({ locationId }) => locationId));
  expect(places[0]).toHaveLength(40);
  expect(places.at(-1)).toHaveLength(3);
  for (const some of places) expect(new Set(some).size).toBe(some.length);
  const all = places.flat().length;
  expect(all).toBeGreaterThan(3 * size.skus);
  expect(all).toBeLessThan(10 * size.skus);
  expect(shelvesOf({ ...size, everywhere: true }, 999)).toHaveLength(40);
});

test("it is filled in once, goes on where it was broken off, and is the sum of its ledger", async () => {
  const { truth } = database;
  const half = { ...size, skus: 500 };
  const dies = fillCatalogue(truth, half, (_filled, skus) => {
    if (skus === 400) throw new Error("it dies here");
  });
  await expect(dies).rejects.toThrow("it dies here");
  const rest = await fillCatalogue(truth, half);
  expect(rest.products).toBe(0);
  expect(rest.levels).toBeGreaterThan(0);
  expect(await fillCatalogue(truth, half)).toEqual({ products: 0, locations: 0, levels: 0 });
  const { rows } = await truth.query<{ products: number; levels: number; onHand: number; told: number }>(
    `SELECT (SELECT count(*) FROM products) AS products, count(*) AS levels, sum(on_hand) AS "onHand",
       (SELECT sum(on_hand) FROM inventory_transactions) AS told FROM inventory_levels`,
  );
  const shelves = numbers.slice(0, 500).flatMap((number) => shelvesOf(half, number));
  const onHand = shelves.reduce((sum, shelf) => sum + shelf.onHand, 0);
  expect(rows).toEqual([{ products: 500, levels: shelves.length, onHand, told: onHand }]);
  expect(await inventoryReport(truth)).toMatchObject({ ok: true });
});
