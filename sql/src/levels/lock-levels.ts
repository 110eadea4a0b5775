// Locks levels in the one order, by SKU and location: two batches that touch the same levels wait for each other in
// line and never in a circle. Levels that are not there yet are made first, while nothing is locked.
import type { Prepared, Statements } from "../truth.ts";
import { LEVEL_COLUMNS, type LevelKey, type LevelRow } from "./level-row.ts";

/** A level that cannot be, for one of its halves is unknown. */
export interface ImpossibleLevel extends LevelKey {
  lacks: "product" | "location";
}

export interface LockedLevels {
  levels: LevelRow[];
  /** Those of them that this call made: with nothing written to them they have to go again. */
  born: LevelKey[];
  impossible: ImpossibleLevel[];
}

/** The second sees what others made during the first. */
const MAKE_TRIES_MAX = 3;

/** @param keys each once */
export async function lockLevels(tx: Statements, keys: readonly LevelKey[]): Promise<LockedLevels> {
  const wanted = [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)];
  const born: LevelKey[] = [];
  for (let tries = 1; tries <= MAKE_TRIES_MAX; tries += 1) {
    const made = await makeAndLock(tx, wanted);
    born.push(...made.born);
    if (made.levels.length === keys.length) return { levels: made.levels, born, impossible: [] };
    const impossible = await readImpossible(tx, wanted);
    if (made.levels.length + impossible.length === keys.length) {
      return { levels: made.levels, born, impossible };
    }
  }
  throw new Error(`${keys.length} levels were neither locked nor impossible`);
}

/** Locks the level if it is there, and makes none. */
export async function lockLevel(tx: Statements, key: LevelKey): Promise<LevelRow | null> {
  return (await lockThose(tx, [key]))[0] ?? null;
}

// Mostly none is missing: what is there is left out first, and only for what remains are product and location
// looked up, each by its key. As joins, all products were read each time. Locked is only when all that can be is
// there: what another transaction makes meanwhile is seen by the next statement, and locked in its turn.
const MAKE_AND_LOCK: Prepared = {
  name: "lock-levels",
  text: `WITH missing AS MATERIALIZED (
       SELECT k.sku, k.id FROM unnest($1::text[], $2::text[]) AS k(sku, id)
       WHERE NOT EXISTS (SELECT 1 FROM inventory_levels l WHERE l.sku = k.sku AND l.location_id = k.id)
     ), possible AS MATERIALIZED (
       SELECT m.sku, m.id FROM missing m
       WHERE (SELECT true FROM products p WHERE p.sku = m.sku) AND (SELECT true FROM locations o WHERE o.id = m.id)
     ), born AS (
       INSERT INTO inventory_levels AS l (sku, location_id)
       SELECT m.sku, m.id FROM possible m ORDER BY m.sku COLLATE "C", m.id COLLATE "C"
       ON CONFLICT (sku, location_id) DO NOTHING RETURNING ${LEVEL_COLUMNS}
     ), locked AS MATERIALIZED (
       SELECT ${LEVEL_COLUMNS} FROM inventory_levels l
       WHERE (l.sku, l.location_id) IN (SELECT k.sku, k.id FROM unnest($1::text[], $2::text[]) AS k(sku, id))
         AND (SELECT count(*) FROM born) = (SELECT count(*) FROM possible)
       ORDER BY l.sku, l.location_id FOR NO KEY UPDATE
     )
     SELECT *, true AS "isBorn" FROM born UNION ALL SELECT *, false FROM locked`,
};

async function makeAndLock(
  tx: Statements,
  wanted: readonly string[][],
): Promise<{ levels: LevelRow[]; born: LevelKey[] }> {
  const { rows } = await tx.query<LevelRow & { isBorn: boolean }>(MAKE_AND_LOCK, [...wanted]);
  const levels: LevelRow[] = [];
  const born: LevelKey[] = [];
  for (const { isBorn, ...level } of rows) {
    levels.push(level);
    if (isBorn) born.push({ sku: level.sku, locationId: level.locationId });
  }
  return { levels, born };
}

async function lockThose(tx: Statements, keys: readonly LevelKey[]): Promise<LevelRow[]> {
  const { rows } = await tx.query<LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM inventory_levels l
     WHERE (l.sku, l.location_id) IN (SELECT k.sku, k.id FROM unnest($1::text[], $2::text[]) AS k(sku, id))
     ORDER BY l.sku, l.location_id FOR NO KEY UPDATE`,
    [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)],
  );
  return rows;
}

async function readImpossible(tx: Statements, wanted: readonly string[][]): Promise<ImpossibleLevel[]> {
  const { rows } = await tx.query<ImpossibleLevel>(
    `SELECT k.sku, k.id AS "locationId",
       CASE WHEN EXISTS (SELECT 1 FROM products p WHERE p.sku = k.sku) THEN 'location' ELSE 'product' END AS lacks
     FROM unnest($1::text[], $2::text[]) AS k(sku, id)
     WHERE NOT EXISTS (SELECT 1 FROM inventory_levels l WHERE l.sku = k.sku AND l.location_id = k.id)`,
    [...wanted],
  );
  return rows;
}

/** Takes back levels that this transaction made and wrote nothing to. */
export async function removeUnwritten(tx: Statements, keys: readonly LevelKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `DELETE FROM inventory_levels l USING unnest($1::text[], $2::text[]) AS k(sku, id)
     WHERE l.sku = k.sku AND l.location_id = k.id AND l.rev = 0`,
    [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)],
  );
}
