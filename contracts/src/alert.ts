// What somebody should look at: found by us, looked at and decided by an operator.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { timeSchema } from "./values.ts";

export const ALERT_KINDS = [
  /** A count differs so much that it waits for approval. */
  "variance",
  /** Fewer lie there than are promised; the orders at risk are named. */
  "promised_more_than_there",
  /** What a warehouse says cannot be, by what we know. */
  "impossible_level",
  "low_stock",
  "stuck_transfer",
  /** A location's events have a gap. */
  "missing_sequence",
  /** An event under the id of another, with other content. */
  "event_conflict",
  /** An event that names what we do not know: kept, and applied when we do. */
  "event_waiting",
  "receiving_blocked",
  "over_receipt",
  "short_pick",
  "dead_letter",
  "reconcile_difference",
  /** Nothing was delivered to it for so long that it was disabled. */
  "webhook_disabled",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const alertSchema = z.object({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  subject: z.string(),
  sku: z.string().nullable(),
  locationId: z.string().nullable(),
  /** One sentence for people. */
  detail: z.string(),
  data: z.record(z.string(), z.unknown()),
  state: z.enum(ALERT_STATES),
  /** How often it was found while it was open. */
  times: z.number().int(),
  firstAt: timeSchema,
  lastAt: timeSchema,
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;
/** The newest first. */
export const alertListSchema = z.object({ items: z.array(alertSchema), nextCursor: z.string().nullable() });
export const alertQuerySchema = pageQuerySchema.extend({
  state: z.enum(ALERT_STATES).optional(),
  kind: z.enum(ALERT_KINDS).optional(),
});
