// Whether something can be had, as shoppers are shown it, and whether it may go into a cart.
import { z } from "zod";
import { AVAILABILITY_SKUS_MAX, ORDER_LINES_MAX, STOCK_MAX } from "./limits.ts";
import { broughtText, skuSchema, timeSchema } from "./values.ts";

/** `unknown`: neither what is shown nor the hot store can be asked; the checkout will say. */
export const STOCK_STATUSES = ["in_stock", "low_stock", "out_of_stock", "preorder", "unknown"] as const;
export type StockStatus = (typeof STOCK_STATUSES)[number];

export const availabilitySchema = z.object({
  sku: z.string(),
  overallStatus: z.enum(STOCK_STATUSES),
  /** A word for shoppers; a figure only where the operator allows it, and never above the low-stock line. */
  stockMessage: z.string(),
  /** By service region of the locations that sell it; with a place, of those that serve it. */
  availableByRegion: z.array(
    z.object({
      region: z.string(),
      status: z.enum(STOCK_STATUSES),
      stockMessage: z.string(),
      estimatedDelivery: timeSchema.nullable(),
    }),
  ),
  /** The earliest, if it were ordered now: to the place, or to any region; null when there is none. */
  estimatedDelivery: timeSchema.nullable(),
  /** When the stock was looked at. */
  asOf: timeSchema,
});
export type Availability = z.infer<typeof availabilitySchema>;

const placeFields = {
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "an ISO 3166 code of two letters")
    .optional(),
  postalCode: broughtText(20).optional(),
};
function isPlace({ country, postalCode }: { country?: string | undefined; postalCode?: string | undefined }) {
  return postalCode === undefined || country !== undefined;
}
const WHICH_COUNTRY = { path: ["country"], message: "a postal code means nothing without its country" };

export const availabilityQuerySchema = z.strictObject(placeFields).refine(isPlace, WHICH_COUNTRY);
export const availabilitiesQuerySchema = z
  .strictObject({ sku: z.array(skuSchema).min(1).max(AVAILABILITY_SKUS_MAX), ...placeFields })
  .refine(isPlace, WHICH_COUNTRY);
export const availabilitiesSchema = z.object({ items: z.array(availabilitySchema) });

export const cartCheckSchema = z.strictObject({
  items: z
    .array(z.strictObject({ sku: skuSchema, quantity: z.number().int().min(1).max(STOCK_MAX) }))
    .min(1)
    .max(ORDER_LINES_MAX),
});
export type CartCheck = z.infer<typeof cartCheckSchema>;

export const cartCheckedSchema = z.object({
  /** Whether every item may go into the cart. */
  ok: z.boolean(),
  /** In the order in which they were asked for. `limited`: there is some, but not so much. */
  items: z.array(z.object({ sku: z.string(), available: z.enum(["yes", "limited", "no"]) })),
});
export type CartChecked = z.infer<typeof cartCheckedSchema>;

export const rebuildSchema = z.strictObject({ sku: skuSchema.optional() });
export const rebuiltSchema = z.object({
  /** How many SKUs are loaded anew when they are next asked for. */
  skus: z.number().int(),
});
