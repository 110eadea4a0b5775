// An entry: one shopper's place in a sale; and what joining and the proof say of it.
import { z } from "zod";
import { ENTRY_STATES } from "./states/entry.ts";
import { PHASES } from "./states/phase.ts";
import { idSchema, timeSchema } from "./values.ts";

export const outcomeSchema = z.object({
  result: z.enum(["purchased", "sold_out", "closed"]),
  /** `purchased` only. */
  orderId: z.string().optional(),
  unit: z.number().int().optional(),
});
export type OutcomeOfEntry = z.infer<typeof outcomeSchema>;

export const entrySchema = z.object({
  entryId: idSchema,
  saleId: idSchema,
  state: z.enum(ENTRY_STATES),
  ticket: z.number().int().nullable(),
  /** `max(0, ticket − serving)`, null without a ticket. */
  position: z.number().int().nullable(),
  holdId: idSchema.optional(),
  claimBy: timeSchema.optional(),
  expiresAt: timeSchema.optional(),
  /** After `missed`: whether `rejoin` may still be used. */
  rejoinable: z.boolean().optional(),
  outcome: outcomeSchema.optional(),
  /** Raised by each change; drop what is lower than what you have. */
  rev: z.number().int(),
  /** For a client that polls: the sale's phase and serving as this answer was made. */
  phase: z.enum(PHASES).optional(),
  serving: z.number().int().optional(),
});
export type Entry = z.infer<typeof entrySchema>;

export const joinSchema = z.strictObject({ challenge: z.string().max(2_000).optional() });

/** `201` for a new entry, `200` for the one there was. The token proves the entry ever after. */
export const joinedSchema = entrySchema.extend({ token: z.string() });
export type Joined = z.infer<typeof joinedSchema>;

/** The bearer of an entry token: bound to sale, entry and shopper. */
export interface EntryTokenClaims {
  sale: string;
  entry: string;
  shopper: string;
  attempt: number;
  bucket: number;
  /** Unix seconds. */
  exp: number;
}
