// The proof of the inventory: recomputed from PostgreSQL at each call, each check with its evidence.
import { z } from "zod";
import { timeSchema } from "./values.ts";

/** The names are stable; docs/reference/report.md says what each looks at. */
export const INVENTORY_CHECKS = ["levels-are-sums", "promises-match-orders", "inventory-chain"] as const;
export type InventoryCheckName = (typeof INVENTORY_CHECKS)[number];

export const inventoryReportSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.enum(INVENTORY_CHECKS), ok: z.boolean(), detail: z.string() })),
  at: timeSchema,
});
export type InventoryReport = z.infer<typeof inventoryReportSchema>;
