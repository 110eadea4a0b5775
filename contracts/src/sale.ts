// A sale: what the public sees, what an operator sees, and what an operator may send.
import { z } from "zod";
import {
  LIMIT_PER_SHOPPER_MAX,
  POOLS_MAX,
  QUANTITY_MAX,
  RATE_PER_SECOND_MAX,
  WINDOW_SECONDS_MAX,
} from "./limits.ts";
import { PHASES } from "./states/phase.ts";
import { addressSchema, idSchema, moneySchema, skuSchema, timeSchema } from "./values.ts";

export const scheduleSchema = z.object({
  lobbyAt: timeSchema,
  drawAt: timeSchema,
  opensAt: timeSchema,
  closesAt: timeSchema,
});
export type Schedule = z.infer<typeof scheduleSchema>;

const kindSchema = z.enum(["lottery", "rush"]);

export const stockStatusSchema = z.enum(["in_stock", "low_stock", "out_of_stock"]);

/** `GET /sales/{saleId}`, and the socket's `sale`. Times are UTC; windows are seconds. */
export const saleSchema = z.object({
  id: idSchema,
  title: z.string(),
  sku: z.string(),
  kind: kindSchema,
  phase: z.enum(PHASES),
  /** Raised by every change of phase, schedule or message; keep the highest you saw. */
  version: z.number().int(),
  imageUrl: z.string().optional(),
  price: moneySchema.optional(),
  description: z.string().optional(),
  message: z.string().optional(),
  checkoutUrl: z.string().optional(),
  identity: z.enum(["anonymous", "merchant"]),
  schedule: scheduleSchema,
  serverTime: timeSchema,
  limitPerShopper: z.number().int(),
  claimWindowSeconds: z.number().int(),
  purchaseWindowSeconds: z.number().int(),
  stock: z.object({ status: stockStatusSchema, message: z.string() }),
  /** How many units the sale has, sold ones included; the odds are told from it. */
  quantity: z.number().int(),
  queue: z.object({ waiting: z.number().int(), serving: z.number().int(), ratePerSecond: z.number() }),
  draw: z.object({ commitment: z.string(), algorithm: z.string(), secret: z.string().nullable() }),
  /** Only simulated shoppers take part; never in the public list. Absent in a real sale. */
  rehearsal: z.literal(true).optional(),
});
export type Sale = z.infer<typeof saleSchema>;

export const saleListSchema = z.object({ items: z.array(saleSchema), nextCursor: z.string().nullable() });

export const admissionSchema = z.strictObject({
  ratePerSecond: z.number().positive().max(RATE_PER_SECOND_MAX),
  burst: z.number().int().min(1).max(QUANTITY_MAX),
});
export type Admission = z.infer<typeof admissionSchema>;

const windowSchema = z.number().int().min(1).max(WINDOW_SECONDS_MAX);

export const saleCreateSchema = z.strictObject({
  id: idSchema.optional(),
  title: z.string().min(1).max(200),
  sku: skuSchema,
  source: z.enum(["inventory", "own"]).default("own"),
  kind: kindSchema.default("lottery"),
  quantity: z.number().int().min(1).max(QUANTITY_MAX),
  locationId: idSchema.optional(),
  poolCount: z.number().int().min(1).max(POOLS_MAX).optional(),
  limitPerShopper: z.number().int().min(1).max(LIMIT_PER_SHOPPER_MAX).default(1),
  identity: z.enum(["anonymous", "merchant"]).default("anonymous"),
  challenge: z.enum(["off", "auto", "on"]).default("off"),
  beacon: z.strictObject({ source: z.string().min(1).max(200), round: z.number().int().min(0) }).optional(),
  imageUrl: addressSchema.optional(),
  price: moneySchema.optional(),
  description: z.string().max(4_000).optional(),
  checkoutUrl: addressSchema.optional(),
  schedule: z.strictObject({
    lobbyAt: timeSchema.optional(),
    /** A rush has no draw and needs none; a lottery does. */
    drawAt: timeSchema.optional(),
    opensAt: timeSchema,
    closesAt: timeSchema,
  }),
  admission: admissionSchema.default({ ratePerSecond: 10, burst: 10 }),
  claimWindowSeconds: windowSchema.default(45),
  purchaseWindowSeconds: windowSchema.default(600),
  paymentExtensionSeconds: windowSchema.default(300),
});
export type SaleCreate = z.infer<typeof saleCreateSchema>;

