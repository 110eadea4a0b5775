// The sale's phase in PostgreSQL: a change raises the version, and the copies in Redis follow.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

/** What a decision about the phase needs beside the sale: whether units are left, and the lobby's draw. */
export interface PhaseFacts {
  /** A unit is free or held: somebody may still get one. */
  unitsLeft: boolean;
  /** A unit is free: an offer could be made now. */
  unitsFree: boolean;
  lobbyDrawn: boolean;
}

export async function readPhaseFacts(tx: Statements, saleId: string): Promise<PhaseFacts> {
  const { rows } = await tx.query<PhaseFacts>(
    `SELECT EXISTS (SELECT 1 FROM units WHERE sale_id = $1 AND state IN ('free', 'held')) AS "unitsLeft",
       EXISTS (SELECT 1 FROM units WHERE sale_id = $1 AND state = 'free') AS "unitsFree",
       EXISTS (SELECT 1 FROM draw_buckets WHERE sale_id = $1 AND bucket = 0 AND state = 'drawn') AS "lobbyDrawn"`,
    [saleId],
  );
  return rows[0] ?? { unitsLeft: false, unitsFree: false, lobbyDrawn: false };
}

/**
 * Moves the locked sale to a phase and tells the ledger. Going live for the first time fills the token bucket
 * with one burst; no tokens gather while it is not live.
 * @param message the operator's, shown to shoppers; null takes it away, absent keeps it
 */
export async function writePhase(
  tx: Statements,
  saleId: string,
  from: Phase,
  to: Phase,
  actor: string,
  message?: string | null,
): Promise<void> {
  await tx.query(
    `WITH moved AS (
       UPDATE sales SET phase = $3, version = version + 1, message = CASE WHEN $6 THEN $5 ELSE message END,
         went_live_at = CASE WHEN $3 = 'live' THEN coalesce(went_live_at, clock_timestamp()) ELSE went_live_at END,
         tokens = CASE WHEN $3 = 'live' AND went_live_at IS NULL THEN burst ELSE tokens END,
         tokens_at = CASE WHEN $3 = 'live' THEN clock_timestamp() ELSE tokens_at END,
         closed_at = CASE WHEN $3 = 'closed' THEN clock_timestamp() ELSE closed_at END
       WHERE id = $1 AND phase = $2 RETURNING id
     )
     INSERT INTO ledger (sale_id, act, actor, data)
     SELECT id, 'sale.phase', $4, jsonb_build_object('from', $2::text, 'to', $3::text) FROM moved`,
    [saleId, from, to, actor, message ?? null, message !== undefined],
  );
}

/**
 * Free units of a closed sale go back to stock, under the sale's lock; the pools follow by their records.
 * @returns the units that went
 */
export async function returnFreeUnits(
  tx: Statements,
  saleId: string,
): Promise<{ unit: number; lane: number }[]> {
  const { rows } = await tx.query<{ unit: number; lane: number }>(
    `WITH gone AS (
       UPDATE units SET state = 'returned' WHERE sale_id = $1 AND state = 'free' RETURNING unit, lane
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, actor) SELECT $1, 'returned', unit, 'worker' FROM gone ORDER BY unit
     )
     SELECT unit, lane FROM gone ORDER BY unit`,
    [saleId],
  );
  return rows;
}
