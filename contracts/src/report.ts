// The proof of a sale: recomputed from PostgreSQL at each call, each check with its evidence.
import { z } from "zod";

/** The names are stable; docs/reference/report.md says what each looks at. */
export const REPORT_CHECKS = [
  "units-add-up",
  "no-unit-twice",
  "holds-match-units",
  "limit-per-shopper",
  "orders-match-holds",
  "tickets-without-gaps",
  "offers-in-ticket-order",
  "admission-rate",
  "draw-recomputed",
  "ledger-chain",
  "ledger-replays",
  "units-match-stock",
  "redis-agrees",
] as const;
export type ReportCheckName = (typeof REPORT_CHECKS)[number];

export const reportSchema = z.object({
  saleId: z.string(),
  ok: z.boolean(),
  units: z.number().int(),
  sold: z.number().int(),
  returned: z.number().int(),
  held: z.number().int(),
  free: z.number().int(),
  checks: z.array(z.object({ name: z.enum(REPORT_CHECKS), ok: z.boolean(), detail: z.string() })),
  at: z.string(),
});
export type Report = z.infer<typeof reportSchema>;
