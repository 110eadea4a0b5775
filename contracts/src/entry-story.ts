// What support finds of a shopper: which entries there are, and what became of one, step by step.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { ENTRY_STATES } from "./states/entry.ts";
import { PHASES } from "./states/phase.ts";
import { broughtText, idSchema, timeSchema } from "./values.ts";

/** `q`: an entry's id, a ticket, a shopper's id at the shop or in our cookie, a hold's id or an order's. */
export const entrySearchQuerySchema = pageQuerySchema.extend({
  saleId: idSchema.optional(),
  q: broughtText(128),
});

export const shopperOfEntrySchema = z.object({
  /** `customer`: by the shop's own word; `visitor`: by our cookie. */
  kind: z.enum(["customer", "visitor"]),
  id: z.string(),
});

export const foundEntrySchema = z.object({
  entryId: idSchema,
  saleId: idSchema,
  saleTitle: z.string(),
  state: z.enum(ENTRY_STATES),
  ticket: z.number().int().nullable(),
  shopper: shopperOfEntrySchema,
  /** Which of the shopper's entries in this sale it is, from 1. */
  attempt: z.number().int(),
  holdId: idSchema.nullable(),
  unit: z.number().int().nullable(),
  orderId: z.string().nullable(),
  joinedAt: timeSchema,
  /** Of a simulated shopper in a dry run. Absent in a real sale. */
  rehearsal: z.literal(true).optional(),
});
export type FoundEntry = z.infer<typeof foundEntrySchema>;
/** The newest first. */
export const foundEntryListSchema = z.object({
  items: z.array(foundEntrySchema),
  nextCursor: z.string().nullable(),
});

export const STORY_STEPS = [
  "joined",
  "drawn",
  "offered",
  "claimed",
  "payment_started",
  "confirmed",
  "allocated",
  "passed",
  "released",
  "lapsed",
  "expired",
  "cancelled",
  "rejoined",
  "left",
  "left_at_limit",
  "restored",
  /** A unit of a rush was got. */
  "got",
  /** A payment that came late, for a unit that was still free. */
  "confirmed_late",
  /** What holds now, from Redis, where it is known. */
  "now",
  "other",
] as const;
export type StoryStepKind = (typeof STORY_STEPS)[number];

export const storyStepSchema = z.object({
  at: timeSchema,
  kind: z.enum(STORY_STEPS),
  /** One sentence for people, without the time. */
  sentence: z.string(),
  unit: z.number().int().nullable(),
  holdId: z.string().nullable(),
  /** Who did it, as the audit has it: `shopper`, `worker`, `operator:<id>`, `merchant:<id>`; null: it happened by itself. */
  actor: z.string().nullable(),
  /** Of an operator of the console. */
  actorName: z.string().nullable(),
  /** Why, as whoever did it said. */
  reason: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type StoryStep = z.infer<typeof storyStepSchema>;

export const entryStorySchema = foundEntrySchema.extend({
  phase: z.enum(PHASES),
  serving: z.number().int(),
  /** `max(0, ticket − serving)` while it waits. */
  position: z.number().int().nullable(),
  claimBy: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  /** Whether the place may be given back now, and else why not, in a sentence. */
  restore: z.object({ possible: z.boolean(), why: z.string() }),
  /** The shopper's other entries in this sale, by attempt. */
  otherEntries: z.array(
    z.object({ entryId: idSchema, attempt: z.number().int(), state: z.enum(ENTRY_STATES) }),
  ),
  /** From the first to the last. */
  steps: z.array(storyStepSchema),
});
export type EntryStory = z.infer<typeof entryStorySchema>;

export const restoreSchema = z.strictObject({ reason: broughtText(500) });
