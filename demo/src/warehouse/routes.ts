// Which address does what: Dropgate's requests, signed; and, for whoever plays with the demo, a page and a few levers.
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { broughtText, idSchema, skuSchema } from "@dropgate/contracts/values";
import { type WmsRequest, wmsRequestSchema } from "@dropgate/contracts/wms-requests";
import { z } from "zod";
import { diceOf } from "./dice.ts";
import type { Memory } from "./memory.ts";
import { statePage } from "./page.ts";
import { type Circumstances, plan, type WmsEvent } from "./plan.ts";
import type { WarehouseSettings } from "./settings.ts";
import { isSigned } from "./signing.ts";

export interface Warehouse {
  memory: Memory;
  settings: Pick<WarehouseSettings, "secret" | "stepMs" | "odds" | "seed">;
  now: () => number;
  /** Requests that are being written down: a second copy of one is told to come again. */
  hearing: Set<string>;
}

export interface Reply {
  status: number;
  type: string;
  body: string;
}

const BODY_BYTES_MAX = 64 * 1024;

const quantitySchema = z.number().int().min(0).max(1_000_000_000);
const shelfSchema = z.strictObject({ locationId: idSchema, sku: skuSchema, count: quantitySchema });
const countSchema = z.strictObject({ locationId: idSchema, sku: skuSchema });
const receiveSchema = z.strictObject({
  locationId: idSchema,
  items: z.array(z.strictObject({ sku: skuSchema, quantity: quantitySchema.min(1) })).min(1),
  purchaseOrderId: broughtText(64).optional(),
});

export async function answer(warehouse: Warehouse, request: IncomingMessage): Promise<Reply> {
  const path = (request.url ?? "/").split("?")[0];
  if (request.method === "GET" && path === "/") return page(warehouse);
  if (request.method === "GET" && path === "/state") return json(200, stateOf(warehouse));
  if (request.method !== "POST") return json(404, { error: "nothing here" });
  const body = await readBody(request);
  if (body === null) return json(413, { error: "too long" });
  if (path === "/requests") return hear(warehouse, request.headers["x-signature"], body);
  // A page of somebody else's that a visitor has open must not move this shelf.
  if (request.headers.origin !== undefined) return json(403, { error: "not from a page" });
  const given = parse(body);
  if (path === "/shelves") return withValid(shelfSchema, given, (value) => setShelf(warehouse, value));
  if (path === "/count") return withValid(countSchema, given, (value) => count(warehouse, value));
  if (path === "/receive") return withValid(receiveSchema, given, (value) => receive(warehouse, value));
  return json(404, { error: "nothing here" });
}

/** A request under an id that is known is the same request: acknowledged, and nothing is done twice. */
async function hear(warehouse: Warehouse, signature: unknown, body: string): Promise<Reply> {
  const { memory, settings, now } = warehouse;
  const header = typeof signature === "string" ? signature : undefined;
  if (!isSigned(settings.secret, header, body, now())) return json(401, { error: "not signed by Dropgate" });
  const read = wmsRequestSchema.safeParse(parse(body));
  if (!read.success) return json(400, { error: z.prettifyError(read.error) });
  const request = read.data;
  const { requestId } = request;
  if (memory.knows(requestId)) return json(200, { known: true });
  if (warehouse.hearing.has(requestId)) return json(503, { error: "it is being written down" });
  warehouse.hearing.add(requestId);
  try {
    return await takeOn(warehouse, request);
  } finally {
    warehouse.hearing.delete(requestId);
  }
}

async function takeOn(warehouse: Warehouse, request: WmsRequest): Promise<Reply> {
  const { memory, now } = warehouse;
  if (request.requestType === "CANCEL_REQUEST") {
    const isStopped = await memory.stop(request.orderId, request.locationId, now());
    await memory.heard(request, []);
    return json(202, { stopped: isStopped });
  }
  const tellings = plan(request, circumstances(warehouse, request.requestId));
  if (tellings === null)
    return json(422, { error: "nobody has told this warehouse what lies on that shelf" });
  await memory.heard(request, tellings);
  return json(202, { events: tellings.length });
}

function circumstances({ memory, settings, now }: Warehouse, name: string): Circumstances {
  const nowMs = now();
  return {
    nowMs,
    stepMs: settings.stepMs,
    odds: settings.odds,
    dice: diceOf(settings.seed, name),
    shelf: (locationId, sku) => memory.shelf(locationId, sku, nowMs),
  };
}

async function setShelf(
  { memory, now }: Warehouse,
  { locationId, sku, count }: z.infer<typeof shelfSchema>,
): Promise<Reply> {
  await memory.setShelf(locationId, sku, count, now());
  return json(200, { locationId, sku, count });
}

/** Counts a shelf unasked. */
async function count(warehouse: Warehouse, { locationId, sku }: z.infer<typeof countSchema>): Promise<Reply> {
  const actualCount = warehouse.memory.shelf(locationId, sku, warehouse.now());
  if (actualCount === null) return json(404, { error: "nobody has told this warehouse what lies there" });
  return happens(warehouse, locationId, "CYCLE_COUNT_ADJUSTMENT", {
    sku,
    actualCount,
    reason: "counted in the warehouse",
  });
}

async function receive(
  warehouse: Warehouse,
  { locationId, items, purchaseOrderId }: z.infer<typeof receiveSchema>,
): Promise<Reply> {
  const { memory, now } = warehouse;
  for (const { sku } of items) {
    // The first delivery is when it begins to know a shelf. Just before it, so that the delivery counts.
    if (memory.shelf(locationId, sku, now()) === null) await memory.setShelf(locationId, sku, 0, now() - 1);
  }
  const order = purchaseOrderId === undefined ? {} : { purchaseOrderId };
  return happens(warehouse, locationId, "RECEIVING_COMPLETE", { ...order, items });
}

async function happens(
  { memory, now }: Warehouse,
  locationId: string,
  eventType: string,
  fields: Record<string, unknown>,
): Promise<Reply> {
  const atMs = now();
  const event: WmsEvent = {
    eventId: `hand-${randomBytes(12).toString("base64url")}`,
    eventType,
    timestamp: new Date(atMs).toISOString(),
    locationId,
    source: "wms",
    ...fields,
  };
  await memory.heard(null, [{ event, atMs, twice: false }]);
  return json(202, event);
}

function stateOf({ memory, now }: Warehouse): object {
  return { requests: memory.requests(), shelves: memory.shelves(now()) };
}

function page({ memory, now }: Warehouse): Reply {
  const body = statePage(memory.requests(), memory.shelves(now()));
  return { status: 200, type: "text/html; charset=utf-8", body };
}

async function withValid<Value>(
  schema: z.ZodType<Value>,
  given: unknown,
  act: (value: Value) => Promise<Reply>,
): Promise<Reply> {
  const read = schema.safeParse(given);
  return read.success ? act(read.data) : json(400, { error: z.prettifyError(read.error) });
}

function json(status: number, value: unknown): Reply {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part);
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) return null;
  }
  return Buffer.concat(parts).toString();
}
