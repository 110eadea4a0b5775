// Closes the pages of the inventory's ledger, whatever sales there are. If it dies here nothing is closed; twice, the
// second finds the page there; late, the page is larger or more pages follow at once.
import { setTimeout as sleep } from "node:timers/promises";
import { LEDGER_PAGE_REST_MS, LEDGER_PAGE_ROWS_MAX } from "@dropgate/contracts/limits";
import { closeInventoryPage } from "@dropgate/sql/levels/close-page";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether the page was full, so there may be rows for another */
export async function closeInventoryPages(context: WorkerContext): Promise<boolean> {
  const rows = await closeInventoryPage(context.truth);
  if (rows > 0) context.happened("inventory.page");
  const isFull = rows >= LEDGER_PAGE_ROWS_MAX;
  // A busy second's pages one after another are a tenth of a second in which checkouts wait for PostgreSQL.
  if (isFull) await sleep(LEDGER_PAGE_REST_MS);
  return isFull;
}
