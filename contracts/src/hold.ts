// A hold: one unit kept for one shopper; and what a merchant's server may send about it.
import { z } from "zod";
import { HOLD_STATES } from "./states/hold.ts";
import { idSchema, orderIdSchema, timeSchema } from "./values.ts";

export const holdSchema = z.object({
  holdId: idSchema,
  saleId: idSchema,
  entryId: idSchema,
  sku: z.string(),
  unit: z.number().int(),
  quantity: z.literal(1),
  state: z.enum(HOLD_STATES),
  offeredAt: timeSchema,
  claimBy: timeSchema,
  /** Null until claimed. */
  expiresAt: timeSchema.nullable(),
  extended: z.boolean(),
  orderId: z.string().optional(),
});
export type Hold = z.infer<typeof holdSchema>;

/** The pass is a JWT (EdDSA): iss, aud = sale id, sub = the shopper, jti = hold id, sku, unit, exp. */
export const claimedSchema = z.object({ hold: holdSchema, pass: z.string() });
export type Claimed = z.infer<typeof claimedSchema>;
/** The entry token comes with a rush's hold: there was no join that gave one. */
export const attemptedSchema = claimedSchema.extend({ token: z.string() });
export type Attempted = z.infer<typeof attemptedSchema>;
export const holdAnswerSchema = z.object({ hold: holdSchema });
/** Where the order of a hold ships from: of a sale whose units are the inventory's. */
export const allocationSchema = z.object({
  reservationId: idSchema,
  orderId: z.string(),
  /** `allocated` once its unit is an order's in the level too, a moment after the confirm. */
  state: z.enum(["confirmed", "allocated", "cancelled"]),
  /** The sale's; each line names its own. */
  locationId: idSchema,
  lines: z.array(z.object({ sku: z.string(), quantity: z.number().int(), locationId: idSchema })),
});
export type Allocation = z.infer<typeof allocationSchema>;
export const confirmedSchema = z.object({ hold: holdSchema, allocation: allocationSchema.nullable() });

const shipToSchema = z.strictObject({
  name: z.string().max(200).optional(),
  line1: z.string().max(200).optional(),
  line2: z.string().max(200).optional(),
  city: z.string().max(200).optional(),
  region: z.string().max(100).optional(),
  postalCode: z.string().max(20).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "an ISO 3166 code of two letters")
    .optional(),
});

export const confirmSchema = z.strictObject({ orderId: orderIdSchema, shipTo: shipToSchema.optional() });
export type Confirm = z.infer<typeof confirmSchema>;
export const reasonSchema = z.strictObject({ reason: z.string().min(1).max(500).optional() });

/** Claims of the pass. `exp` is the longest end that its hold may have; confirm is the judge. */
export const passClaimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  jti: z.string(),
  sku: z.string(),
  unit: z.number().int(),
  iat: z.number().int(),
  exp: z.number().int(),
});
