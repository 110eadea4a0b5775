// What lies in the demo's three American warehouses: made through the public API, as anyone would, and told to the
// simulated warehouse, whose shelves they are. Each step is done only where it is not done yet, so that a start that
// was killed half way is gone on with. What was sold since is filled up only where the next demo sale would not begin.

import { levelListSchema } from "@dropgate/contracts/inventory";
import type { LocationCreate } from "@dropgate/contracts/location";
import type { ProductCreate } from "@dropgate/contracts/product";
import { DEMO_SALE_SKU, DEMO_SALE_UNITS } from "./demo-sale.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const METHODS = [
  { method: "standard", cutoff: "20:00" },
  { method: "expedited", cutoff: "18:00" },
  { method: "next_day", cutoff: "15:00" },
];

function location(
  id: string,
  name: string,
  address: LocationCreate["address"],
  place: Pick<LocationCreate, "coordinates" | "timeZone">,
): LocationCreate {
  return {
    id,
    name,
    type: "warehouse",
    address,
    ...place,
    shippingMethods: METHODS,
    handles: { hazmat: true, oversized: true, refrigerated: false },
    serviceRegions: ["US"],
    operatingDays: EVERY_DAY,
    capacityPerDay: 10_000,
    currentUtilization: 0,
  };
}

export const DEMO_LOCATIONS: readonly LocationCreate[] = [
  location(
    "reno",
    "Reno",
    { line1: "1 Sierra Way", city: "Reno", region: "NV", postalCode: "89502", country: "US" },
    { coordinates: { lat: 39.5, lon: -119.78 }, timeZone: "America/Los_Angeles" },
  ),
  location(
    "memphis",
    "Memphis",
    { line1: "1 River Street", city: "Memphis", region: "TN", postalCode: "38118", country: "US" },
    { coordinates: { lat: 35.05, lon: -89.93 }, timeZone: "America/Chicago" },
  ),
  location(
    "harrisburg",
    "Harrisburg",
    { line1: "1 Forge Road", city: "Harrisburg", region: "PA", postalCode: "17101", country: "US" },
    { coordinates: { lat: 40.26, lon: -76.88 }, timeZone: "America/New_York" },
  ),
];

function product(
  sku: string,
  title: string,
  cents: number,
  weightGrams: number,
  [length, width, height]: readonly [number, number, number],
): ProductCreate {
  return {
    sku,
    title,
    price: { amount: cents, currency: "EUR" },
    weightGrams,
    dimensionsMm: { length, width, height },
    hazmat: false,
    oversized: false,
    refrigerated: false,
    preorder: false,
  };
}

/** The demo sale's, and what the demo shop sells beside it (demo/src/shop/buying/catalogue.ts). */
export const DEMO_PRODUCTS: readonly ProductCreate[] = [
  product(DEMO_SALE_SKU, "Aurora Console — Founders Edition", 49_900, 4_200, [420, 320, 140]),
  product("AURORA-PAD", "Aurora Controller", 6_900, 420, [180, 160, 90]),
  product("AURORA-DOCK", "Charging Dock", 3_900, 610, [210, 140, 80]),
  product("AURORA-SOUND", "Headset", 12_900, 540, [230, 210, 110]),
  product("AURORA-SLEEVE", "Travel Sleeve", 2_900, 380, [440, 340, 40]),
  product("AURORA-LIGHT", "Northern Lamp", 5_900, 900, [240, 240, 260]),
  product("AURORA-PRINT", "Art Print, numbered", 1_900, 260, [420, 300, 20]),
];

/**
 * On hand at the first start. Of each kind something to see: a shelf of a hundred that is easily counted wrong by six
 * percent, a product of which there are only a few, and one of which there is none until a delivery comes.
 */
export const DEMO_STOCK: readonly { sku: string; locationId: string; quantity: number }[] = [
  { sku: "AURORA-FE", locationId: "reno", quantity: 400 },
  { sku: "AURORA-PAD", locationId: "reno", quantity: 120 },
  { sku: "AURORA-PAD", locationId: "memphis", quantity: 80 },
  { sku: "AURORA-PAD", locationId: "harrisburg", quantity: 150 },
  { sku: "AURORA-DOCK", locationId: "reno", quantity: 60 },
  { sku: "AURORA-DOCK", locationId: "memphis", quantity: 100 },
  { sku: "AURORA-SOUND", locationId: "memphis", quantity: 40 },
  { sku: "AURORA-SOUND", locationId: "harrisburg", quantity: 40 },
  { sku: "AURORA-SLEEVE", locationId: "reno", quantity: 200 },
  { sku: "AURORA-LIGHT", locationId: "harrisburg", quantity: 4 },
];

/** @throws with the words of whoever refuses */
export async function ensureDemoStock(
  gatewayUrl: string,
  apiKey: string,
  warehouseUrl: string,
): Promise<void> {
  const ask = async (url: string, init: RequestInit, fine: readonly string[] = []): Promise<unknown> => {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    const body: { code?: unknown } = response.ok || fine.length > 0 ? JSON.parse(text) : {};
    if (response.ok || fine.includes(String(body.code))) return body;
    throw new Error(`The demo's stock could not be made: ${response.status} ${text.slice(0, 500)}`);
  };
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const admin = (path: string, body?: unknown, fine?: readonly string[], key?: string): Promise<unknown> =>
    ask(
      `${gatewayUrl}/api/v1/admin/${path}`,
      body === undefined
        ? { headers }
        : {
            method: "POST",
            headers: { ...headers, ...(key !== undefined && { "idempotency-key": key }) },
            body: JSON.stringify(body),
          },
      fine,
    );

  for (const each of DEMO_LOCATIONS) await admin("locations", each, ["LOCATION_EXISTS"]);
  for (const each of DEMO_PRODUCTS) await admin("products", each, ["PRODUCT_EXISTS"]);
  for (const { sku, locationId, quantity } of DEMO_STOCK) {
    const levels = levelListSchema.parse(
      await admin(`inventory?sku=${encodeURIComponent(sku)}&locationId=${locationId}`),
    );
    const [level] = levels.items;
    if (level !== undefined && (sku !== DEMO_SALE_SKU || level.available >= DEMO_SALE_UNITS)) continue;
    // The shelf first: a warehouse that has more than Dropgate knows of promises nothing.
    await ask(`${warehouseUrl}/shelves`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ locationId, sku, count: (level?.onHand ?? 0) + quantity }),
    });
    // Under one key: a start that died before the approval finds the same adjustment and approves it.
    const asked = { sku, locationId, delta: quantity, reason: "The demo's stock" };
    const key = `demo-stock ${sku} ${locationId} ${level?.lastUpdatedAt ?? "opening"}`;
    const adjustment = await admin("adjustments", asked, [], key);
    const id = (adjustment as { id: string }).id;
    await admin(`adjustments/${id}/approve`, {});
  }
}
