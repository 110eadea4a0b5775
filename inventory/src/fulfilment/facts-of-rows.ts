// What the choice of a location knows of products and places, from their rows.
import type { LocationRow } from "@dropgate/sql/locations/location-row";
import type { ProductRow } from "@dropgate/sql/products/product-row";
import type { Location, Product } from "./model.ts";

export function productOf(row: ProductRow): Product {
  const { sku, weightGrams, lengthMm, widthMm, heightMm, hazmat, oversized, refrigerated } = row;
  const dimensionsMm = { length: lengthMm, width: widthMm, height: heightMm };
  return { sku, weightGrams, dimensionsMm, hazmat, oversized, refrigerated };
}

export function locationOf(row: LocationRow): Location {
  const { id, region, postalCode, country, lat, lon, timeZone, shippingMethods } = row;
  return {
    id,
    address: { postalCode, country, ...(region !== null && { region }) },
    coordinates: { lat, lon },
    timeZone,
    shippingMethods,
    handles: {
      hazmat: row.handlesHazmat,
      oversized: row.handlesOversized,
      refrigerated: row.handlesRefrigerated,
    },
    serviceRegions: row.serviceRegions,
    operatingDays: row.operatingDays,
    capacityPerDay: row.capacityPerDay,
    currentUtilization: row.currentUtilization,
  };
}
