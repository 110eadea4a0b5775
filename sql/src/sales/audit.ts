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

const WAYS = {
  oldest: { beyond: ">", order: "tx, id" },
  newest: { beyond: "<", order: "tx DESC, id DESC" },
} as const;

/**
 * Rows of transactions older than every running one, by transaction and id.
 * @param beyond where the page before this one ended
 * @param first which end a list begins at
 */
export async function readAudit(
  truth: Statements,
  saleId: string,
  beyond: AuditCursor | null,
  limit: number,
  first: keyof typeof WAYS = "oldest",
): Promise<AuditRow[]> {
  const way = WAYS[first];
  const { rows } = await truth.query<AuditRow>(
    `SELECT ${COLUMNS}
     FROM ledger
     WHERE sale_id = $1 AND tx < pg_snapshot_xmin(pg_current_snapshot())
       AND ($2::xid8 IS NULL OR tx ${way.beyond} $2::xid8 OR (tx = $2::xid8 AND id ${way.beyond} $3))
     ORDER BY ${way.order} LIMIT $4`,
    [saleId, beyond?.tx ?? null, beyond?.id ?? 0, limit],
  );
  return rows;
}
