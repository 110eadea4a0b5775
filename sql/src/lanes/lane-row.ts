// A lane as PostgreSQL has it: the epoch and server by which Redis is fenced, and how far its arrivals are
// stored. Whoever changes a lane holds its row's lock.
import type { Statements } from "../truth.ts";

export interface LaneRow {
  saleId: string;
  lane: number;
  /** 0 until Redis was filled for the first time. */
  epoch: number;
  layout: number;
  runId: string | null;
  state: "rebuilding" | "ready";
  lastSeq: number;
  closedTo: number;
  readyAt: Date | null;
}

const LANE_COLUMNS = `sale_id AS "saleId", lane, epoch, layout, run_id AS "runId", state, last_seq AS "lastSeq",
  closed_to AS "closedTo", ready_at AS "readyAt"`;

export async function readLanes(truth: Statements, saleIds: readonly string[]): Promise<LaneRow[]> {
  const { rows } = await truth.query<LaneRow>(
    `SELECT ${LANE_COLUMNS} FROM lanes WHERE sale_id = ANY($1) ORDER BY sale_id, lane`,
    [saleIds],
  );
  return rows;
}

/** Locks one lane; null when somebody else is at it (skip) or there is none. */
export async function lockLane(
  tx: Statements,
  saleId: string,
  lane: number,
  whenLocked: "skip" | "wait",
): Promise<LaneRow | null> {
  const { rows } = await tx.query<LaneRow>(
    `SELECT ${LANE_COLUMNS} FROM lanes WHERE sale_id = $1 AND lane = $2
     FOR NO KEY UPDATE${whenLocked === "skip" ? " SKIP LOCKED" : ""}`,
    [saleId, lane],
  );
  return rows[0] ?? null;
}

/** The first step of a rebuild: from here on every caller with the old epoch is fenced. */
export async function raiseEpoch(tx: Statements, lane: LaneRow): Promise<number> {
  const { rows } = await tx.query<{ epoch: number }>(
    `UPDATE lanes SET epoch = epoch + 1, state = 'rebuilding', ready_at = NULL
     WHERE sale_id = $1 AND lane = $2 AND epoch = $3 RETURNING epoch`,
    [lane.saleId, lane.lane, lane.epoch],
  );
  const raised = rows[0];
  if (!raised)
    throw new Error(`lane ${lane.saleId}:${lane.lane} was locked at epoch ${lane.epoch} but has another`);
  return raised.epoch;
}

/** The last step: Redis' pointer has flipped to this epoch on that server. */
export async function markReady(
  tx: Statements,
  saleId: string,
  lane: number,
  epoch: number,
  runId: string,
): Promise<void> {
  await tx.query(
    `UPDATE lanes SET state = 'ready', run_id = $4, ready_at = clock_timestamp()
     WHERE sale_id = $1 AND lane = $2 AND epoch = $3`,
    [saleId, lane, epoch, runId],
  );
}
