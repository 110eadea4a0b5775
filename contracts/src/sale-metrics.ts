// The figures of a running sale: as they are now, and as they were, in steps.
import { z } from "zod";
import { PHASES } from "./states/phase.ts";
import { timeSchema } from "./values.ts";

/** Widths of the series' steps in seconds: ten minutes, three hours and a day, each within some hundred points. */
export const SERIES_STEPS = [1, 10, 60] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

export const saleMetricsQuerySchema = z.strictObject({
  step: z.enum(["1", "10", "60"]).default("1"),
});

/** What has happened in a sale since it was made: each only grows. */
export const saleTotalsSchema = z.object({
  /** Entries that are stored, second tries of the same shopper included; of a rush its tries that got a unit. */
  joined: z.number().int(),
  /** Out of the line before a turn came, or after it was missed. */
  left: z.number().int(),
  offered: z.number().int(),
  claimed: z.number().int(),
  confirmed: z.number().int(),
  /** Offers that nobody claimed in time, */
  lapsed: z.number().int(),
  /** and who came back after one. */
  rejoined: z.number().int(),
  /** Units that were claimed and whose purchase window ran out. */
  expired: z.number().int(),
  /** Units given back, by passing or after the claim. */
  released: z.number().int(),
  cancelled: z.number().int(),
  /** Places that an operator gave back. */
  restored: z.number().int(),
});
export type SaleTotals = z.infer<typeof saleTotalsSchema>;

/** Rates are a second, over the step; the other figures are as of its end. */
export const saleFiguresSchema = z.object({
  at: timeSchema,
  waiting: z.number().int(),
  serving: z.number().int(),
  ratePerSecond: z.number(),
  free: z.number().int(),
  held: z.number().int(),
  sold: z.number().int(),
  returned: z.number().int(),
  /** Sockets on this sale at this gateway. */
  visitors: z.number().int(),
  servedPerSecond: z.number(),
  soldPerSecond: z.number(),
  joinedPerSecond: z.number(),
  offeredPerSecond: z.number(),
  claimedPerSecond: z.number(),
  confirmedPerSecond: z.number(),
  /** Lapsed offers and expired holds together. */
  expiredPerSecond: z.number(),
});
export type SaleFigures = z.infer<typeof saleFiguresSchema>;

export const saleMetricsSchema = z.object({
  phase: z.enum(PHASES),
  now: saleFiguresSchema,
  totals: saleTotalsSchema,
  series: z.object({ stepSeconds: z.number().int(), points: z.array(saleFiguresSchema) }),
});
export type SaleMetrics = z.infer<typeof saleMetricsSchema>;

const storeHealthSchema = z.object({
  ok: z.boolean(),
  /** How long its last answer took, in ms; null: it has not answered since it is away. */
  ms: z.number().nullable(),
});

/** The socket's `metrics`, for operators: at most four a second, the newest state of everything. */
export const liveMetricsSchema = z.object({
  saleId: z.string(),
  at: timeSchema,
  phase: z.enum(PHASES),
  /** The sale's; raised by each change of phase, schedule or texts. */
  version: z.number().int(),
  figures: saleFiguresSchema,
  totals: saleTotalsSchema,
  /** Entries by where they stand now. */
  states: z.object({
    waiting: z.number().int(),
    offered: z.number().int(),
    held: z.number().int(),
    purchased: z.number().int(),
  }),
  /** By index. */
  pools: z.array(
    z.object({
      index: z.number().int(),
      capacity: z.number().int(),
      available: z.number().int(),
      held: z.number().int(),
      sold: z.number().int(),
    }),
  ),
  /** Sockets on this sale at all gateways. */
  clients: z.number().int(),
  /** Gateways whose figures are in `clients`, `rejections` and `latency`. */
  gateways: z.number().int(),
  /** Refusals of all calls and sockets, whatever the sale, by code; the most frequent first. `total`: since the gateways started. */
  rejections: z.array(z.object({ code: z.string(), perSecond: z.number(), total: z.number().int() })),
  /** Of the answers to HTTP calls within the last seconds; null while there was none. */
  latency: z.object({
    requestsPerSecond: z.number(),
    p50Ms: z.number().nullable(),
    p99Ms: z.number().nullable(),
  }),
  health: z.object({ redis: storeHealthSchema, postgresql: storeHealthSchema }),
});
export type LiveMetrics = z.infer<typeof liveMetricsSchema>;
