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
});
export type SaleFigures = z.infer<typeof saleFiguresSchema>;

export const saleMetricsSchema = z.object({
  phase: z.enum(PHASES),
  now: saleFiguresSchema,
  series: z.object({ stepSeconds: z.number().int(), points: z.array(saleFiguresSchema) }),
});
export type SaleMetrics = z.infer<typeof saleMetricsSchema>;
