// Small worlds for tests of the choice: a few locations, shelves written as tables, and a plan told in a line.
import { type Choice, choosePlan } from "./choose.ts";
import type { Location, Order, Product, Stock } from "./model.ts";
import { loadPostalTable } from "./places.ts";
import { tableRates } from "./rates.ts";

export const postalTable = await loadPostalTable();
export const rates = tableRates();
/** Tuesday, 10:00 in New York, 07:00 in Seattle. */
export const NOW = new Date("2026-01-13T15:00:00Z");

export const SEATTLE = { coordinates: { lat: 47.61, lon: -122.33 }, timeZone: "America/Los_Angeles" };
export const DENVER = { coordinates: { lat: 39.75, lon: -104.99 }, timeZone: "America/Denver" };
export const NEW_YORK = { coordinates: { lat: 40.75, lon: -74 }, timeZone: "America/New_York" };

export function location(id: string, facts: Partial<Location> = {}): Location {
  return {
    id,
    address: { country: "US" },
    ...SEATTLE,
    shippingMethods: ["standard", "expedited", "next_day", "same_day"].map((method) => ({
      method,
      cutoff: "17:00",
    })),
    handles: { hazmat: false, oversized: false, refrigerated: false },
    serviceRegions: ["US"],
    operatingDays: [1, 2, 3, 4, 5],
    capacityPerDay: 100,
    ...facts,
  };
}

export function product(sku: string, facts: Partial<Product> = {}): Product {
  const dimensionsMm = { length: 100, width: 100, height: 100 };
  return {
    sku,
    weightGrams: 500,
    dimensionsMm,
    hazmat: false,
    oversized: false,
    refrigerated: false,
    ...facts,
  };
}

/** `{ west: { shirt: 3 } }` */
function stock(shelves: Record<string, Record<string, number>>): Stock[] {
  return Object.entries(shelves).flatMap(([locationId, shelf]) =>
    Object.entries(shelf).map(([sku, available]) => ({ sku, locationId, available, sellable: true })),
  );
}

export function order(items: Record<string, number>, facts: Partial<Order> = {}): Order {
  return {
    items: Object.entries(items).map(([sku, quantity]) => ({ sku, quantity })),
    shipTo: { country: "US", postalCode: "98101" },
    shippingSpeed: "standard",
    preferSingleShipment: false,
    costWeight: 0.5,
    ...facts,
  };
}

export const PRODUCTS = ["shirt", "shoes", "hat"].map((sku) => product(sku));

export function choose(
  asked: Order,
  locations: Location[],
  shelves: Record<string, Record<string, number>>,
  { products = PRODUCTS, now = NOW }: { products?: Product[]; now?: Date } = {},
): Choice {
  return choosePlan(asked, { products, locations, stock: stock(shelves) }, { now, postalTable, rates });
}

/** `west: shirt×1 shoes×2` for each shipment. */
export function told(choice: Choice): string[] {
  if (!choice.ok) return [choice.refusal];
  return choice.plan.shipments.map(
    ({ locationId, lines }) =>
      `${locationId}: ${lines.map(({ sku, quantity }) => `${sku}×${quantity}`).join(" ")}`,
  );
}

export function reasons(choice: Choice, locationId: string, sku?: string): string[] {
  return choice.excluded
    .filter((it) => it.locationId === locationId && it.sku === sku)
    .flatMap((it) => it.reasons);
}

export const WEST = location("west");
export const EAST = location("east", NEW_YORK);
