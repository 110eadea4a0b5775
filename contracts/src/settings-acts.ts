// What is remembered of the console's settings: who made, changed or took away what.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { timeSchema } from "./values.ts";

export const SETTINGS_ACTS = [
  "api-key.made",
  "api-key.revoked",
  "shopper-key.made",
  "shopper-key.revoked",
  "signing-key.rotated",
  "signing-key.retired",
  "webhook.made",
  "webhook.changed",
  "webhook.removed",
  "webhook.secret-rotated",
  "webhook.gave-up",
  "delivery.resent",
  "queues.changed",
  "rehearsal.started",
  "rehearsal.stopped",
  "rehearsal.removed",
] as const;
export type SettingsAct = (typeof SETTINGS_ACTS)[number];

export const settingsActListSchema = z.object({
  items: z.array(
    z.object({
      id: z.number().int(),
      at: timeSchema,
      act: z.enum(SETTINGS_ACTS),
      /** The id, or kid, of what it tells of; of a rehearsal the sale that is rehearsed. */
      subject: z.string(),
      /** Who did it, as ledgers say it. */
      actor: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export const settingsActsQuerySchema = pageQuerySchema.extend({ subject: z.string().max(200).optional() });

/** What keeps crowds of made-up shoppers out, as this gateway was configured. */
export const botDefenceSchema = z.object({
  /** Null: off. */
  joinsPerAddress: z.object({ perSecond: z.number(), burst: z.number() }).nullable(),
  joinsPerShopper: z.object({ perSecond: z.number(), burst: z.number() }),
  /** Whose X-Forwarded-For is believed. */
  trustedProxies: z.array(z.string()),
  allowedOrigins: z.array(z.string()),
  /** Sales that are not closed, by what they ask of who joins. */
  sales: z.array(
    z.object({
      saleId: z.string(),
      title: z.string(),
      identity: z.enum(["anonymous", "merchant"]),
      challenge: z.enum(["off", "auto", "on"]),
      limitPerShopper: z.number().int(),
    }),
  ),
});