/**
 * What of a clone is to differ from the sale that it is made of. Times that are not given keep their distance from those
 * that are; without any they are later by whole days, the fewest after which all lie ahead.
 */
export const saleCloneSchema = z.strictObject({
  id: idSchema.optional(),
  title: z.string().min(1).max(200).optional(),
  sku: skuSchema.optional(),
  source: z.enum(["inventory", "own"]).optional(),
  quantity: z.number().int().min(1).max(QUANTITY_MAX).optional(),
  locationId: idSchema.optional(),
  poolCount: z.number().int().min(1).max(POOLS_MAX).optional(),
  limitPerShopper: z.number().int().min(1).max(LIMIT_PER_SHOPPER_MAX).optional(),
  identity: z.enum(["anonymous", "merchant"]).optional(),
  challenge: z.enum(["off", "auto", "on"]).optional(),
  /** Not copied: its round would be over. */
  beacon: z.strictObject({ source: z.string().min(1).max(200), round: z.number().int().min(0) }).optional(),
  imageUrl: addressSchema.nullable().optional(),
  price: moneySchema.nullable().optional(),
  description: z.string().max(4_000).nullable().optional(),
  checkoutUrl: addressSchema.nullable().optional(),
  schedule: z
    .strictObject({
      lobbyAt: timeSchema.optional(),
      drawAt: timeSchema.optional(),
      opensAt: timeSchema.optional(),
      closesAt: timeSchema.optional(),
    })
    .optional(),
  admission: admissionSchema.optional(),
  claimWindowSeconds: windowSchema.optional(),
  purchaseWindowSeconds: windowSchema.optional(),
  paymentExtensionSeconds: windowSchema.optional(),
});
export type SaleClone = z.infer<typeof saleCloneSchema>;

/** What may change while a sale lives; the schedule only where its moment has not passed. */
export const salePatchSchema = z.strictObject({
  /** More: the units are added. Fewer: free ones are taken out, sold and held ones count among those that stay. */
  quantity: z.number().int().min(1).max(QUANTITY_MAX).optional(),
  title: z.string().min(1).max(200).optional(),
  imageUrl: addressSchema.nullable().optional(),
  price: moneySchema.nullable().optional(),
  description: z.string().max(4_000).nullable().optional(),
  checkoutUrl: addressSchema.nullable().optional(),
  message: z.string().max(500).nullable().optional(),
  schedule: z
    .strictObject({
      lobbyAt: timeSchema.optional(),
      drawAt: timeSchema.optional(),
      opensAt: timeSchema.optional(),
      closesAt: timeSchema.optional(),
    })
    .optional(),
  claimWindowSeconds: windowSchema.optional(),
  purchaseWindowSeconds: windowSchema.optional(),
  paymentExtensionSeconds: windowSchema.optional(),
});
export type SalePatch = z.infer<typeof salePatchSchema>;

/** What an operator sees of a sale: all of the public view and the settings behind it. */
export const adminSaleSchema = saleSchema.extend({
  source: z.enum(["inventory", "own"]),
  /** Whence its units come; null when the sale brings its own. */
  locationId: idSchema.nullable(),
  poolCount: z.number().int(),
  laneCount: z.number().int(),
  challenge: z.enum(["off", "auto", "on"]),
  beacon: z.object({ source: z.string(), round: z.number().int() }).nullable(),
  admission: admissionSchema,
  paymentExtensionSeconds: z.number().int(),
  units: z.object({
    free: z.number().int(),
    held: z.number().int(),
    sold: z.number().int(),
    returned: z.number().int(),
  }),
  createdAt: timeSchema,
});
export type AdminSale = z.infer<typeof adminSaleSchema>;
export const adminSaleListSchema = z.object({
  items: z.array(adminSaleSchema),
  nextCursor: z.string().nullable(),
});

/** Units to add to a pool, or, negative, to take out of it. */
export const poolAdjustSchema = z.strictObject({
  delta: z
    .number()
    .int()
    .min(-QUANTITY_MAX)
    .max(QUANTITY_MAX)
    .refine((delta) => delta !== 0, "not 0"),
  reason: z.string().min(1).max(500).optional(),
});
export type PoolAdjust = z.infer<typeof poolAdjustSchema>;

export const poolsSchema = z.object({
  items: z.array(
    z.object({
      index: z.number().int(),
      capacity: z.number().int(),
      available: z.number().int(),
      held: z.number().int(),
      sold: z.number().int(),
    }),
  ),
});

export const pauseSchema = z.strictObject({ message: z.string().max(500).optional() });
