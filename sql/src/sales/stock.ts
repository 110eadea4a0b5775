// How a sale's units stand, counted only as far as somebody asks.
import type { Statements } from "../truth.ts";

export interface UnitCounts {
  free: number;
  held: number;
  sold: number;
  returned: number;
}

export async function countUnits(truth: Statements, saleId: string): Promise<UnitCounts> {
  const { rows } = await truth.query<UnitCounts>(
    `SELECT count(*) FILTER (WHERE state = 'free') AS free, count(*) FILTER (WHERE state = 'held') AS held,
       count(*) FILTER (WHERE state = 'sold') AS sold, count(*) FILTER (WHERE state = 'returned') AS returned
     FROM units WHERE sale_id = $1`,
    [saleId],
  );
  return rows[0] ?? { free: 0, held: 0, sold: 0, returned: 0 };
}

/** The same of many sales at once, by sale. */
export async function countUnitsOf(
  truth: Statements,
  saleIds: readonly string[],
): Promise<Map<string, UnitCounts>> {
  const { rows } = await truth.query<UnitCounts & { saleId: string }>(
    `SELECT sale_id AS "saleId", count(*) FILTER (WHERE state = 'free') AS free,
       count(*) FILTER (WHERE state = 'held') AS held, count(*) FILTER (WHERE state = 'sold') AS sold,
       count(*) FILTER (WHERE state = 'returned') AS returned
     FROM units WHERE sale_id = ANY($1) GROUP BY sale_id`,
    [saleIds],
  );
  return new Map(rows.map(({ saleId, ...counts }) => [saleId, counts]));
}

/**
 * How many units are free, counted up to a line: a million units need not be counted to say "plenty".
 * @returns at most `line` + 1, and whether any is in somebody's hands
 */
export async function countFreeUpTo(
  truth: Statements,
  saleId: string,
  line: number,
): Promise<{ free: number; someHeld: boolean }> {
  const { rows } = await truth.query<{ free: number; someHeld: boolean }>(
    `SELECT (SELECT count(*) FROM (SELECT 1 FROM units WHERE sale_id = $1 AND state = 'free' LIMIT $2) AS f) AS free,
       EXISTS (SELECT 1 FROM units WHERE sale_id = $1 AND state = 'held') AS "someHeld"`,
    [saleId, line + 1],
  );
  return rows[0] ?? { free: 0, someHeld: false };
}

export interface PoolCounts {
  index: number;
  capacity: number;
  available: number;
  held: number;
  sold: number;
}

/** By pool; one without units is missing. */
export async function countPools(truth: Statements, saleId: string): Promise<PoolCounts[]> {
  const { rows } = await truth.query<PoolCounts>(
    `SELECT lane AS index, count(*) FILTER (WHERE state <> 'returned') AS capacity,
       count(*) FILTER (WHERE state = 'free') AS available, count(*) FILTER (WHERE state = 'held') AS held,
       count(*) FILTER (WHERE state = 'sold') AS sold
     FROM units WHERE sale_id = $1 GROUP BY lane ORDER BY lane`,
    [saleId],
  );
  return rows;
}

/** The same of many sales at once, by sale. */
export async function countPoolsOf(
  truth: Statements,
  saleIds: readonly string[],
): Promise<Map<string, PoolCounts[]>> {
  const { rows } = await truth.query<PoolCounts & { saleId: string }>(
    `SELECT sale_id AS "saleId", lane AS index, count(*) FILTER (WHERE state <> 'returned') AS capacity,
       count(*) FILTER (WHERE state = 'free') AS available, count(*) FILTER (WHERE state = 'held') AS held,
       count(*) FILTER (WHERE state = 'sold') AS sold
     FROM units WHERE sale_id = ANY($1) GROUP BY sale_id, lane ORDER BY sale_id, lane`,
    [saleIds],
  );
  const pools = new Map<string, PoolCounts[]>();
  for (const { saleId, ...pool } of rows) {
    const there = pools.get(saleId);
    if (there) there.push(pool);
    else pools.set(saleId, [pool]);
  }
  return pools;
}
