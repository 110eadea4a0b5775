// Good requests for products and locations, which tests change where they want them otherwise.

import type { locationCreateSchema } from "@dropgate/contracts/location";
import type { productCreateSchema } from "@dropgate/contracts/product";
import type { z } from "zod";
import type { Told } from "../stage.ts";

type ProductRequest = z.input<typeof productCreateSchema>;
type LocationRequest = z.input<typeof locationCreateSchema>;

export function aProduct(over: Partial<ProductRequest> & { sku: string }): ProductRequest {
  return {
    title: "A thing",
    price: { amount: 1_999, currency: "EUR" },
    weightGrams: 200,
    dimensionsMm: { length: 300, width: 200, height: 20 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
    ...over,
  };
}

export function aLocation(over: Partial<LocationRequest> & { id: string }): LocationRequest {
  return {
    name: "A place",
    type: "warehouse",
    address: { line1: "1 Long Road", city: "Berlin", region: "BE", postalCode: "10115", country: "DE" },
    coordinates: { lat: 52.53, lon: 13.38 },
    timeZone: "Europe/Berlin",
    shippingMethods: [
      { method: "standard", cutoff: "17:00" },
      { method: "next_day", cutoff: "12:30" },
    ],
    handles: { hazmat: false, oversized: true, refrigerated: false },
    serviceRegions: ["DE", "US-WA", "US:98", "GB:SW1A 1"],
    operatingDays: [1, 2, 3, 4, 5, 6],
    capacityPerDay: 1_000,
    ...over,
  };
}

/** Which fields a problem is about. */
export function pointersOf({ body }: Told): string[] {
  return ((body["errors"] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
}
