// A realistic catalogue from a seed, for tests, benchmarks and whoever tries Dropgate on something of the right size:
// products with prices and weights as shops have them, a few large warehouses and many stores near cities, and shelves
// as they are: what sells is everywhere, most things lie in a handful of places. Each row is made from the seed and its
// number alone, so that any part can be made again without the rest.
import type { LocationFacts } from "@dropgate/sql/locations/location-row";
import type { ProductFacts } from "@dropgate/sql/products/product-row";
import { type Dice, diceOf } from "../dice.ts";
import { CITIES } from "../fulfilment/cases.ts";

export interface CatalogueSize {
  skus: number;
  locations: number;
  /** Every SKU at every location, as no shop has it: the largest that a number of each can come to. */
  everywhere: boolean;
  seed: number;
}

export interface CatalogueProduct {
  sku: string;
  facts: ProductFacts;
}

export interface CatalogueLocation {
  id: string;
  facts: LocationFacts;
}

export interface Shelf {
  sku: string;
  locationId: string;
  onHand: number;
  reorderPoint: number;
}

/** One location in ten is a warehouse. */
const WAREHOUSE_EVERY = 10;
/** Places of a SKU that few want; of the one that most want it is all of them. */
const PLACES_MIN = 3;
/** How fast the number of places falls with the rank: rank 100 is in a tenth of them. */
const PLACES_POWER = 0.5;

const KINDS = [
  "Lamp",
  "Kettle",
  "Jacket",
  "Console",
  "Headphones",
  "Backpack",
  "Chair",
  "Tent",
  "Mug",
  "Camera",
];
const LOOKS = [
  "oak",
  "steel",
  "red",
  "midnight",
  "compact",
  "travel",
  "studio",
  "classic",
  "winter",
  "folding",
];
const MAKERS = ["Aldra", "Benno", "Corvo", "Dunmore", "Elska", "Fjord", "Garnet", "Hollis", "Inari", "Juno"];

/** Numbers far apart for neighbours, or the first dice of all products would resemble each other. */
function diceFor(size: CatalogueSize, kind: number, number: number): Dice {
  return diceOf(Math.imul(size.seed + 1, 0x85ebca6b) ^ Math.imul(number * 4 + kind + 1, 0xc2b2ae35));
}

/** Wide enough that ids sort as numbers do. */
function numbered(prefix: string, number: number, of: number): string {
  return `${prefix}-${String(number + 1).padStart(String(of).length, "0")}`;
}

export function skuOf(size: CatalogueSize, number: number): string {
  return numbered("sku", number, size.skus);
}

export function locationIdOf(size: CatalogueSize, number: number): string {
  return numbered(isWarehouse(number) ? "warehouse" : "store", number, size.locations);
}

function isWarehouse(number: number): boolean {
  return number % WAREHOUSE_EVERY === 0;
}

/** @param number 0 … skus − 1; also its rank in demand */
export function productAt(size: CatalogueSize, number: number): CatalogueProduct {
  const dice = diceFor(size, 0, number);
  // Prices are spread evenly by their logarithm, 3 to 3,000, and end in 99.
  const whole = Math.round(Math.exp(Math.log(3) + dice.next() * Math.log(1_000)));
  const edge = (): number => 40 + dice.upTo(360);
  const oversized = dice.next() < 0.02;
  return {
    sku: skuOf(size, number),
    facts: {
      title: `${dice.pick(MAKERS)} ${dice.pick(LOOKS)} ${dice.pick(KINDS).toLowerCase()}`,
      priceAmount: whole * 100 - 1,
      priceCurrency: "USD",
      weightGrams: oversized ? 15_000 + dice.upTo(40_000) : 50 + dice.upTo(5_000),
      lengthMm: oversized ? 1_200 + dice.upTo(1_200) : edge(),
      widthMm: edge(),
      heightMm: edge(),
      hazmat: dice.next() < 0.03,
      oversized,
      refrigerated: dice.next() < 0.02,
      preorder: dice.next() < 0.01,
    },
  };
}

/** @param number 0 … locations − 1 */
export function locationAt(size: CatalogueSize, number: number): CatalogueLocation {
  const dice = diceFor(size, 1, number);
  const city = dice.pick(CITIES);
  const warehouse = isWarehouse(number);
  const near = (): number => Math.round((dice.next() - 0.5) * 30_000) / 10_000;
  return {
    id: locationIdOf(size, number),
    facts: {
      name: `${warehouse ? "Warehouse" : "Store"} ${number + 1}, ${city.region}`,
      type: warehouse ? "warehouse" : "store",
      line1: `${1 + dice.upTo(999)} Main Street`,
      city: null,
      region: city.region,
      postalCode: city.postalCode,
      country: "US",
      lat: city.lat + near(),
      lon: city.lon + near(),
      timeZone: city.timeZone,
      shippingMethods: ["standard", "expedited", "next_day", ...(warehouse ? [] : ["same_day"])].map(
        (method) => ({
          method,
          cutoff: `${14 + dice.upTo(5)}:00`,
        }),
      ),
      handlesHazmat: warehouse || dice.next() < 0.3,
      handlesOversized: warehouse || dice.next() < 0.2,
      handlesRefrigerated: warehouse || dice.next() < 0.3,
      serviceRegions: warehouse ? ["US"] : [`US-${city.region}`],
      operatingDays: warehouse ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5, 6],
      capacityPerDay: warehouse ? 5_000 + dice.upTo(20_000) : 50 + dice.upTo(200),
      currentUtilization: dice.upTo(80) / 100,
      wmsUrl: null,
    },
  };
}

/** How many places have a SKU, by its rank in demand. */
function placesOf({ skus, locations, everywhere }: CatalogueSize, number: number): number {
  if (everywhere) return locations;
  const share = (1 + (number * 1_000) / Math.max(1, skus)) ** -PLACES_POWER;
  return Math.min(locations, Math.max(PLACES_MIN, Math.round(locations * share)));
}

/** The shelves that have a SKU, by location; the same number always gives the same. */
export function shelvesOf(size: CatalogueSize, number: number): Shelf[] {
  const dice = diceFor(size, 2, number);
  const sku = skuOf(size, number);
  const count = placesOf(size, number);
  // A walk over all locations in steps that meet each of them once.
  const first = dice.upTo(size.locations);
  const step = coprimeStep(size.locations, dice);
  const places = Array.from({ length: count }, (_, i) => (first + i * step) % size.locations);
  return places
    .toSorted((a, b) => a - b)
    .map((place) => {
      const onHand = isWarehouse(place) ? 20 + dice.upTo(480) : dice.upTo(25);
      return { sku, locationId: locationIdOf(size, place), onHand, reorderPoint: Math.floor(onHand / 10) };
    });
}

function coprimeStep(modulus: number, dice: Dice): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  for (let step = 1 + dice.upTo(modulus); ; step++) if (divisor(step, modulus) === 1) return step;
}
