// Takes a rehearsal away with all that it left. The triggers let only a closed rehearsal's rows go, so whatever is asked
// here, a real sale loses nothing.
import type { Statements } from "../truth.ts";

/** What lies under a sale, in an order in which nothing that is there names what is gone. Units name holds until the commit. */
const LEFT = [
  "ledger_tallies",
  "ledger_pages",
  "ledger",
  "orders",
  "notification_mails",
  "notifications",
  "entry_links",
  "theme_changes",
  "holds",
  "units",
  "tickets",
  "draw_bucket_ranges",
  "draw_buckets",
  "sealing_turns",
  "lane_closings",
  "entries",
  "lanes",
] as const;

/**
 * Within the caller's transaction.
 * @returns whether there was a closed rehearsal of this id; else nothing was done
 */
export async function removeRehearsalSale(tx: Statements, saleId: string): Promise<boolean> {
  const locked = await tx.query(
    "SELECT 1 FROM sales WHERE id = $1 AND rehearsal AND phase = 'closed' FOR UPDATE",
    [saleId],
  );
  if (locked.rowCount !== 1) return false;
  for (const table of LEFT) await tx.query(`DELETE FROM ${table} WHERE sale_id = $1`, [saleId]);
  await tx.query("DELETE FROM rehearsals WHERE sale_id = $1", [saleId]);
  await tx.query("DELETE FROM sales WHERE id = $1", [saleId]);
  return true;
}
