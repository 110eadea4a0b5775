// Webhooks: what merchants' servers are told when something has happened, and how an operator sets that up.
import { z } from "zod";
import { alertSchema } from "./alert.ts";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { WEBHOOK_OVERLAP_SECONDS, WEBHOOK_OVERLAP_SECONDS_MAX } from "./limits.ts";
import { PHASES } from "./states/phase.ts";
import { broughtText, timeSchema } from "./values.ts";

/** What a webhook may listen to. */
export const WEBHOOK_EVENT_TYPES = [
  /** Somebody should look at something; found again while it is open it is not told again. */
  "alert.opened",
  /** It has settled, or an operator says so. */
  "alert.resolved",
  /** A sale has come into another phase. */
  "sale.phase",
  /** A unit of a sale is sold. */
  "hold.confirmed",
  /** A sold unit is given back. */
  "hold.cancelled",
  /** A reservation has come into another state; a sale's orders from `allocated` on. */
  "reservation.state",
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

const head = {
  /** An event may come again: under the same id it is the same event. */
  id: z.string(),
  /** When it happened, which may be long before it is heard. */
  at: timeSchema,
  /** What it is about. Events of one subject come in the order in which they happened. */
  subject: z.string(),
};
const holdDataSchema = z.object({
  holdId: z.string(),
  saleId: z.string(),
  entryId: z.string().nullable(),
  sku: z.string(),
  unit: z.number().int(),
  orderId: z.string().nullable(),
});
/** What is sent. Fields and types may be added: a receiver leaves alone what it does not know. */
export const webhookEventSchema = z.discriminatedUnion("type", [
  z.object({ ...head, type: z.literal("alert.opened"), data: alertSchema }),
  z.object({ ...head, type: z.literal("alert.resolved"), data: alertSchema }),
  z.object({
    ...head,
    type: z.literal("sale.phase"),
    data: z.object({ saleId: z.string(), from: z.enum(PHASES), to: z.enum(PHASES) }),
  }),
  z.object({ ...head, type: z.literal("hold.confirmed"), data: holdDataSchema }),
  z.object({
    ...head,
    type: z.literal("hold.cancelled"),
    data: holdDataSchema.extend({ reason: z.string().nullable() }),
  }),
  z.object({
    ...head,
    type: z.literal("reservation.state"),
    data: z.object({
      reservationId: z.string(),
      orderId: z.string(),
      /** Of a sale's order. */
      holdId: z.string().nullable(),
      /** What it came into by this event; it may have moved on since. */
      state: z.enum(["active", "pending", "allocated", "released", "expired", "cancelled"]),
    }),
  }),
  z.object({ ...head, type: z.literal("webhook.test"), data: z.object({ webhookId: z.string() }) }),
]);
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

const urlSchema = z.url({ protocol: /^https?$/ }).max(2_000);
const eventsSchema = z.array(z.enum(WEBHOOK_EVENT_TYPES)).min(1).max(WEBHOOK_EVENT_TYPES.length);
const descriptionSchema = broughtText(200).nullable();

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.enum(WEBHOOK_EVENT_TYPES)),
  enabled: z.boolean(),
  /** Why it is not enabled: an operator wanted it so, or it failed for so long that we gave up. */
  disabledBy: z.enum(["operator", "failing"]).nullable(),
  /** Since when nothing was delivered, though it was tried; null: the last try went well. */
  failingSince: timeSchema.nullable(),
  lastDeliveredAt: timeSchema.nullable(),
  lastError: z.string().nullable(),
  /** Deliveries that wait, and those that were given up. */
  waiting: z.number().int(),
  dead: z.number().int(),
  /** Until when events are signed with the secret before this one as well; null: with this one alone. */
  previousSecretUntil: timeSchema.nullable(),
  createdAt: timeSchema,
  createdBy: z.string(),
});
export type Webhook = z.infer<typeof webhookSchema>;
/** The newest first. */
export const webhookListSchema = z.object({
  items: z.array(webhookSchema),
  nextCursor: z.string().nullable(),
});
/** The secret is shown once, here; the key of the signature is its UTF-8 bytes as given. */
export const webhookWithSecretSchema = z.object({ webhook: webhookSchema, secret: z.string() });

export const webhookCreateSchema = z.strictObject({
  url: urlSchema,
  events: eventsSchema,
  description: descriptionSchema.optional(),
  enabled: z.boolean().default(true),
});
export type WebhookCreate = z.infer<typeof webhookCreateSchema>;
export const webhookPatchSchema = z.strictObject({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
});
export type WebhookPatch = z.infer<typeof webhookPatchSchema>;
export const secretRotationSchema = z.strictObject({
  /** How long events are signed with the old secret as well. */
  overlapSeconds: z.number().int().min(0).max(WEBHOOK_OVERLAP_SECONDS_MAX).default(WEBHOOK_OVERLAP_SECONDS),
});

export const DELIVERY_STATES = ["waiting", "sent", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
/** One event on its way to one webhook. */
export const deliverySchema = z.object({
  id: z.string(),
  eventId: z.string(),
  type: z.enum([...WEBHOOK_EVENT_TYPES, "webhook.test"]),
  subject: z.string(),
  /** `dead`: given up after many tries, or refused for good; it can be sent again. */
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int(),
  /** When it is tried next; null: it is not. */
  nextAt: timeSchema.nullable(),
  /** Of the last try: what came back, how long that took, how it began, and why it does not count. */
  lastStatus: z.number().int().nullable(),
  lastMs: z.number().int().nullable(),
  lastAnswer: z.string().nullable(),
  lastError: z.string().nullable(),
  createdAt: timeSchema,
  sentAt: timeSchema.nullable(),
  body: webhookEventSchema,
});
export type Delivery = z.infer<typeof deliverySchema>;
/** The newest first. */
export const deliveryListSchema = z.object({
  items: z.array(deliverySchema),
  nextCursor: z.string().nullable(),
});
export const deliveryQuerySchema = pageQuerySchema.extend({
  state: z.enum(DELIVERY_STATES).optional(),
  type: z.enum([...WEBHOOK_EVENT_TYPES, "webhook.test"]).optional(),
});
