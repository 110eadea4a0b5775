// A dry run of a sale: a copy of it with units of its own, simulated shoppers who come to it, how it should go and how it
// went.
import { z } from "zod";
import { SALE_BEHAVIOURS } from "./rehearsal-behaviour.ts";
import { REHEARSAL_SHOPPERS_MAX, REHEARSAL_SPEED_MAX } from "./room-limits.ts";
import { idSchema, timeSchema } from "./values.ts";

export const REHEARSAL_STATES = ["waiting", "running", "ended", "stopped", "interrupted"] as const;
export type RehearsalState = (typeof REHEARSAL_STATES)[number];

export const rehearsalCreateSchema = z.strictObject({
  shoppers: z.number().int().min(1).max(REHEARSAL_SHOPPERS_MAX),
  /** How they behave: `eager` all claim and pay at once, `mixed` are as people are, `hesitant` miss and give back a lot. */
  behaviour: z.enum(SALE_BEHAVIOURS).default("mixed"),
  /** The rate of admission times this, windows and hesitations divided by it. */
  speed: z.number().min(1).max(REHEARSAL_SPEED_MAX).default(1),
});
export type RehearsalCreate = z.infer<typeof rehearsalCreateSchema>;

/** Each figure is what has happened since the run began, after so many seconds. In a rush `joined`, `offered` and `claimed` are one: a unit was got. */
export const curvePointSchema = z.object({
  second: z.number().int(),
  joined: z.number(),
  offered: z.number(),
  claimed: z.number(),
  confirmed: z.number(),
  /** Units sold for good, as of then. */
  sold: z.number(),
});
export type CurvePoint = z.infer<typeof curvePointSchema>;
export const curveSchema = z.object({ stepSeconds: z.number().int(), points: z.array(curvePointSchema) });

export const rehearsalSchema = z.object({
  id: idSchema,
  /** The sale that is rehearsed, */
  of: idSchema,
  /** and its copy, where the simulated shoppers go; null once it was removed. */
  saleId: idSchema.nullable(),
  state: z.enum(REHEARSAL_STATES),
  /** One sentence for people: how it stands, or why it ended. */
  detail: z.string(),
  shoppers: z.number().int(),
  behaviour: z.enum(SALE_BEHAVIOURS),
  speed: z.number(),
  startedBy: z.string(),
  createdAt: timeSchema,
  /** When its shoppers began to come; the curves' second 0. */
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** When it is removed with all that it left. */
  removedAt: timeSchema.nullable(),
  /** What the simulated shoppers saw: how many joined, bought, were refused and why; null before the end. */
  outcome: z
    .object({
      /** Of a rush: who got a unit. */
      joined: z.number().int(),
      purchased: z.number().int(),
      /** Of those who came: by how it ended for them. */
      endings: z.record(z.string(), z.number().int()),
      /** By `<during> <code>`. */
      refusals: z.record(z.string(), z.number().int()),
      /** What must never be seen; empty, or something is wrong with this installation. */
      anomalies: z.array(z.string()),
      /** ms. */
      latencies: z.record(z.string(), z.object({ count: z.number(), p50: z.number(), p99: z.number() })),
    })
    .nullable(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

/** `run`: the id of one of the sale's rehearsals; without it the newest is shown. */
export const rehearsalQuerySchema = z.strictObject({ run: idSchema.optional() });

export const rehearsalViewSchema = z.object({
  /** The newest, or the one asked for, with its curves; null: there is none. */
  run: rehearsalSchema
    .extend({
      /** Computed beforehand from the configuration. */
      predicted: curveSchema,
      /** As PostgreSQL has it so far. */
      seen: curveSchema,
    })
    .nullable(),
  /** The others, the newest first. */
  earlier: z.array(rehearsalSchema),
});
export type RehearsalView = z.infer<typeof rehearsalViewSchema>;
