// The ledger is what it was when its pages were closed: each page's hash covers its rows and the page before,
// so a row that was changed, taken out or slipped in later breaks every page from there on.
import { createHash } from "node:crypto";
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

type Page = { page: number; fromTx: string; toTx: string; rows: number; hash: Buffer };

export async function ledgerChain(look: Look): Promise<Verdict> {
  const { tx, sale } = look;
  const evidence = new Evidence();
  const read = async (after: number): Promise<Page[]> =>
    (
      await tx.query<Page>(
        `SELECT page, from_tx::text AS "fromTx", to_tx::text AS "toTx", rows, hash FROM ledger_pages
         WHERE sale_id = $1 AND page > $2 ORDER BY page LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  let before: Page | null = null;
  let rows = 0;
  for await (const closed of pages(0, (row: Page) => row.page, read)) {
    for (const page of closed) {
      const fault = faultOfPlace(page, before) ?? faultOfContent(page, await hashPage(look, page, before));
      if (fault !== null) evidence.found(fault);
      rows += page.rows;
      before = page;
    }
  }
  const outside = await countOutside(look, before?.toTx ?? "0");
  if (outside.early > 0) evidence.found(`${outside.early} rows lie before the first page`);
  return evidence.verdict(
    `${before?.page ?? 0} pages of ${rows} rows are intact; ${outside.late} rows wait for their page`,
  );
}

/** Pages are numbered from 1 and each begins where the one before ended. */
function faultOfPlace(page: Page, before: Page | null): string | null {
  const number = (before?.page ?? 0) + 1;
  if (page.page !== number) return `page ${number} is not there`;
  if (before !== null && page.fromTx !== before.toTx) {
    return `page ${page.page} begins at transaction ${page.fromTx}, the one before ended at ${before.toTx}`;
  }
  return BigInt(page.fromTx) < BigInt(page.toTx) ? null : `page ${page.page} ends before it begins`;
}

/** The first page has no page before it: its hash begins with its rows. */
async function hashPage(
  { tx, sale }: Look,
  page: Page,
  before: Page | null,
): Promise<{ rows: number; hash: Buffer }> {
  type Row = { tx: string; id: number; text: string };
  const hash = createHash("sha256").update(before?.hash ?? "");
  let count = 0;
  const read = async ([afterTx, afterId]: [string, number]): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT l.tx::text AS tx, l.id, ledger_text(l) AS text FROM ledger l
         WHERE l.sale_id = $1 AND l.tx < $2::xid8 AND (l.tx, l.id) > ($3::xid8, $4::bigint)
         ORDER BY l.tx, l.id LIMIT $5`,
        [sale.id, page.toTx, afterTx, afterId, PAGE_ROWS],
      )
    ).rows;
  const start: [string, number] = [page.fromTx, 0];
  for await (const part of pages(start, (row: Row): [string, number] => [row.tx, row.id], read)) {
    count += part.length;
    for (const { text } of part) hash.update(text);
  }
  return { rows: count, hash: hash.digest() };
}

function faultOfContent(page: Page, found: { rows: number; hash: Buffer }): string | null {
  const name = `page ${page.page} (transactions ${page.fromTx} to ${page.toTx})`;
  if (found.rows !== page.rows) return `${name} was closed with ${page.rows} rows and has ${found.rows}`;
  return found.hash.equals(page.hash) ? null : `${name} has another hash than when it was closed`;
}

/** Rows before the first page, which nothing covers, and after the last, which the next tick will. */
async function countOutside({ tx, sale }: Look, lastTx: string): Promise<{ early: number; late: number }> {
  const { rows } = await tx.query<{ early: number; late: number }>(
    `SELECT (SELECT count(*) FROM ledger WHERE sale_id = $1 AND tx <
         (SELECT from_tx FROM ledger_pages WHERE sale_id = $1 ORDER BY page LIMIT 1)) AS early,
       (SELECT count(*) FROM ledger WHERE sale_id = $1 AND tx >= $2::xid8) AS late`,
    [sale.id, lastTx],
  );
  return rows[0] ?? { early: 0, late: 0 };
}
