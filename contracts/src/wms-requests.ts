// What a warehouse is asked: the bodies that are sent to it, and the list of them that an operator sees.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { shipToAddressSchema } from "./fulfilment.ts";
import { broughtText, idSchema, orderIdSchema, skuSchema, timeSchema } from "./values.ts";

export const WMS_REQUEST_TYPES = [
  "PICK_REQUEST",
  "CANCEL_REQUEST",
  "TRANSFER_REQUEST",
  "COUNT_REQUEST",
] as const;
export type WmsRequestType = (typeof WMS_REQUEST_TYPES)[number];

const itemsSchema = z.array(z.object({ sku: skuSchema, quantity: z.number().int().min(1) })).min(1);

const head = {
  /** A request may come again after a lost answer: under the same id it is the same request. */
  requestId: idSchema,
  /** When it was asked, which may be long before it is heard. */
  timestamp: timeSchema,
  locationId: idSchema,
};

/** Pick these of an order and ship them; an order that ships from two locations is asked of each. */
export const pickRequestSchema = z.object({
  ...head,
  requestType: z.literal("PICK_REQUEST"),
  orderId: orderIdSchema,
  items: itemsSchema,
  shipTo: shipToAddressSchema.nullable(),
  /** The carrier's method; null where the order leaves it open. */
  method: z.string().nullable(),
});
/** Pick nothing more of an order. What is picked goes its way. */
export const cancelRequestSchema = z.object({
  ...head,
  requestType: z.literal("CANCEL_REQUEST"),
  orderId: orderIdSchema,
  reason: broughtText(500).nullable(),
});
/** Send these to another location. */
export const transferRequestSchema = z.object({
  ...head,
  requestType: z.literal("TRANSFER_REQUEST"),
  transferId: idSchema,
  toLocationId: idSchema,
  items: itemsSchema,
});
/** Count a shelf. */
export const countRequestSchema = z.object({
  ...head,
  requestType: z.literal("COUNT_REQUEST"),
  sku: skuSchema,
  reason: broughtText(500).nullable(),
});
/** What is sent to a warehouse. Fields may be added: a warehouse leaves alone what it does not know. */
export const wmsRequestSchema = z.discriminatedUnion("requestType", [
  pickRequestSchema,
  cancelRequestSchema,
  transferRequestSchema,
  countRequestSchema,
]);
export type WmsRequest = z.infer<typeof wmsRequestSchema>;

export const WMS_REQUEST_STATES = ["waiting", "sent", "dead"] as const;
export type WmsRequestState = (typeof WMS_REQUEST_STATES)[number];

/** A request as an operator sees it. */
export const askedRequestSchema = z.object({
  id: z.string(),
  requestType: z.enum(WMS_REQUEST_TYPES),
  locationId: z.string(),
  orderId: z.string().nullable(),
  /** `dead`: given up after many tries, or refused for good; it can be sent again. */
  state: z.enum(WMS_REQUEST_STATES),
  /** Where it goes: the location's `wmsUrl`, else WMS_URL; null: nowhere, so it waits. */
  url: z.string().nullable(),
  attempts: z.number().int(),
  /** When it is tried next; null: it is not. */
  nextAt: timeSchema.nullable(),
  /** Why the last try failed. */
  lastError: z.string().nullable(),
  createdAt: timeSchema,
  sentAt: timeSchema.nullable(),
  body: wmsRequestSchema,
});
export type AskedRequest = z.infer<typeof askedRequestSchema>;

/** The newest first. */
export const askedRequestListSchema = z.object({
  items: z.array(askedRequestSchema),
  nextCursor: z.string().nullable(),
});
export const askedRequestQuerySchema = pageQuerySchema.extend({
  state: z.enum(WMS_REQUEST_STATES).optional(),
  orderId: orderIdSchema.optional(),
  locationId: idSchema.optional(),
});

export const cycleCountSchema = z.strictObject({
  locationId: idSchema,
  sku: skuSchema,
  reason: broughtText(500).optional(),
});
export type CycleCount = z.infer<typeof cycleCountSchema>;
