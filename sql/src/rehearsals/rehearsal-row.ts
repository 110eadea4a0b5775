// Dry runs as PostgreSQL has them: which are to begin, which run and whether somebody still runs them, how they ended.
import type { Rehearsal, RehearsalState } from "@dropgate/contracts/rehearsal";
import type { SaleBehaviour } from "@dropgate/contracts/rehearsal-behaviour";
import type { ExpectedPoint, RehearsalShape } from "@dropgate/contracts/rehearsal-curve";
import type { Statements } from "../truth.ts";

export interface Curve {
  stepSeconds: number;
  points: ExpectedPoint[];
}

export interface RehearsalRow {
  id: string;
  rehearsed: string;
  saleId: string | null;
  state: RehearsalState;
  shoppers: number;
  behaviour: SaleBehaviour;
  speed: number;
  shape: RehearsalShape;
  predicted: Curve;
  startedBy: string;
  createdAt: Date;
  apiKeyId: string | null;
  startedAt: Date | null;
  stopWanted: boolean;
  endedAt: Date | null;
  outcome: Rehearsal["outcome"];
}

const COLUMNS = `id, rehearsed, sale_id AS "saleId", state, shoppers, behaviour, speed, shape, predicted,
  started_by AS "startedBy", created_at AS "createdAt", api_key_id AS "apiKeyId", started_at AS "startedAt",
  stop_wanted AS "stopWanted", ended_at AS "endedAt", outcome`;

export type NewRehearsal = Pick<
  RehearsalRow,
  "id" | "rehearsed" | "shoppers" | "behaviour" | "speed" | "shape" | "predicted" | "startedBy"
> & { saleId: string };

/** @throws unique_violation on rehearsals_one_open: one of this sale waits or runs */
export async function insertRehearsal(tx: Statements, run: NewRehearsal): Promise<void> {
  await tx.query(
    `INSERT INTO rehearsals (id, rehearsed, sale_id, shoppers, behaviour, speed, shape, predicted, started_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      run.id,
      run.rehearsed,
      run.saleId,
      run.shoppers,
      run.behaviour,
      run.speed,
      JSON.stringify(run.shape),
      JSON.stringify(run.predicted),
      run.startedBy,
    ],
  );
}

/** The newest first. */
export async function listRehearsals(
  truth: Statements,
  rehearsed: string,
  limit: number,
): Promise<RehearsalRow[]> {
  const { rows } = await truth.query<RehearsalRow>(
    `SELECT ${COLUMNS} FROM rehearsals WHERE rehearsed = $1 ORDER BY created_at DESC, id LIMIT $2`,
    [rehearsed, limit],
  );
  return rows;
}

export async function readRehearsal(truth: Statements, id: string): Promise<RehearsalRow | null> {
  const { rows } = await truth.query<RehearsalRow>(`SELECT ${COLUMNS} FROM rehearsals WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

/** The next that waits is this worker's; null: none waits, or another worker takes it. */
export async function claimRehearsal(tx: Statements, worker: string): Promise<RehearsalRow | null> {
  const { rows } = await tx.query<RehearsalRow>(
    `UPDATE rehearsals SET state = 'running', worker = $1, beat_at = clock_timestamp()
     WHERE id = (SELECT id FROM rehearsals WHERE state = 'waiting' ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${COLUMNS}`,
    [worker],
  );
  return rows[0] ?? null;
}

export async function keepRehearsalKey(tx: Statements, id: string, apiKeyId: string): Promise<void> {
  await tx.query("UPDATE rehearsals SET api_key_id = $2 WHERE id = $1", [id, apiKeyId]);
}

/** Its shoppers begin to come. */
export async function beginRehearsal(tx: Statements, id: string): Promise<void> {
  await tx.query(
    "UPDATE rehearsals SET started_at = clock_timestamp() WHERE id = $1 AND state = 'running' AND started_at IS NULL",
    [id],
  );
}

/** It still runs here. @returns whether it is to stop; true as well when it was taken from us */
export async function beatRehearsal(truth: Statements, id: string, worker: string): Promise<boolean> {
  const { rows } = await truth.query<{ stopWanted: boolean }>(
    `UPDATE rehearsals SET beat_at = clock_timestamp() WHERE id = $1 AND state = 'running' AND worker = $2
     RETURNING stop_wanted AS "stopWanted"`,
    [id, worker],
  );
  return rows[0]?.stopWanted ?? true;
}

/**
 * One that nobody has begun ends at once; one that runs is ended by who runs it.
 * @returns false: it had ended, or was to stop already
 */
export async function wantStop(tx: Statements, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE rehearsals SET stop_wanted = true,
       state = CASE WHEN state = 'waiting' THEN 'stopped' ELSE state END,
       ended_at = CASE WHEN state = 'waiting' THEN clock_timestamp() END
     WHERE id = $1 AND state IN ('waiting', 'running') AND NOT stop_wanted`,
    [id],
  );
  return rowCount === 1;
}

/** @returns the run as it ended; null: it had ended before */
export async function endRehearsal(
  tx: Statements,
  id: string,
  state: Extract<RehearsalState, "ended" | "stopped" | "interrupted">,
  outcome: Rehearsal["outcome"],
): Promise<RehearsalRow | null> {
  const { rows } = await tx.query<RehearsalRow>(
    `WITH ended AS (
       UPDATE rehearsals SET state = $2, ended_at = clock_timestamp(), outcome = $3
       WHERE id = $1 AND state = 'running' RETURNING *
     ), gone AS (
       UPDATE api_keys k SET revoked_at = clock_timestamp(), revoked_by = 'worker' FROM ended e WHERE k.id = e.api_key_id
     )
     SELECT ${COLUMNS} FROM ended`,
    [id, state, outcome === null ? null : JSON.stringify(outcome)],
  );
  return rows[0] ?? null;
}

/** Runs of which nobody has said for so long that they go on: whoever ran them is gone. */
export async function readSilentRehearsals(truth: Statements, silentMs: number): Promise<RehearsalRow[]> {
  const { rows } = await truth.query<RehearsalRow>(
    `SELECT ${COLUMNS} FROM rehearsals
     WHERE state = 'running' AND beat_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [silentMs],
  );
  return rows;
}

/** Ended ones whose copy is still there: of one sale, or all that ended so long ago. */
export async function readRemovable(
  truth: Statements,
  of: { rehearsed: string } | { keptMs: number },
  limit: number,
): Promise<RehearsalRow[]> {
  const { rows } = await truth.query<RehearsalRow>(
    `SELECT ${COLUMNS} FROM rehearsals
     WHERE sale_id IS NOT NULL AND ended_at IS NOT NULL AND ($1::text IS NULL OR rehearsed = $1)
       AND ($2::float8 IS NULL OR ended_at < clock_timestamp() - $2 * interval '1 millisecond')
     ORDER BY ended_at LIMIT $3`,
    ["rehearsed" in of ? of.rehearsed : null, "keptMs" in of ? of.keptMs : null, limit],
  );
  return rows;
}
