// What a check is given to look with. A check looks from outside: it believes no process, only rows and
// keys, and each of its statements compares things of one moment.
import type { SaleId } from "@dropgate/contracts/ids";
import type { HotStore } from "@dropgate/lua";
import type { Statements } from "@dropgate/sql";

/** What of a sale's row the checks go by; read once, at the beginning of a look. */
export type SaleFacts = {
  id: SaleId;
  quantity: number;
  limitPerShopper: number;
  /** 32 bytes, and what was promised of them. */
  secret: Buffer;
  commitment: Buffer;
  /** What the beacon said, for bucket 0; null without one. */
  beacon: string | null;
  ratePerSecond: number;
  burst: number;
  nextBucket: number;
  nextTicket: number;
  drawnTo: number;
};

export interface Look {
  tx: Statements;
  sale: SaleFacts;
  /** Null when there is none to look at: the truth alone is proven then. */
  hotStore: HotStore | null;
}

/** Yes or no; `detail` names what was counted, or the first offenders. */
export interface Verdict {
  ok: boolean;
  detail: string;
}

export type Check = (look: Look) => Promise<Verdict>;

/** Rows of one statement: some milliseconds each, so that no look holds a snapshot for long. */
export const PAGE_ROWS = 5_000;

/** @returns null when there is no such sale */
export async function readSaleFacts(tx: Statements, saleId: string): Promise<SaleFacts | null> {
  const { rows } = await tx.query<SaleFacts>(
    `SELECT id, quantity, limit_per_shopper AS "limitPerShopper", secret, commitment, beacon,
       rate_per_second AS "ratePerSecond", burst, next_bucket AS "nextBucket", next_ticket AS "nextTicket",
       drawn_to AS "drawnTo"
     FROM sales WHERE id = $1`,
    [saleId],
  );
  return rows[0] ?? null;
}

/**
 * Page after page until one is empty.
 * @param read the rows after a key, in order of it, at most PAGE_ROWS
 */
export async function* pages<Row, Key>(
  start: Key,
  keyOf: (row: Row) => Key,
  read: (after: Key) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after = start; ; ) {
    const rows = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = keyOf(last);
  }
}
