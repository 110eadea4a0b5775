// Seeded orders and the shelves they meet, for benchmarks and tests: a country of a few large warehouses and many
// stores near its cities, each with a part of the range. The same seed is the same case on every machine.
import { type Dice, diceOf } from "../dice.ts";
import type { Facts } from "./choose.ts";
import type { Location, Order, Product, Stock } from "./model.ts";

export interface FulfilmentCase {
  order: Order;
  facts: Facts;
  now: Date;
}

export interface CaseSize {
  lines: number;
  locations: number;
}

/** What the exact choice is dimensioned for. */
export const LARGE_CASE: CaseSize = { lines: 20, locations: 200 };

export const CITIES = [
  { postalCode: "98101", region: "WA", lat: 47.61, lon: -122.33, timeZone: "America/Los_Angeles" },
  { postalCode: "90012", region: "CA", lat: 34.06, lon: -118.24, timeZone: "America/Los_Angeles" },
  { postalCode: "85004", region: "AZ", lat: 33.45, lon: -112.07, timeZone: "America/Phoenix" },
  { postalCode: "80202", region: "CO", lat: 39.75, lon: -104.99, timeZone: "America/Denver" },
  { postalCode: "75201", region: "TX", lat: 32.79, lon: -96.8, timeZone: "America/Chicago" },
  { postalCode: "60602", region: "IL", lat: 41.88, lon: -87.63, timeZone: "America/Chicago" },
  { postalCode: "37203", region: "TN", lat: 36.15, lon: -86.79, timeZone: "America/Chicago" },
  { postalCode: "30303", region: "GA", lat: 33.75, lon: -84.39, timeZone: "America/New_York" },
  { postalCode: "33130", region: "FL", lat: 25.77, lon: -80.2, timeZone: "America/New_York" },
  { postalCode: "10001", region: "NY", lat: 40.75, lon: -74, timeZone: "America/New_York" },
] as const;

/** One location in ten is a warehouse with nearly everything. */
const WAREHOUSE_EVERY = 10;

function product(sku: string, dice: Dice): Product {
  const edge = (): number => 50 + dice.upTo(350);
  return {
    sku,
    weightGrams: 100 + dice.upTo(4_000),
    dimensionsMm: { length: edge(), width: edge(), height: edge() },
    hazmat: dice.next() < 0.05,
    oversized: dice.next() < 0.05,
    refrigerated: dice.next() < 0.05,
  };
}

function location(id: string, isWarehouse: boolean, dice: Dice): Location {
  const city = dice.pick(CITIES);
  const near = (): number => (dice.next() - 0.5) * 3;
  return {
    id,
    address: { region: city.region, postalCode: city.postalCode, country: "US" },
    coordinates: { lat: city.lat + near(), lon: city.lon + near() },
    timeZone: city.timeZone,
    shippingMethods: ["standard", "expedited", "next_day"].map((method) => ({
      method,
      cutoff: `${14 + dice.upTo(5)}:00`,
    })),
    handles: {
      hazmat: isWarehouse || dice.next() < 0.5,
      oversized: isWarehouse || dice.next() < 0.5,
      refrigerated: isWarehouse || dice.next() < 0.5,
    },
    serviceRegions: ["US"],
    operatingDays: dice.next() < 0.5 ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 7],
    capacityPerDay: 50 + dice.upTo(1_000),
    currentUtilization: dice.upTo(95) / 100,
  };
}

function shelf(sku: string, locationId: string, isWarehouse: boolean, dice: Dice): Stock[] {
  if (dice.next() > (isWarehouse ? 0.8 : 0.35)) return [];
  const available = 1 + dice.upTo(isWarehouse ? 400 : 12);
  return [{ sku, locationId, available, sellable: dice.next() < 0.97 }];
}

/** Monday 2026-03-02, and up to four weeks later: the night on which clocks change is among them. */
function moment(dice: Dice): Date {
  return new Date(Date.UTC(2026, 2, 2) + dice.upTo(28 * 24 * 60) * 60_000);
}

export function fulfilmentCase(seed: number, { lines, locations }: CaseSize = LARGE_CASE): FulfilmentCase {
  const dice = diceOf(seed);
  const products = Array.from({ length: lines }, (_, i) => product(`sku-${i}`, dice));
  const places = Array.from({ length: locations }, (_, j) =>
    location(`location-${j}`, j % WAREHOUSE_EVERY === 0, dice),
  );
  const stock = places.flatMap(({ id }, j) =>
    products.flatMap(({ sku }) => shelf(sku, id, j % WAREHOUSE_EVERY === 0, dice)),
  );
  const { postalCode } = dice.pick(CITIES);
  const order: Order = {
    items: products.map(({ sku }) => ({ sku, quantity: 1 + dice.upTo(4) })),
    shipTo: { country: "US", postalCode },
    shippingSpeed: dice.pick(["standard", "standard", "expedited"]),
    preferSingleShipment: false,
    costWeight: dice.pick([0, 0.25, 0.5, 0.75, 1]),
    allowBackorder: true,
  };
  return { order, facts: { products, locations: places, stock }, now: moment(dice) };
}
