// Stock as it is said aloud: levels, the ledger of their changes, and corrections by hand.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { STOCK_MAX } from "./limits.ts";
import { broughtText, idSchema, skuSchema, timeSchema } from "./values.ts";

/** What a level counts; each is the sum of its transactions. */
export const QUANTITIES = [
  "onHand",
  "allocated",
  "reserved",
  "damaged",
  "inTransitIn",
  "inTransitOut",
] as const;
export type Quantity = (typeof QUANTITIES)[number];
export type Quantities = Record<Quantity, number>;

/** What changes a level. `sale.*`: the units of sales; `reservation.*`: the orders of checkouts and sales. */
export const TRANSACTION_TYPES = [
  "adjustment",
  "opening",
  "repair",
  "reservation.reserved",
  "reservation.released",
  "reservation.expired",
  "reservation.allocated",
  "reservation.cancelled",
  "sale.taken",
  "sale.returned",
  "purchase.ordered",
  "purchase.cancelled",
  "event.received",
  "event.picked",
  "event.counted",
  "event.damaged",
  "transfer.shipped",
  "transfer.received",
  "transfer.ended",
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];
/** What is written down beside it and moves no stock. */
export const NOTE_TYPES = [
  "reservation.confirmed",
  "reservation.payment",
  "reservation.backordered",
  "event.packed",
  "event.shipped",
  "event.discarded",
  "warehouse.asked",
  "warehouse.resent",
  "adjustment.requested",
  "adjustment.rejected",
  "level.changed",
  "level.repaired",
  "hot.reloaded",
  "location.created",
  "location.changed",
  "location.secret",
  "product.created",
  "product.changed",
] as const;
export type NoteType = (typeof NOTE_TYPES)[number];

const quantitySchema = z.number().int().min(0).max(STOCK_MAX);
const quantitiesSchema = z.object({
  onHand: z.number().int(),
  allocated: z.number().int(),
  reserved: z.number().int(),
  damaged: z.number().int(),
  inTransitIn: z.number().int(),
  inTransitOut: z.number().int(),
} satisfies Record<Quantity, z.ZodInt | z.ZodNumber>);

const limitsAndFlags = {
  reorderPoint: quantitySchema,
  safetyStock: quantitySchema,
  maxStock: quantitySchema.nullable(),
  sellable: z.boolean(),
  receivingBlocked: z.boolean(),
};

export const levelSchema = z.object({
  sku: z.string(),
  locationId: z.string(),
  ...quantitiesSchema.shape,
  /** onHand − allocated − reserved − safetyStock; 0 where not sellable; negative when fewer lie there than are promised. */
  available: z.number().int(),
  ...limitsAndFlags,
  lastCountedAt: timeSchema.nullable(),
  lastUpdatedAt: timeSchema,
  lastOrderedAt: timeSchema.nullable(),
});
export type Level = z.infer<typeof levelSchema>;

export const levelListSchema = z.object({ items: z.array(levelSchema), nextCursor: z.string().nullable() });

export const levelQuerySchema = pageQuerySchema.extend({
  sku: skuSchema.optional(),
  locationId: idSchema.optional(),
});

/** Of one level; what is not named stays. */
export const levelPatchSchema = z.strictObject({
  sku: skuSchema,
  locationId: idSchema,
  ...z.object(limitsAndFlags).partial().shape,
});
export type LevelPatch = z.infer<typeof levelPatchSchema>;

export const transactionSchema = z.object({
  id: z.number().int(),
  at: timeSchema,
  /** When it happened in the world, which may be told late. */
  effectiveAt: timeSchema,
  type: z.enum([...TRANSACTION_TYPES, ...NOTE_TYPES]),
  sku: z.string().nullable(),
  locationId: z.string().nullable(),
  deltas: quantitiesSchema,
  reference: z.object({ type: z.string(), id: z.string() }).nullable(),
  actor: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type Transaction = z.infer<typeof transactionSchema>;

/** The newest first. */
export const transactionListSchema = z.object({
  items: z.array(transactionSchema),
  nextCursor: z.string().nullable(),
});

export const ADJUSTMENT_STATES = ["applied", "awaiting_approval", "approved", "rejected"] as const;
export type AdjustmentState = (typeof ADJUSTMENT_STATES)[number];

export const adjustmentCreateSchema = z.strictObject({
  sku: skuSchema,
  locationId: idSchema,
  /** Units that were found, or, negative, are missing. */
  delta: z
    .number()
    .int()
    .min(-STOCK_MAX)
    .max(STOCK_MAX)
    .refine((delta) => delta !== 0, "not 0"),
  reason: broughtText(500),
});
export type AdjustmentCreate = z.infer<typeof adjustmentCreateSchema>;

export const adjustmentSchema = z.object({
  id: z.string(),
  sku: z.string(),
  locationId: z.string(),
  delta: z.number().int(),
  reason: z.string(),
  state: z.enum(ADJUSTMENT_STATES),
  requestedBy: z.string(),
  decidedBy: z.string().nullable(),
  requestedAt: timeSchema,
  decidedAt: timeSchema.nullable(),
  /** Of a warehouse's count: what was found when. The delta is that of when it was told; it is reckoned anew when approved. */
  count: z.object({ eventId: z.string(), countedAt: timeSchema, actual: z.number().int() }).optional(),
});
export type Adjustment = z.infer<typeof adjustmentSchema>;

/** The newest first. */
export const adjustmentListSchema = z.object({
  items: z.array(adjustmentSchema),
  nextCursor: z.string().nullable(),
});
export const adjustmentQuerySchema = pageQuerySchema.extend({ state: z.enum(ADJUSTMENT_STATES).optional() });
