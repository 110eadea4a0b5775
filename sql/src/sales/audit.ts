// The ledger as it is read from outside: in an order in which no row can still slip in behind a page.
import type { Statements } from "../truth.ts";

export interface AuditRow {
  id: number;
  tx: string;
  at: string;
  act: string;
  unit: number | null;
  holdId: string | null;
  entryId: string | null;
  actor: string;
  /** Of an operator of the console; null: the actor is none. */
  actorName: string | null;
  data: Record<string, unknown>;
}

export interface AuditCursor {
  tx: string;
  id: number;
}

const COLUMNS = `id, tx::text AS tx, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, act, unit,
       hold_id AS "holdId", entry_id AS "entryId", actor, data,
       (SELECT o.name FROM operators o WHERE starts_with(actor, 'operator:') AND o.id = substr(actor, 10)) AS "actorName"`;

/** Rows of transactions older than every running one, after the cursor, by transaction and id. */
export async function readAudit(
  truth: Statements,
  saleId: string,
  after: AuditCursor | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await truth.query<AuditRow>(
    `SELECT ${COLUMNS}
     FROM ledger
     WHERE sale_id = $1 AND tx < pg_snapshot_xmin(pg_current_snapshot())
       AND ($2::xid8 IS NULL OR tx > $2::xid8 OR (tx = $2::xid8 AND id > $3))
     ORDER BY tx, id LIMIT $4`,
    [saleId, after?.tx ?? null, after?.id ?? 0, limit],
  );
  return rows;
}

/** The same rows from the other end: the newest first, each page before the cursor. */
export async function readNewestAudit(
  truth: Statements,
  saleId: string,
  before: AuditCursor | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await truth.query<AuditRow>(
    `SELECT ${COLUMNS}
     FROM ledger
     WHERE sale_id = $1 AND tx < pg_snapshot_xmin(pg_current_snapshot())
       AND ($2::xid8 IS NULL OR tx < $2::xid8 OR (tx = $2::xid8 AND id < $3))
     ORDER BY tx DESC, id DESC LIMIT $4`,
    [saleId, before?.tx ?? null, before?.id ?? 0, limit],
  );
  return rows;
}
