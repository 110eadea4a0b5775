// Products and locations that tests put stock of and into.
import type { Statements } from "@dropgate/sql";
import { insertLocation, type LocationFacts } from "@dropgate/sql/locations/location-row";
import { insertProduct, type ProductFacts } from "@dropgate/sql/products/product-row";

const PRODUCT: ProductFacts = {
  title: "A thing",
  priceAmount: 1_000,
  priceCurrency: "EUR",
  weightGrams: 100,
  lengthMm: 10,
  widthMm: 10,
  heightMm: 10,
  hazmat: false,
  oversized: false,
  refrigerated: false,
  preorder: false,
};

const LOCATION: LocationFacts = {
  name: "A place",
  type: "warehouse",
  line1: null,
  city: null,
  region: null,
  postalCode: "10115",
  country: "DE",
  lat: 52.5,
  lon: 13.4,
  timeZone: "Europe/Berlin",
  shippingMethods: [],
  handlesHazmat: false,
  handlesOversized: false,
  handlesRefrigerated: false,
  serviceRegions: ["DE"],
  operatingDays: [1, 2, 3, 4, 5],
  capacityPerDay: 100,
  currentUtilization: 0,
  wmsUrl: null,
};

/** Those that are there already stay as they are. */
export async function insertPlaces(
  tx: Statements,
  skus: readonly string[],
  locationIds: readonly string[],
): Promise<void> {
  for (const sku of skus) await insertProduct(tx, sku, PRODUCT);
  for (const id of locationIds) await insertLocation(tx, id, LOCATION);
}
