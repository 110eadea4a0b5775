// What a shop asks when an order is to be shipped, and the plan it gets: from where, how, for how much, by when,
// and what else was possible.
import { z } from "zod";
import { ORDER_LINES_MAX, STOCK_MAX } from "./limits.ts";
import { broughtText, idSchema, moneySchema, orderIdSchema, skuSchema, timeSchema } from "./values.ts";

export const SHIPPING_SPEEDS = ["standard", "expedited", "next_day", "same_day"] as const;
export type ShippingSpeed = (typeof SHIPPING_SPEEDS)[number];

/** Why a location is not used, for the whole order or for one SKU of it. */
export const EXCLUSIONS = [
  "region_not_served",
  "method_not_offered",
  "too_far_for_method",
  "no_capacity_left",
  "never_open",
  "speed_not_reachable",
  "date_not_reachable",
  "not_sellable",
  "out_of_stock",
  "not_enough_stock",
  "hazmat_not_handled",
  "oversized_not_handled",
  "refrigerated_not_handled",
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

const quantitySchema = z.number().int().min(1).max(STOCK_MAX);
const lineSchema = z.strictObject({ sku: skuSchema, quantity: quantitySchema });

export const shipToAddressSchema = z.strictObject({
  name: broughtText(200).optional(),
  line1: broughtText(200).optional(),
  line2: broughtText(200).optional(),
  city: broughtText(200).optional(),
  region: broughtText(100).optional(),
  postalCode: broughtText(20).optional(),
  country: z.string().regex(/^[A-Z]{2}$/, "an ISO 3166 code of two letters"),
});
export type ShipToAddress = z.infer<typeof shipToAddressSchema>;

export const orderSchema = z.strictObject({
  orderId: orderIdSchema,
  items: z.array(lineSchema).min(1).max(ORDER_LINES_MAX),
  shipTo: shipToAddressSchema,
  shippingSpeed: z.enum(SHIPPING_SPEEDS).default("standard"),
  preferSingleShipment: z.boolean().default(false),
  /** 0: nothing but speed counts. 1: nothing but cost. */
  costWeight: z.number().min(0).max(1).default(0.5),
  /** A day, or a time of which the day as it is written counts. */
  requestedDeliveryDate: z.union([z.iso.date(), timeSchema]).optional(),
  gift: z.boolean().optional(),
  cartId: broughtText(128).optional(),
  userId: broughtText(128).optional(),
  allowBackorder: z.boolean().optional(),
});
export type OrderRequest = z.infer<typeof orderSchema>;
/** As it is sent: what has a default may be left out. */
export type OrderInput = z.input<typeof orderSchema>;

const scoreSchema = z.number().min(0).max(100);
/** Of one of these each, 100 is the best there can be. */
export const scorePartsSchema = z.object({
  speed: scoreSchema,
  cost: scoreSchema,
  utilisation: scoreSchema,
  depth: scoreSchema,
});
export type ScoreParts = z.infer<typeof scorePartsSchema>;

export const shipmentSchema = z.object({
  locationId: idSchema,
  /** Two lines of one SKU are one here. */
  lines: z.array(z.object({ sku: z.string(), quantity: z.number().int() })),
  method: z.string(),
  cost: moneySchema,
  estimatedDelivery: timeSchema,
});
export type Shipment = z.infer<typeof shipmentSchema>;

/**
 * Why a runner-up was not chosen. `worse_trade`: what it saves in money or time is worth less, by `costWeight`, than
 * what it loses in the other. `tie`: as good, with more shipments or a higher id.
 */
export const RUNNER_UP_REASONS = [
  "dearer",
  "slower",
  "dearer_and_slower",
  "worse_trade",
  "more_shipments",
  "tie",
] as const;
export type RunnerUpReason = (typeof RUNNER_UP_REASONS)[number];

export const alternativeSchema = z.object({
  score: scoreSchema,
  parts: scorePartsSchema,
  shipments: z.array(shipmentSchema),
  totalCost: moneySchema,
  reason: z.enum(RUNNER_UP_REASONS),
});
export type Alternative = z.infer<typeof alternativeSchema>;

export const planSchema = z.object({
  shipments: z.array(shipmentSchema),
  totalCost: moneySchema,
  alternatives: z.array(alternativeSchema),
  score: scoreSchema,
  parts: scorePartsSchema,
  /** What no shelf within reach has, and the order allowed to wait for. */
  backorders: z.array(z.object({ sku: z.string(), quantity: z.number().int() })),
});
export type FulfilmentPlan = z.infer<typeof planSchema>;
