// A sale's ledger is what it was when its pages were closed.
import { type Look, PAGE_ROWS, type Verdict } from "./look.ts";
import { type CoveredRow, type Page, provePages } from "./page-chain.ts";

export function ledgerChain({ tx, sale }: Look): Promise<Verdict> {
  return provePages({
    readPages: async (after) =>
      (
        await tx.query<Page>(
          `SELECT page, from_tx::text AS "fromTx", to_tx::text AS "toTx", rows, hash FROM ledger_pages
           WHERE sale_id = $1 AND page > $2 ORDER BY page LIMIT $3`,
          [sale.id, after, PAGE_ROWS],
        )
      ).rows,
    readRows: async (toTx, afterTx, afterId) =>
      (
        await tx.query<CoveredRow>(
          `SELECT l.tx::text AS tx, l.id, ledger_text(l) AS text FROM ledger l
           WHERE l.sale_id = $1 AND l.tx < $2::xid8 AND (l.tx, l.id) > ($3::xid8, $4::bigint)
           ORDER BY l.tx, l.id LIMIT $5`,
          [sale.id, toTx, afterTx, afterId, PAGE_ROWS],
        )
      ).rows,
    countOutside: async (lastTx) => {
      const { rows } = await tx.query<{ early: number; late: number }>(
        `SELECT (SELECT count(*) FROM ledger WHERE sale_id = $1 AND tx <
             (SELECT from_tx FROM ledger_pages WHERE sale_id = $1 ORDER BY page LIMIT 1)) AS early,
           (SELECT count(*) FROM ledger WHERE sale_id = $1 AND tx >= $2::xid8) AS late`,
        [sale.id, lastTx],
      );
      return rows[0] ?? { early: 0, late: 0 };
    },
  });
}
