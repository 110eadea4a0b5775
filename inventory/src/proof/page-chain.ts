// A ledger is what it was when its pages were closed: each page's hash covers its rows and the page before, so a row
// that was changed, taken out or slipped in later breaks every page from there on. The sale's ledger and the
// inventory's are closed alike and proven here alike.
import { createHash } from "node:crypto";
import { Evidence } from "./evidence.ts";
import { pages, type Verdict } from "./look.ts";

export type Page = { page: number; fromTx: string; toTx: string; rows: number; hash: Buffer };
/** `text` is what the page's hash covers of the row. */
export type CoveredRow = { tx: string; id: number; text: string };

/** How one ledger is read. */
export interface PagedLedger {
  /** Pages after a number, in order of it, at most PAGE_ROWS. */
  readPages: (after: number) => Promise<Page[]>;
  /** Rows before `toTx`, after one of a transaction and id, in order of them, at most PAGE_ROWS. */
  readRows: (toTx: string, afterTx: string, afterId: number) => Promise<CoveredRow[]>;
  /** Rows before the first page, which nothing covers, and from the last's end on, which are yet to be. */
  countOutside: (lastTx: string) => Promise<{ early: number; late: number }>;
}

export async function provePages(ledger: PagedLedger): Promise<Verdict> {
  const evidence = new Evidence();
  let before: Page | null = null;
  let rows = 0;
  for await (const closed of pages(0, (row: Page) => row.page, ledger.readPages)) {
    for (const page of closed) {
      const fault = faultOfPlace(page, before) ?? faultOfContent(page, await hashPage(ledger, page, before));
      if (fault !== null) evidence.found(fault);
      rows += page.rows;
      before = page;
    }
  }
  const outside = await ledger.countOutside(before?.toTx ?? "0");
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
  ledger: PagedLedger,
  page: Page,
  before: Page | null,
): Promise<{ rows: number; hash: Buffer }> {
  const hash = createHash("sha256").update(before?.hash ?? "");
  let count = 0;
  const start: [string, number] = [page.fromTx, 0];
  const keyOf = (row: CoveredRow): [string, number] => [row.tx, row.id];
  for await (const part of pages(start, keyOf, ([tx, id]) => ledger.readRows(page.toTx, tx, id))) {
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
