// Reconciliations as PostgreSQL has them, and how workers share them: whoever locks one does a page of it.
import type { DifferenceState, ReconciliationState } from "@dropgate/contracts/reconciliation";
import type { LevelKey } from "../levels/level-row.ts";
import type { Statements } from "../truth.ts";

export interface ReconciliationRow {
  id: string;
  sku: string | null;
  requestedBy: string;
  apply: boolean;
  state: ReconciliationState;
  afterSku: string;
  afterLocation: string;
  levels: number;
  requestedAt: Date;
  endedAt: Date | null;
}

const COLUMNS = `r.id, r.sku, r.requested_by AS "requestedBy", r.apply, r.state, r.after_sku AS "afterSku",
  r.after_location AS "afterLocation", r.levels, r.requested_at AS "requestedAt", r.ended_at AS "endedAt"`;

export type CountedReconciliation = ReconciliationRow & { differences: Record<DifferenceState, number> };

/** Counted by an index, of one reconciliation at a time. */
const COUNTED = `${COLUMNS}, (
    SELECT json_build_object('proposed', count(*) FILTER (WHERE d.state = 'proposed'),
      'applied', count(*) FILTER (WHERE d.state = 'applied'), 'gone', count(*) FILTER (WHERE d.state = 'gone'),
      'refused', count(*) FILTER (WHERE d.state = 'refused'))
    FROM reconciliation_differences d WHERE d.reconciliation_id = r.id) AS differences`;

export async function insertReconciliation(
  tx: Statements,
  asked: { id: string; sku: string | null; requestedBy: string; apply: boolean },
): Promise<void> {
  await tx.query("INSERT INTO reconciliations (id, sku, requested_by, apply) VALUES ($1, $2, $3, $4)", [
    asked.id,
    asked.sku,
    asked.requestedBy,
    asked.apply,
  ]);
}

/**
 * Asks for a look at everything, unless one was asked for within `seconds` or is under way. Two workers at once ask
 * once: the second waits for the first's lock and finds its row.
 * @returns whether it was asked for
 */
export async function insertScheduled(
  tx: Statements,
  id: string,
  requestedBy: string,
  seconds: number,
): Promise<boolean> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('reconciliation schedule', 0))");
  const inserted = await tx.query(
    `INSERT INTO reconciliations (id, requested_by, apply) SELECT $1, $2, false
     WHERE NOT EXISTS (SELECT 1 FROM reconciliations WHERE state <> 'done' AND sku IS NULL)
       AND NOT EXISTS (SELECT 1 FROM reconciliations
         WHERE sku IS NULL AND requested_at > clock_timestamp() - $3 * interval '1 second')`,
    [id, requestedBy, seconds],
  );
  return inserted.rowCount === 1;
}

export async function readReconciliation(
  truth: Statements,
  id: string,
): Promise<CountedReconciliation | null> {
  const { rows } = await truth.query<CountedReconciliation>(
    `SELECT ${COUNTED} FROM reconciliations r WHERE r.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export interface ReconciliationCursor {
  requestedMicros: string;
  id: string;
}

/** @returns with each the cursor that begins behind it; the newest first */
export async function listReconciliations(
  truth: Statements,
  after: ReconciliationCursor | null,
  limit: number,
): Promise<{ reconciliation: CountedReconciliation; cursor: ReconciliationCursor }[]> {
  const { rows } = await truth.query<CountedReconciliation & { requestedMicros: number }>(
    `SELECT ${COUNTED}, (extract(epoch FROM r.requested_at) * 1000000)::bigint AS "requestedMicros"
     FROM reconciliations r
     WHERE $1::bigint IS NULL
       OR (r.requested_at, r.id) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
     ORDER BY r.requested_at DESC, r.id DESC LIMIT $3`,
    [after?.requestedMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ requestedMicros, ...reconciliation }) => ({
    reconciliation,
    cursor: { requestedMicros: String(requestedMicros), id: reconciliation.id },
  }));
}

/** One that is not done and that nobody has a page of under way; the oldest first. */
export async function lockOneToDo(tx: Statements): Promise<ReconciliationRow | null> {
  const { rows } = await tx.query<ReconciliationRow>(
    `SELECT ${COLUMNS} FROM reconciliations r WHERE r.state <> 'done'
     ORDER BY r.requested_at, r.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
  );
  return rows[0] ?? null;
}

/** @param to the last level that was looked at; null: there are no more */
export async function writeProgress(
  tx: Statements,
  id: string,
  to: LevelKey | null,
  levels: number,
): Promise<void> {
  await tx.query(
    `UPDATE reconciliations SET state = CASE WHEN $2::text IS NULL THEN 'done' ELSE 'running' END,
       after_sku = coalesce($2, after_sku), after_location = coalesce($3, after_location), levels = levels + $4,
       ended_at = CASE WHEN $2::text IS NULL THEN clock_timestamp() END
     WHERE id = $1`,
    [id, to?.sku ?? null, to?.locationId ?? null, levels],
  );
}
