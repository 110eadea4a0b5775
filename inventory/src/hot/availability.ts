// What a shopper is told of a product: a status, a word for it, by region, and by when it would come. Pure: from what
// is shown of the stock, the locations and the time.
import type { Availability, StockStatus } from "@dropgate/contracts/availability";
import { AVAILABILITY_REGIONS_MAX } from "@dropgate/contracts/limits";
import { type Circumstances, findEligible } from "../fulfilment/eligible.ts";
import { compareBytes, type Location, type Order, type ShipTo } from "../fulfilment/model.ts";
import { isServed, placeOf } from "../fulfilment/places.ts";
import { type Band, bandTogether } from "./bands.ts";
import type { Shown } from "./shown-stock.ts";

/** Null: anywhere. */
export type AskedPlace = Pick<ShipTo, "country" | "postalCode"> | null;

const MESSAGES: Record<StockStatus, string> = {
  in_stock: "In stock",
  low_stock: "Only a few left",
  out_of_stock: "Out of stock",
  preorder: "Available for pre-order",
  unknown: "Check availability at checkout",
};

/** What is said when no layer can be asked: never a false "in stock". */
export function unknownAvailability(sku: string, now: Date): Availability {
  return {
    sku,
    overallStatus: "unknown",
    stockMessage: MESSAGES.unknown,
    availableByRegion: [],
    estimatedDelivery: null,
    asOf: now.toISOString(),
  };
}

/** @param figure units that are left, where they may be told and were read just now; else null */
export function availabilityOf(
  { asOf, product, bands }: Shown,
  locations: readonly Location[],
  place: AskedPlace,
  figure: number | null,
  circumstances: Circumstances,
): Availability {
  const stocked = locations.filter(({ id }) => Object.hasOwn(bands, id));
  const asked = place === null ? null : placeOf(place, circumstances.postalTable);
  const served = asked === null ? stocked : stocked.filter((one) => isServed(one.serviceRegions, asked));
  const regions = regionsOf(served).filter((region) => asked === null || isServed([region], asked));
  const bandIn = (some: readonly Location[]): Band => bandTogether(some.map(({ id }) => bands[id] ?? "none"));
  const told = (band: Band): StockStatus => statusOf(band, product.preorder);
  const deliveryFrom = (some: readonly Location[], shipTo: ShipTo): string | null =>
    earliest(
      shipTo,
      product,
      some.filter(({ id }) => bands[id] !== "none"),
      circumstances,
    );
  const availableByRegion = regions.map((region) => {
    // Who serves the whole country serves this part of it, though it is not in their list.
    const there = placeOf(shipToOf(region), circumstances.postalTable);
    const serving = served.filter(({ serviceRegions }) => isServed(serviceRegions, there));
    const status = told(bandIn(serving));
    const estimatedDelivery = deliveryFrom(serving, place ?? shipToOf(region));
    return { region, status, stockMessage: MESSAGES[status], estimatedDelivery };
  });
  const overallStatus = told(bandIn(served));
  return {
    sku: product.sku,
    overallStatus,
    stockMessage:
      overallStatus === "low_stock" && figure !== null ? `Only ${figure} left` : MESSAGES[overallStatus],
    availableByRegion,
    estimatedDelivery:
      place === null
        ? first(availableByRegion.map(({ estimatedDelivery }) => estimatedDelivery))
        : deliveryFrom(served, place),
    asOf,
  };
}

function statusOf(band: Band, preorder: boolean): StockStatus {
  if (band === "many") return "in_stock";
  if (band === "few") return "low_stock";
  return preorder ? "preorder" : "out_of_stock";
}

/** In the order of their bytes; of a seller that serves by many prefixes the first. */
function regionsOf(locations: readonly Location[]): string[] {
  const regions = new Set(locations.flatMap(({ serviceRegions }) => serviceRegions));
  return [...regions].toSorted(compareBytes).slice(0, AVAILABILITY_REGIONS_MAX);
}

/** `US`, `US-WA` or `US:98` as somebody's address there. */
function shipToOf(served: string): ShipTo {
  const country = served.slice(0, 2);
  const rest = served.slice(3);
  if (served[2] === "-") return { country, region: rest };
  return served[2] === ":" ? { country, postalCode: rest } : { country };
}

/** By standard shipping, from whoever is quickest. */
function earliest(
  shipTo: ShipTo,
  product: Shown["product"],
  locations: readonly Location[],
  circumstances: Circumstances,
): string | null {
  const order: Order = {
    items: [{ sku: product.sku, quantity: 1 }],
    shipTo,
    shippingSpeed: "standard",
    preferSingleShipment: false,
    costWeight: 0,
  };
  const stock = locations.map(({ id }) => ({
    sku: product.sku,
    locationId: id,
    available: 1,
    sellable: true,
  }));
  const { candidates } = findEligible(order, [{ product, quantity: 1 }], locations, stock, circumstances);
  return first(
    candidates.map(({ delivery, available }) =>
      (available[0] ?? 0) > 0 ? delivery.estimatedDelivery : null,
    ),
  );
}

/** Times of one form sort as texts. */
function first(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).toSorted()[0] ?? null;
}
