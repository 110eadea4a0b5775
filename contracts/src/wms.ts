// What a warehouse tells: one schema for each type of event. An event is a fact; whether it can be applied yet is
// another question, so nothing here asks what is known of SKU, order or place.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { STOCK_MAX } from "./limits.ts";
import { broughtText, idSchema, orderIdSchema, skuSchema, timeSchema } from "./values.ts";
import { WMS_EVENT_ITEMS_MAX, WMS_EVENTS_MAX } from "./warehouse-limits.ts";

const quantitySchema = z.number().int().min(1).max(STOCK_MAX);
const itemSchema = z.strictObject({ sku: skuSchema, quantity: quantitySchema });
const itemsSchema = z.array(itemSchema).min(1).max(WMS_EVENT_ITEMS_MAX);
/** A picker may find none at all. */
const foundSchema = z
  .array(z.strictObject({ sku: skuSchema, quantity: z.number().int().min(0).max(STOCK_MAX) }))
  .min(1)
  .max(WMS_EVENT_ITEMS_MAX);

const head = {
  eventId: broughtText(128),
  /** When it happened, which may be told late. */
  timestamp: timeSchema,
  locationId: idSchema,
  source: broughtText(64),
  /** Where a location numbers its events, from 1 without gaps, they are applied in that order. */
  sequence: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
};
const reasonSchema = broughtText(500);
const orderFields = { orderId: orderIdSchema, tracking: broughtText(200).optional() };
const transferFields = { transferId: idSchema, otherLocationId: idSchema, items: itemsSchema };

export const WMS_EVENT_SCHEMAS = {
  RECEIVING_COMPLETE: z.strictObject({
    ...head,
    eventType: z.literal("RECEIVING_COMPLETE"),
    purchaseOrderId: broughtText(128).optional(),
    items: itemsSchema,
  }),
  PICK_COMPLETE: z.strictObject({
    ...head,
    eventType: z.literal("PICK_COMPLETE"),
    ...orderFields,
    items: foundSchema,
  }),
  PACK_COMPLETE: z.strictObject({
    ...head,
    eventType: z.literal("PACK_COMPLETE"),
    ...orderFields,
    items: itemsSchema,
  }),
  SHIP_COMPLETE: z.strictObject({
    ...head,
    eventType: z.literal("SHIP_COMPLETE"),
    ...orderFields,
    items: itemsSchema,
  }),
  CYCLE_COUNT_ADJUSTMENT: z.strictObject({
    ...head,
    eventType: z.literal("CYCLE_COUNT_ADJUSTMENT"),
    sku: skuSchema,
    actualCount: z.number().int().min(0).max(STOCK_MAX),
    /** What the warehouse thought; ours is what counts. */
    expectedCount: z.number().int().min(0).max(STOCK_MAX).optional(),
    reason: reasonSchema,
    auditId: broughtText(128).optional(),
    /** The warehouse's own; ours approves by itself. */
    approvedBy: broughtText(128).optional(),
  }),
  DAMAGE_REPORT: z.strictObject({
    ...head,
    eventType: z.literal("DAMAGE_REPORT"),
    items: itemsSchema,
    reason: reasonSchema,
  }),
  TRANSFER_SHIPPED: z.strictObject({
    ...head,
    eventType: z.literal("TRANSFER_SHIPPED"),
    ...transferFields,
  }),
  TRANSFER_RECEIVED: z.strictObject({
    ...head,
    eventType: z.literal("TRANSFER_RECEIVED"),
    ...transferFields,
  }),
} as const;
export type WmsEventType = keyof typeof WMS_EVENT_SCHEMAS;
export const WMS_EVENT_TYPES = Object.keys(WMS_EVENT_SCHEMAS) as WmsEventType[];
export type WmsEventOf<Type extends WmsEventType> = z.infer<(typeof WMS_EVENT_SCHEMAS)[Type]>;
export type WmsEvent = { [Type in WmsEventType]: WmsEventOf<Type> }[WmsEventType];

/** One event or many; each is held against its own schema, so that a bad one costs no other. */
export const wmsEventsSchema = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()).min(1).max(WMS_EVENTS_MAX),
]);
export const wmsAnswerSchema = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(
    z.object({
      index: z.number().int(),
      eventId: z.string().nullable(),
      code: z.string(),
      detail: z.string(),
    }),
  ),
});
export type WmsAnswer = z.infer<typeof wmsAnswerSchema>;

export const INBOX_STATES = ["waiting", "applied", "discarded"] as const;
export type InboxState = (typeof INBOX_STATES)[number];
export const inboxEventSchema = z.object({
  eventId: z.string(),
  eventType: z.enum(WMS_EVENT_TYPES),
  locationId: z.string(),
  sequence: z.number().int().nullable(),
  timestamp: timeSchema,
  state: z.enum(INBOX_STATES),
  /** Of one that waits: for what. Of a discarded one: why. */
  reason: z.string().nullable(),
  tries: z.number().int(),
  duplicates: z.number().int(),
  receivedAt: timeSchema,
  decidedAt: timeSchema.nullable(),
  body: z.unknown(),
});
export type InboxEvent = z.infer<typeof inboxEventSchema>;
export const inboxListSchema = z.object({
  items: z.array(inboxEventSchema),
  nextCursor: z.string().nullable(),
});
export const inboxQuerySchema = pageQuerySchema.extend({
  state: z.enum(INBOX_STATES).optional(),
  locationId: idSchema.optional(),
});
export const discardSchema = z.strictObject({ reason: reasonSchema });

const stockLineSchema = z.object({ sku: z.string(), quantity: z.number().int() });
export const transferCreateSchema = z.strictObject({
  transferId: idSchema.optional(),
  fromLocationId: idSchema,
  toLocationId: idSchema,
  items: itemsSchema,
});
export type TransferCreate = z.infer<typeof transferCreateSchema>;
export const transferSchema = z.object({
  transferId: z.string(),
  fromLocationId: z.string(),
  toLocationId: z.string(),
  items: z.array(
    z.object({
      sku: z.string(),
      requested: z.number().int(),
      shipped: z.number().int(),
      received: z.number().int(),
      /** What is on the way; of a closed one nothing, whatever did not arrive. */
      inTransit: z.number().int(),
    }),
  ),
  closedAt: timeSchema.nullable(),
  createdAt: timeSchema,
});
export type Transfer = z.infer<typeof transferSchema>;
export const transferListSchema = z.object({
  items: z.array(transferSchema),
  nextCursor: z.string().nullable(),
});

export const purchaseOrderCreateSchema = z.strictObject({
  purchaseOrderId: broughtText(128),
  locationId: idSchema,
  items: itemsSchema,
});
export type PurchaseOrderCreate = z.infer<typeof purchaseOrderCreateSchema>;
export const purchaseOrderSchema = z.object({
  purchaseOrderId: z.string(),
  locationId: z.string(),
  items: z.array(stockLineSchema),
});

export const backorderSchema = z.object({
  id: z.string(),
  reservationId: z.string(),
  orderId: z.string(),
  sku: z.string(),
  quantity: z.number().int(),
  filled: z.number().int(),
  state: z.enum(["open", "filled", "cancelled"]),
  createdAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export const backorderListSchema = z.object({
  items: z.array(backorderSchema),
  nextCursor: z.string().nullable(),
});
export const backorderQuerySchema = pageQuerySchema.extend({
  state: z.enum(["open", "filled", "cancelled"]).optional(),
});
