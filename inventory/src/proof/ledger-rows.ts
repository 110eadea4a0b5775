// Reads a sale's ledger page by page, in the order in which things happened to any one unit, hold or line.
//
// That order is `id`, not `tx, id`: whoever acts on a row has locked it before writing the ledger, so ids
// follow the locks, while a transaction may have got its number before it waited for the lock. (The pages'
// hashes go by `tx, id`, because there the question is which rows can still come.)
import { type Look, PAGE_ROWS } from "./look.ts";

export type LedgerRow = {
  id: number;
  tx: string;
  act: string;
  /** Seconds since 1970, with microseconds. */
  at: number;
  unit: number | null;
  holdId: string | null;
  entryId: string | null;
  data: Record<string, unknown>;
};

/** Transactions below it have all ended: what they wrote is there, and no more of it can come. */
export type Horizon = { tx: string; firstId: number; lastId: number };

/**
 * A running transaction anywhere in the server, our own of the moment included, holds the horizon back;
 * what lies beyond it is left to the next look.
 */
export async function readHorizon({ tx, sale }: Look): Promise<Horizon> {
  const { rows } = await tx.query<{ tx: string; firstId: number | null; lastId: number | null }>(
    `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS tx,
       (SELECT min(id) FROM ledger WHERE sale_id = $1) AS "firstId",
       (SELECT max(id) FROM ledger) AS "lastId"`,
    [sale.id],
  );
  return { tx: rows[0]?.tx ?? "0", firstId: rows[0]?.firstId ?? 1, lastId: rows[0]?.lastId ?? 0 };
}

/**
 * The rows below the horizon. By ranges of id rather than LIMIT, so that each page is one walk along the
 * primary key whatever the planner thinks of the sale's share of the table.
 */
export async function* ledgerPages({ tx, sale }: Look, horizon: Horizon): AsyncGenerator<LedgerRow[]> {
  for (let from = horizon.firstId; from <= horizon.lastId; from += PAGE_ROWS) {
    const { rows } = await tx.query<LedgerRow>(
      `SELECT id, tx::text AS tx, act, extract(epoch FROM at)::float8 AS at, unit, hold_id AS "holdId",
         entry_id AS "entryId", data
       FROM ledger
       WHERE id >= $2 AND id < $2 + $3::bigint AND sale_id = $1 AND tx < $4::xid8
       ORDER BY id`,
      [sale.id, from, PAGE_ROWS, horizon.tx],
    );
    yield rows;
  }
}
