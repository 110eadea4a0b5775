// Gives an entry its place back: what that is decided by, and the writing of it with who did it and why.
import type { Statements } from "../truth.ts";
import type { EntryRow } from "./entry-row.ts";

export interface RestoreFacts {
  /** When it was given back before; null: never. */
  restoredAt: Date | null;
  /** A later entry of the same shopper. */
  laterEntryId: string | null;
  /** It ended because its shopper had all they may. */
  endedAtLimit: boolean;
}

export async function readRestoreFacts(truth: Statements, entryId: string): Promise<RestoreFacts> {
  const { rows } = await truth.query<RestoreFacts>(
    `SELECT e.restored_at AS "restoredAt",
       (SELECT o.entry_id FROM entries o WHERE o.sale_id = e.sale_id AND o.shopper = e.shopper
          AND o.attempt > e.attempt ORDER BY o.attempt DESC LIMIT 1) AS "laterEntryId",
       EXISTS (SELECT 1 FROM ledger l WHERE l.entry_id = e.entry_id AND l.act = 'entry.limit') AS "endedAtLimit"
     FROM entries e WHERE e.entry_id = $1`,
    [entryId],
  );
  return rows[0] ?? { restoredAt: null, laterEntryId: null, endedAtLimit: false };
}

/**
 * Of an entry that the caller has locked, after its sale, and found left or missed.
 * @param next whether its turn was: then the next free unit is offered to it, else it stands where its ticket says
 */
export async function writeRestore(
  tx: Statements,
  entry: EntryRow,
  { next, reason, actor }: { next: boolean; reason: string; actor: string },
): Promise<EntryRow> {
  const { rows } = await tx.query<{ rev: number; misses: number; rejoinedAt: Date | null }>(
    `WITH back AS (
       -- One miss counts, so that another one ends it.
       UPDATE entries SET state = 'waiting', rev = rev + 1, misses = least(misses, 1),
         rejoined_at = CASE WHEN $2 THEN clock_timestamp() END, restored_at = clock_timestamp(), restore_told = false
       WHERE entry_id = $1 AND state IN ('left', 'missed') AND restored_at IS NULL
       RETURNING sale_id, entry_id, rev, misses, rejoined_at
     ), told AS (
       INSERT INTO ledger (sale_id, act, entry_id, actor, data)
       SELECT sale_id, 'entry.restored', entry_id, $3,
         jsonb_build_object('reason', $4::text, 'was', $5::text, 'next', $2)
       FROM back
     )
     SELECT rev, misses, rejoined_at AS "rejoinedAt" FROM back`,
    [entry.entryId, next, actor, reason, entry.state],
  );
  const back = rows[0];
  if (!back) throw new Error(`entry ${entry.entryId} was locked as ${entry.state} but could not be restored`);
  return { ...entry, state: "waiting", ...back };
}

/** Entries of a sale that were given back and of which Redis may not have been told. */
export async function readUntoldRestores(
  truth: Statements,
  saleId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await truth.query<{ entryId: string }>(
    `SELECT entry_id AS "entryId" FROM entries WHERE sale_id = $1 AND NOT restore_told LIMIT $2`,
    [saleId, limit],
  );
  return rows.map(({ entryId }) => entryId);
}

export async function markRestoresTold(truth: Statements, entryIds: readonly string[]): Promise<void> {
  await truth.query("UPDATE entries SET restore_told = true WHERE entry_id = ANY($1) AND NOT restore_told", [
    entryIds,
  ]);
}
