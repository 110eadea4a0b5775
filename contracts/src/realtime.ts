// What is said over the socket: the Socket.IO events of the contract, by name and payload.
import { z } from "zod";
import { alertSchema } from "./alert.ts";
import { entrySchema, outcomeSchema } from "./entry.ts";
import { holdSchema } from "./hold.ts";
import { saleSchema } from "./sale.ts";
import { liveMetricsSchema } from "./sale-metrics.ts";
import { idSchema, problemSchema, timeSchema } from "./values.ts";

export const servingSchema = z.object({
  serving: z.number().int(),
  waiting: z.number().int(),
  ratePerSecond: z.number(),
  at: timeSchema,
});
export type Serving = z.infer<typeof servingSchema>;

export const offerSchema = z.object({
  holdId: idSchema,
  sku: z.string(),
  quantity: z.literal(1),
  claimBy: timeSchema,
});
export type Offer = z.infer<typeof offerSchema>;

/** From the server. */
export const SERVER_EVENTS = {
  sale: saleSchema,
  serving: servingSchema,
  entry: entrySchema,
  offer: offerSchema,
  hold: z.object({ hold: holdSchema, pass: z.string().optional() }),
  outcome: outcomeSchema,
  /** Before the server goes away: come back after this many milliseconds, spread over the crowd. */
  reconnect: z.object({ afterMs: z.number().int() }),
} as const;
export type ServerEvent = keyof typeof SERVER_EVENTS;

/** From the server, to operators besides. */
export const OPERATOR_EVENTS = {
  metrics: liveMetricsSchema,
  /** Raised or found again while the operator is connected; what was there before, `GET /admin/alerts` lists. */
  alert: alertSchema,
} as const;
export type OperatorEvent = keyof typeof OPERATOR_EVENTS;

/** From a shopper, each acknowledged with the HTTP answer's body or `{problem}`. */
export const SHOPPER_EVENTS = {
  claim: z.strictObject({ holdId: idSchema }),
  release: z.strictObject({ holdId: idSchema }),
  leave: z.strictObject({}).optional(),
  rejoin: z.strictObject({}).optional(),
} as const;
export type ShopperEvent = keyof typeof SHOPPER_EVENTS;

export const problemAnswerSchema = z.object({ problem: problemSchema });

/**
 * The handshake's `auth`: an entry token, or a sale to watch. As an operator watches who brings an API key or, on our own
 * page, the cookie of a console session; `as: "operator"` is refused without either instead of letting a spectator in.
 */
export const handshakeSchema = z.union([
  z.strictObject({ token: z.string().max(2_000) }),
  z.strictObject({
    saleId: idSchema,
    apiKey: z.string().max(255).optional(),
    as: z.literal("operator").optional(),
  }),
]);
