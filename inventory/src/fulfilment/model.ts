// What the choice of a location is made from. Plain facts under their names on the wire: whoever calls reads them
// from tables or caches, and the choice itself knows neither.
import type { ShippingSpeed } from "@dropgate/contracts/fulfilment";

export interface Coordinates {
  lat: number;
  lon: number;
}

export interface Location {
  id: string;
  address: { region?: string | undefined; postalCode?: string | undefined; country: string };
  coordinates: Coordinates;
  timeZone: string;
  shippingMethods: readonly { method: string; cutoff: string }[];
  handles: { hazmat: boolean; oversized: boolean; refrigerated: boolean };
  serviceRegions: readonly string[];
  /** 1 is Monday. */
  operatingDays: readonly number[];
  /** Orders, however many lines each has. */
  capacityPerDay: number;
  /** The part of the capacity in use, 0 to 1. */
  currentUtilization?: number | undefined;
}

export interface Product {
  sku: string;
  weightGrams: number;
  dimensionsMm: { length: number; width: number; height: number };
  hazmat: boolean;
  oversized: boolean;
  refrigerated: boolean;
}

/** What one location has of one SKU. */
export interface Stock {
  sku: string;
  locationId: string;
  /** onHand − allocated − reserved − safetyStock; below 0 when a count found less than was promised. */
  available: number;
  sellable: boolean;
}

export interface ShipTo {
  country: string;
  region?: string | undefined;
  postalCode?: string | undefined;
}

export interface Order {
  items: readonly { sku: string; quantity: number }[];
  shipTo: ShipTo;
  shippingSpeed: ShippingSpeed;
  preferSingleShipment: boolean;
  /** 0: nothing but speed. 1: nothing but cost. */
  costWeight: number;
  /** `2026-03-09`, or a time, of which the day as it is written counts. */
  requestedDeliveryDate?: string | undefined;
  allowBackorder?: boolean | undefined;
}

/** One SKU of an order. Two lines of the same SKU draw on the same shelf, so they are one demand. */
export interface Demand {
  product: Product;
  quantity: number;
}

/** The same order for every machine: by the bytes of the UTF-8 form, as PostgreSQL's "C" collation has it. */
export function compareBytes(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const ranks = rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
    if (ranks !== 0) return ranks;
  }
  return a.length - b.length;
}

/** Halves of a character beyond U+FFFF stand for more than any whole one, and are numbered in its midst. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}
