// What lies in the demo's three American warehouses: made through the public API, as anyone would, and told to the
// simulated warehouse, whose shelves they are. Each step is done only where it is not done yet, so that a start that
// was killed half way is gone on with. What was sold since is filled up only where the next demo sale would not begin.
import { createHmac } from "node:crypto";
import { type Level, levelListSchema } from "@dropgate/contracts/inventory";
import type { LocationCreate } from "@dropgate/contracts/location";
import type { ProductCreate } from "@dropgate/contracts/product";
import { inboxListSchema, wmsAnswerSchema } from "@dropgate/contracts/wms";
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

/** Where the demo's parts are, and what opens them. */
export interface DemoHouse {
  gatewayUrl: string;
  warehouseUrl: string;
  apiKey: string;
  /** Under which the warehouse's events are believed. */
  wmsSecret: string;
}

/** When the first deliveries are said to have come: the same on every start, so that told twice they are one. */
const DEMO_OPENED_AT = "2026-01-01T08:00:00.000Z";
const APPLIED_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Stock comes as it comes to any shop: a warehouse tells of a delivery.
 * @throws with the words of whoever refuses
 */
export async function ensureDemoStock(house: DemoHouse): Promise<void> {
  const { gatewayUrl, warehouseUrl, apiKey } = house;
  const json = { "content-type": "application/json" };
  const bearer = { authorization: `Bearer ${apiKey}` };
  const make = (path: string, body: unknown, fine: string): Promise<unknown> =>
    ask(
      `${gatewayUrl}/api/v1/admin/${path}`,
      { method: "POST", headers: { ...json, ...bearer }, body: JSON.stringify(body) },
      fine,
    );
  const levelOf = async (sku: string, locationId: string): Promise<Level | undefined> => {
    const query = new URLSearchParams({ sku, locationId });
    const read = await ask(`${gatewayUrl}/api/v1/admin/inventory?${query}`, { headers: bearer });
    return levelListSchema.parse(read).items[0];
  };

  for (const each of DEMO_LOCATIONS) await make("locations", each, "LOCATION_EXISTS");
  for (const each of DEMO_PRODUCTS) await make("products", each, "PRODUCT_EXISTS");
  const deliveries: Delivery[] = [];
  for (const { sku, locationId, quantity } of DEMO_STOCK) {
    const level = await levelOf(sku, locationId);
    if (level !== undefined && (sku !== DEMO_SALE_SKU || level.available >= DEMO_SALE_UNITS)) continue;
    const onHand = (level?.onHand ?? 0) + quantity;
    // The shelf first: a warehouse that has more than Dropgate knows of promises nothing.
    await ask(`${warehouseUrl}/shelves`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ locationId, sku, count: onHand }),
    });
    // A start that died meanwhile tells the same event again, at the same time, which is one.
    const timestamp = level?.lastUpdatedAt ?? DEMO_OPENED_AT;
    const eventId = `demo-stock ${sku} ${locationId} ${timestamp}`;
    deliveries.push({ eventId, timestamp, sku, locationId, quantity });
  }
  if (deliveries.length === 0) return;
  await tell(house, deliveries);
  const deadline = Date.now() + APPLIED_MS_MAX;
  // Not by the levels: what is picked meanwhile leaves them again.
  for (;;) {
    const query = new URLSearchParams({ state: "waiting", limit: "200" });
    const read = await ask(`${gatewayUrl}/api/v1/admin/wms/inbox?${query}`, { headers: bearer });
    const waiting = new Set(inboxListSchema.parse(read).items.map(({ eventId }) => eventId));
    const late = deliveries.find(({ eventId }) => waiting.has(eventId));
    if (late === undefined) return;
    if (Date.now() > deadline) {
      throw new Error(
        `The demo's ${late.sku} was delivered to ${late.locationId}, but no worker has put it on the shelf.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

type Delivery = (typeof DEMO_STOCK)[number] & { eventId: string; timestamp: string };

async function tell({ gatewayUrl, wmsSecret }: DemoHouse, deliveries: readonly Delivery[]): Promise<void> {
  const now = Date.now();
  const events = deliveries.map(({ eventId, timestamp, sku, locationId, quantity }) => ({
    eventId,
    eventType: "RECEIVING_COMPLETE",
    timestamp,
    locationId,
    source: "demo",
    items: [{ sku, quantity }],
  }));
  const body = JSON.stringify(events);
  const seconds = Math.floor(now / 1_000);
  const proof = createHmac("sha256", wmsSecret).update(`${seconds}.${body}`).digest("hex");
  const told = await ask(`${gatewayUrl}/api/v1/wms/events`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": `t=${seconds},v1=${proof}` },
    body,
  });
  // Told by the start of an earlier version it is the same delivery, with another time.
  const refused = wmsAnswerSchema.parse(told).rejected.filter(({ code }) => code !== "EVENT_CONFLICT");
  const [first] = refused;
  if (first === undefined) return;
  const why =
    first.code === "SIGNED_FOR_ANOTHER_LOCATION"
      ? "A location of the demo has a warehouse secret of its own now. Set it back to the shared one in the console, or start with --no-demo."
      : first.detail;
  throw new Error(`The demo's stock could not be delivered: ${why}`);
}

async function ask(url: string, init: RequestInit, fine?: string): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  const body: { code?: unknown } = response.ok || fine !== undefined ? JSON.parse(text) : {};
  if (response.ok || body.code === fine) return body;
  throw new Error(`The demo's stock could not be made: ${response.status} ${text.slice(0, 500)}`);
}
