// Closes a page of a sale's ledger: hash(previous page ‖ rows), off the hot path. A page takes the rows of
// transactions older than every running one, so none can slip in behind it; a page by row id would lose
// those that were numbered early and committed late. With it goes the tally: what has happened so far, by act.
import { LEDGER_PAGE_ROWS_MAX } from "@dropgate/contracts/limits";
import type { Statements } from "../truth.ts";

/**
 * Closes the next page, if there are rows for one. The caller holds the sale's lock.
 * @returns how many rows the page took
 */
export async function closeLedgerPage(tx: Statements, saleId: string): Promise<number> {
  const { rows } = await tx.query<{ rows: number }>(
    `WITH before AS (
       SELECT coalesce(max(page), 0) AS page FROM ledger_pages WHERE sale_id = $1
     ), last AS (
       SELECT b.page, coalesce(p.to_tx, '0'::xid8) AS from_tx, coalesce(p.hash, ''::bytea) AS hash
       FROM before b LEFT JOIN ledger_pages p ON p.sale_id = $1 AND p.page = b.page
     ), full_at AS (
       -- A transaction's rows stay together: a page that is full goes on to the end of that transaction.
       SELECT l.tx FROM ledger l, last WHERE l.sale_id = $1 AND l.tx >= last.from_tx
       ORDER BY l.tx, l.id OFFSET $2 LIMIT 1
     ), bound AS (
       SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (
         SELECT l.tx FROM ledger l, full_at f WHERE l.sale_id = $1 AND l.tx > f.tx ORDER BY l.tx LIMIT 1)) AS to_tx
     ), made AS (
       INSERT INTO ledger_pages (sale_id, page, from_tx, to_tx, rows, hash)
       SELECT $1, last.page + 1, last.from_tx, bound.to_tx, count(*),
         sha256(last.hash || convert_to(string_agg(ledger_text(l), '' ORDER BY l.tx, l.id), 'UTF8'))
       FROM last, bound, ledger l
       WHERE l.sale_id = $1 AND l.tx >= last.from_tx AND l.tx < bound.to_tx
       GROUP BY last.page, last.from_tx, bound.to_tx, last.hash
       HAVING count(*) > 0
       RETURNING page, from_tx, to_tx, rows
     ), sums AS (
       SELECT act, sum(n)::bigint AS n FROM (
         SELECT l.act, 1 AS n FROM made m, ledger l
         WHERE l.sale_id = $1 AND l.tx >= m.from_tx AND l.tx < m.to_tx
         UNION ALL
         SELECT b.key, b.value::bigint FROM made m, ledger_tallies t, jsonb_each_text(t.acts) b
         WHERE t.sale_id = $1 AND t.page = m.page - 1) AS counted
       GROUP BY act
     ), tally AS (
       INSERT INTO ledger_tallies (sale_id, page, to_tx, acts)
       SELECT $1, m.page, m.to_tx, (SELECT jsonb_object_agg(act, n) FROM sums) FROM made m
     )
     SELECT rows FROM made`,
    [saleId, LEDGER_PAGE_ROWS_MAX],
  );
  return rows[0]?.rows ?? 0;
}
