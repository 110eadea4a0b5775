// A stage with a warehouse: two locations, a secret that both share, and events told from outside under their signature.
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { expect, inject } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";

export const SECRET = "a secret that warehouses share";

let stage: Stage;

/** Opens the stage of this file; one a file. */
export async function openWarehouse(): Promise<Stage> {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { WMS_SECRET: SECRET },
  );
  await stage.worker();
  for (const id of ["east", "west"]) {
    const made = await call("POST", "admin/locations", {
      id,
      name: id,
      type: "warehouse",
      address: { postalCode: "10001", country: "US" },
      coordinates: { lat: 40.7, lon: id === "east" ? -74 : -122 },
      timeZone: "America/New_York",
      shippingMethods: [{ method: "standard", cutoff: "17:00" }],
      handles: { hazmat: true, oversized: true, refrigerated: true },
      serviceRegions: ["US"],
      operatingDays: [1, 2, 3, 4, 5, 6, 7],
      capacityPerDay: 1_000,
    });
    expect(made.status).toBe(201);
  }
  return stage;
}

export const call = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/${path}`, { bearer: BOOTSTRAP_KEY, ...(body === undefined ? {} : { body }) });

export async function product(sku: string): Promise<void> {
  const made = await call("POST", "admin/products", {
    sku,
    title: sku,
    price: { amount: 1_000, currency: "USD" },
    weightGrams: 100,
    dimensionsMm: { length: 100, width: 100, height: 100 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  });
  expect(made.status).toBe(201);
}

let ids = 0;
/** A moment of the past that is later than all before it. */
export const moment = (): string => new Date(Date.now() - 60_000 + ++ids).toISOString();
export const event = (eventType: string, fields: Record<string, unknown>): Record<string, unknown> => ({
  eventId: `event ${++ids}/ü`,
  eventType,
  timestamp: moment(),
  locationId: "east",
  source: "wms",
  ...fields,
});

export function send(
  body: unknown,
  over: { secret?: string; seconds?: number; signature?: string; at?: Gateway } = {},
): Promise<Told> {
  const text = JSON.stringify(body);
  const seconds = over.seconds ?? Math.floor(Date.now() / 1_000);
  const signature = over.signature ?? signatureOf(over.secret ?? SECRET, seconds, text);
  return stage.call("POST", "/api/v1/wms/events", {
    body,
    headers: { "x-signature": signature },
    ...(over.at && { at: over.at }),
  });
}

export const inbox = async (eventId: unknown): Promise<Record<string, unknown>> => {
  const { body } = await call("GET", "admin/wms/inbox?limit=100");
  return (body["items"] as Record<string, unknown>[]).find((row) => row["eventId"] === eventId) ?? {};
};
export const applied = (told: Record<string, unknown>): Promise<unknown> =>
  stage.until(async () => ((await inbox(told["eventId"]))["state"] === "applied" ? true : null));

export async function tell(...events: Record<string, unknown>[]): Promise<void> {
  const told = await send(events);
  expect(told.status, told.text).toBe(202);
  expect(told.body).toMatchObject({ rejected: [] });
  for (const each of events) await applied(each);
}

export async function level(sku: string, locationId = "east"): Promise<Record<string, unknown>> {
  const told = await call("GET", `admin/inventory?sku=${encodeURIComponent(sku)}&locationId=${locationId}`);
  return (told.body["items"] as Record<string, unknown>[])[0] ?? {};
}

export const receipt = (
  sku: string,
  quantity: number,
  over: Record<string, unknown> = {},
): Record<string, unknown> => event("RECEIVING_COMPLETE", { items: [{ sku, quantity }], ...over });

export async function alerts(kind: string): Promise<Record<string, unknown>[]> {
  return (await call("GET", `admin/alerts?kind=${kind}&limit=100`)).body["items"] as Record<
    string,
    unknown
  >[];
}

let orders = 0;
export async function allocated(
  sku: string,
  quantity: number,
  over: Record<string, unknown> = {},
): Promise<{ id: string; orderId: string }> {
  const orderId = `order ${++orders}`;
  const asked = {
    orderId,
    items: [{ sku, quantity }],
    shipTo: { country: "US", postalCode: "10001" },
    ...over,
  };
  const made = await stage.until(async () => {
    const told = await call("POST", "reservations", asked);
    return told.status === 201 ? told : null;
  });
  const { id } = made.body["reservation"] as { id: string };
  expect((await call("POST", `reservations/${id}/confirm`, {})).status).toBe(200);
  return { id, orderId };
}
export const linesOf = async (id: string): Promise<unknown> =>
  ((await call("GET", `reservations/${id}`)).body["reservation"] as { lines: unknown }).lines;
