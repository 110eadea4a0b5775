// Units that change their pool, come to a sale or are taken out of it: under the sale's lock, only free ones.
// Redis follows by the records of the pools; a take that was made before is refused for it names another pool.
import type { Statements } from "../truth.ts";

/** A free unit and the pool it is in now; `from` when it came from another. */
export interface MovedUnit {
  unit: number;
  from: number;
  to: number;
}

/** A unit and the lane of its pool. */
export interface PooledUnit {
  unit: number;
  lane: number;
}

/**
 * Moves the highest free units of one pool to another. Those that somebody is just being given stay.
 * @returns the units that moved, at most `count`
 */
export async function moveFreeUnits(
  tx: Statements,
  saleId: string,
  move: { from: number; to: number; count: number },
): Promise<MovedUnit[]> {
  const { rows } = await tx.query<{ unit: number }>(
    `UPDATE units SET lane = $3 WHERE sale_id = $1 AND unit IN (
       SELECT unit FROM units WHERE sale_id = $1 AND lane = $2 AND state = 'free'
       ORDER BY unit DESC LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING unit`,
    [saleId, move.from, move.to, move.count],
  );
  return rows.map(({ unit }) => ({ unit, from: move.from, to: move.to }));
}

/** Tells the ledger what moved; such a row is no unit's, for no unit changed hands. */
export async function tellRebalance(
  tx: Statements,
  saleId: string,
  moves: readonly { from: number; to: number; units: number }[],
  actor: string,
): Promise<void> {
  await tx.query("INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'pools.rebalanced', $2, $3)", [
    saleId,
    actor,
    JSON.stringify({ moves }),
  ]);
}

/**
 * Adds units, numbered on from the sale's last.
 * @param pool which they come to; null: they are dealt to all in turn, as a new sale's are
 */
export async function addUnits(
  tx: Statements,
  saleId: string,
  pool: number | null,
  count: number,
  { reason, actor }: { reason: string | null; actor: string },
): Promise<PooledUnit[]> {
  const { rows } = await tx.query<{ last: number }>(
    "UPDATE sales SET quantity = quantity + $2, version = version + 1 WHERE id = $1 RETURNING quantity AS last",
    [saleId, count],
  );
  const last = rows[0]?.last ?? count;
  const added = await tx.query<PooledUnit>(
    `WITH added AS (
       INSERT INTO units (sale_id, unit, lane)
       SELECT $1, n, coalesce($2::int, (n - 1) % s.pool_count)
       FROM sales s, generate_series($3::int, $4::int) AS n WHERE s.id = $1
       RETURNING unit, lane
     ), told AS (
       INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'units.added', $6,
         jsonb_build_object('pool', $2::int, 'first', $3::int, 'last', $4::int, 'reason', $5::text))
     )
     SELECT unit, lane FROM added ORDER BY unit`,
    [saleId, pool, last - count + 1, last, reason, actor],
  );
  return added.rows;
}

/**
 * Takes free units out of the sale, the highest first: they were dealt in turn, so pools shrink together.
 * @param pool only this one's; null: of all
 * @returns the units that went: fewer than `count` where fewer are free, and then nothing of it may be committed
 */
export async function withdrawUnits(
  tx: Statements,
  saleId: string,
  pool: number | null,
  count: number,
  { reason, actor }: { reason: string | null; actor: string },
): Promise<PooledUnit[]> {
  const { rows } = await tx.query<PooledUnit>(
    `WITH gone AS (
       UPDATE units SET state = 'returned' WHERE sale_id = $1 AND unit IN (
         SELECT unit FROM units WHERE sale_id = $1 AND ($2::smallint IS NULL OR lane = $2) AND state = 'free'
         ORDER BY unit DESC LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING unit, lane
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, actor, data)
       SELECT $1, 'returned', unit, $5, jsonb_build_object('reason', $4::text) FROM gone ORDER BY unit
     ), raised AS (
       UPDATE sales SET version = version + 1, withdrawn = withdrawn + (SELECT count(*) FROM gone) WHERE id = $1
     )
     SELECT unit, lane FROM gone ORDER BY unit`,
    [saleId, pool, count, reason, actor],
  );
  return rows;
}
