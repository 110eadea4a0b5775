// A look at all stock for what does not agree, and the repairs that it proposes.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { skuSchema, timeSchema } from "./values.ts";

export const DIFFERENCE_KINDS = [
  /** The quantities of a level are not the sum of its transactions. The ledger is right: the level becomes what it says. */
  "level_differs_from_ledger",
  /** What a level has promised is not what orders and sales have of it. They are right: a transaction makes it so. */
  "promises_differ_from_orders",
  /** The hot store has other figures. PostgreSQL is right: the SKU is loaded anew. */
  "hot_differs_from_truth",
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
export const DIFFERENCE_STATES = ["proposed", "applied", "gone", "refused"] as const;
export type DifferenceState = (typeof DIFFERENCE_STATES)[number];
export const RECONCILIATION_STATES = ["waiting", "running", "done"] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];

export const reconciliationCreateSchema = z.strictObject({
  /** Absent: all stock. */
  sku: skuSchema.optional(),
  /** Whether to repair what is found, as soon as it is. */
  apply: z.boolean().default(false),
});
export type ReconciliationCreate = z.infer<typeof reconciliationCreateSchema>;

export const reconciliationSchema = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  requestedBy: z.string(),
  apply: z.boolean(),
  state: z.enum(RECONCILIATION_STATES),
  /** Levels that were looked at so far. */
  levels: z.number().int(),
  differences: z.object({
    proposed: z.number().int(),
    applied: z.number().int(),
    gone: z.number().int(),
    refused: z.number().int(),
  } satisfies Record<DifferenceState, z.ZodType>),
  requestedAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;
/** The newest first. */
export const reconciliationListSchema = z.object({
  items: z.array(reconciliationSchema),
  nextCursor: z.string().nullable(),
});

const figuresSchema = z.record(z.string(), z.number());
export const differenceSchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS),
  sku: z.string(),
  locationId: z.string(),
  found: figuresSchema,
  proposed: figuresSchema,
  state: z.enum(DIFFERENCE_STATES),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
});
export type Difference = z.infer<typeof differenceSchema>;
/** By SKU and location. */
export const differenceListSchema = z.object({
  items: z.array(differenceSchema),
  nextCursor: z.string().nullable(),
});
export const differenceQuerySchema = pageQuerySchema.extend({ state: z.enum(DIFFERENCE_STATES).optional() });
