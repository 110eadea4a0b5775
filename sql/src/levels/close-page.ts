// Closes a page of the inventory's ledger, as ../ledger/close-page.ts does for a sale's. There is one chain for all
// stock: a reservation touches many levels, and its rows stay together.
import { LEDGER_PAGE_ROWS_MAX } from "@dropgate/contracts/limits";
import type { Statements } from "../truth.ts";

/**
 * Closes the next page, if there are rows for one. Two workers at once close it once: the page's number is its key.
 * @returns how many rows the page took
 */
export async function closeInventoryPage(tx: Statements): Promise<number> {
  const { rows } = await tx.query<{ rows: number }>(
    `WITH last AS (
       SELECT coalesce(p.page, 0) AS page, coalesce(p.to_tx, '0'::xid8) AS from_tx, coalesce(p.hash, ''::bytea) AS hash
       FROM (SELECT 1) AS one LEFT JOIN (
         SELECT page, to_tx, hash FROM inventory_pages ORDER BY page DESC LIMIT 1) p ON true
     ), full_at AS (
       -- A transaction's rows stay together: a page that is full goes on to the end of that transaction.
       SELECT t.tx FROM inventory_transactions t WHERE t.tx >= (SELECT from_tx FROM last)
       ORDER BY t.tx, t.id OFFSET $1 LIMIT 1
     ), bound AS (
       SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (
         SELECT t.tx FROM inventory_transactions t WHERE t.tx > (SELECT tx FROM full_at)
         ORDER BY t.tx LIMIT 1)) AS to_tx
     )
     INSERT INTO inventory_pages (page, from_tx, to_tx, rows, hash)
     SELECT last.page + 1, last.from_tx, bound.to_tx, count(*),
       sha256(last.hash || convert_to(string_agg(inventory_text(t), '' ORDER BY t.tx, t.id), 'UTF8'))
     FROM last, bound, inventory_transactions t
     WHERE t.tx >= (SELECT from_tx FROM last) AND t.tx < (SELECT to_tx FROM bound)
     GROUP BY last.page, last.from_tx, bound.to_tx, last.hash
     HAVING count(*) > 0
     ON CONFLICT (page) DO NOTHING
     RETURNING rows`,
    [LEDGER_PAGE_ROWS_MAX],
  );
  return rows[0]?.rows ?? 0;
}
