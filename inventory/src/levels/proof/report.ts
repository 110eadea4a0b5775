// The proof of the inventory: every check by its name, recomputed at each call from what is in PostgreSQL.
import {
  INVENTORY_CHECKS,
  type InventoryCheckName,
  type InventoryReport,
} from "@dropgate/contracts/inventory-report";
import type { Statements } from "@dropgate/sql";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import type { Verdict } from "../../proof/look.ts";
import { inventoryChain } from "./inventory-chain.ts";
import { levelsAreSums } from "./levels-are-sums.ts";
import { promisesMatchOrders } from "./promises-match-orders.ts";

/** docs/reference/report.md tells each in words. */
const CHECKS: Record<InventoryCheckName, (tx: Statements) => Promise<Verdict>> = {
  "levels-are-sums": levelsAreSums,
  "promises-match-orders": promisesMatchOrders,
  "inventory-chain": inventoryChain,
};

/**
 * One check after another, each in statements of some milliseconds: stock may move meanwhile.
 * @param truth a pool rather than one transaction: no snapshot is held from one statement to the next
 */
export async function inventoryReport(truth: Statements): Promise<InventoryReport> {
  const checks: InventoryReport["checks"] = [];
  for (const name of INVENTORY_CHECKS) checks.push({ name, ...(await CHECKS[name](truth)) });
  return { ok: checks.every(({ ok }) => ok), checks, at: (await readClock(truth)).toISOString() };
}
