// Holds whose Redis side is behind: what a gateway or tick that died has left, and what was just committed.
import { PUBLISH_LATE_MS } from "@dropgate/contracts/limits";
import type { HoldState } from "@dropgate/contracts/states/hold";
import type { Statements, Truth } from "../truth.ts";

export interface UnappliedHold {
  holdId: string;
  entryId: string;
  unit: number;
  /** The lane of the unit's pool. */
  unitLane: number;
  state: HoldState;
  rev: number;
  replaces: string | null;
  /** An offer whose telling is late: its window has to begin anew before it is told. */
  late: boolean;
}

/**
 * @param holdIds only these; null for all of the sale
 */
export async function readUnapplied(
  truth: Statements,
  saleId: string,
  holdIds: readonly string[] | null,
  limit: number,
): Promise<UnappliedHold[]> {
  // Two texts, so that each is planned for what it is: these holds by their key, or the sale's by what is unapplied.
  // (Written as a difference, the second is no matter of the index of what is unapplied, whose dead entries are many.)
  const which =
    holdIds === null
      ? "h.applied_rev < h.rev AND $2::text[] IS NULL"
      : "h.rev - h.applied_rev > 0 AND h.hold_id = ANY($2)";
  const { rows } = await truth.query<UnappliedHold>(
    `SELECT h.hold_id AS "holdId", h.entry_id AS "entryId", h.unit,
       (SELECT lane FROM units u WHERE u.sale_id = h.sale_id AND u.unit = h.unit) AS "unitLane", h.state, h.rev, h.replaces,
       h.state = 'offered' AND h.published_at IS NULL
         AND clock_timestamp() - h.offered_at > $4 * interval '1 millisecond' AS late
     FROM holds h
     WHERE h.sale_id = $1 AND h.state <> 'void' AND ${which}
     ORDER BY h.offered_at, h.hold_id LIMIT $3`,
    [saleId, holdIds, limit, PUBLISH_LATE_MS],
  );
  return rows;
}

/** Gives offers that nobody was told of in time their window anew. */
export function renewLateOffers(truth: Truth, holdIds: readonly string[]): Promise<void> {
  return truth.transaction(async (tx) => {
    await tx.query("SELECT 1 FROM holds WHERE hold_id = ANY($1) ORDER BY hold_id FOR NO KEY UPDATE", [
      holdIds,
    ]);
    await tx.query(
      `WITH renewed AS (
         UPDATE holds h SET offered_at = clock_timestamp(), rev = h.rev + 1,
           claim_by = clock_timestamp() + s.claim_window_seconds * interval '1 second'
         FROM sales s WHERE s.id = h.sale_id AND h.hold_id = ANY($1) AND h.state = 'offered' AND h.published_at IS NULL
         RETURNING h.entry_id, h.hold_id
       )
       UPDATE entries e SET rev = e.rev + 1 FROM renewed r WHERE e.entry_id = r.entry_id AND e.hold_id = r.hold_id`,
      [holdIds],
    );
  });
}

/** Redis has followed up to these revisions; offers among them count as told from now on. */
export async function markApplied(
  truth: Statements,
  applied: readonly { holdId: string; rev: number }[],
): Promise<void> {
  if (applied.length === 0) return;
  await truth.query(
    `UPDATE holds h SET applied_rev = a.rev,
       published_at = CASE WHEN h.published_at IS NULL THEN clock_timestamp() ELSE h.published_at END
     FROM unnest($1::text[], $2::int[]) AS a(hold_id, rev)
     WHERE h.hold_id = ANY($1) AND h.hold_id = a.hold_id AND h.applied_rev < a.rev`,
    [applied.map((a) => a.holdId), applied.map((a) => a.rev)],
  );
}

/**
 * Live holds whose window is over, oldest first. The sweeper judges each again under its lock.
 * By `statement_timestamp()`: what `clock_timestamp()` says may differ from row to row, so PostgreSQL would compare it with
 * every live hold there is instead of beginning its look in the index.
 */
export async function readDueHolds(truth: Statements, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ holdId: string }>(
    `(SELECT hold_id AS "holdId" FROM holds
      WHERE state = 'offered' AND claim_by <= statement_timestamp() AND published_at IS NOT NULL
      ORDER BY claim_by LIMIT $1)
     UNION ALL
     (SELECT hold_id FROM holds WHERE state IN ('active', 'pending') AND expires_at <= statement_timestamp()
      ORDER BY expires_at LIMIT $1)`,
    [limit],
  );
  return rows.map((row) => row.holdId);
}
