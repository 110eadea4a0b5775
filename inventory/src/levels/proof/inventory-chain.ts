// The inventory's ledger is what it was when its pages were closed.
import type { Statements } from "@dropgate/sql";
import { PAGE_ROWS, type Verdict } from "../../proof/look.ts";
import { type CoveredRow, type Page, provePages } from "../../proof/page-chain.ts";

export function inventoryChain(tx: Statements): Promise<Verdict> {
  return provePages({
    readPages: async (after) =>
      (
        await tx.query<Page>(
          `SELECT page, from_tx::text AS "fromTx", to_tx::text AS "toTx", rows, hash FROM inventory_pages
           WHERE page > $1 ORDER BY page LIMIT $2`,
          [after, PAGE_ROWS],
        )
      ).rows,
    readRows: async (toTx, afterTx, afterId) =>
      (
        await tx.query<CoveredRow>(
          `SELECT t.tx::text AS tx, t.id, inventory_text(t) AS text FROM inventory_transactions t
           WHERE t.tx < $1::xid8 AND (t.tx, t.id) > ($2::xid8, $3::bigint) ORDER BY t.tx, t.id LIMIT $4`,
          [toTx, afterTx, afterId, PAGE_ROWS],
        )
      ).rows,
    countOutside: async (lastTx) => {
      const { rows } = await tx.query<{ early: number; late: number }>(
        `SELECT (SELECT count(*) FROM inventory_transactions WHERE tx <
             (SELECT from_tx FROM inventory_pages ORDER BY page LIMIT 1)) AS early,
           (SELECT count(*) FROM inventory_transactions WHERE tx >= $1::xid8) AS late`,
        [lastTx],
      );
      return rows[0] ?? { early: 0, late: 0 };
    },
  });
}
