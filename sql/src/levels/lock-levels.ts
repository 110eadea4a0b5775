// Locks levels in the one order, by SKU and location: two batches that touch the same levels wait for each other in
// line and never in a circle. Levels that are not there yet are made first, while nothing is locked.
import type { Statements } from "../truth.ts";
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

/** @param keys each once */
export async function lockLevels(tx: Statements, keys: readonly LevelKey[]): Promise<LockedLevels> {
  const wanted = [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)];
  const { rows: born } = await tx.query<LevelKey>(
    // Mostly none is missing: what is there is left out first, and only for what remains are product and location
    // looked up, each by its key. As joins, all products were read each time.
    `WITH missing AS MATERIALIZED (
       SELECT k.sku, k.id FROM unnest($1::text[], $2::text[]) AS k(sku, id)
       WHERE NOT EXISTS (SELECT 1 FROM inventory_levels l WHERE l.sku = k.sku AND l.location_id = k.id)
     )
     INSERT INTO inventory_levels (sku, location_id)
     SELECT m.sku, m.id FROM missing m
     WHERE (SELECT true FROM products p WHERE p.sku = m.sku) AND (SELECT true FROM locations o WHERE o.id = m.id)
     ORDER BY m.sku COLLATE "C", m.id COLLATE "C"
     ON CONFLICT (sku, location_id) DO NOTHING RETURNING sku, location_id AS "locationId"`,
    wanted,
  );
  const levels = await lockThose(tx, keys);
  return { levels, born, impossible: levels.length === keys.length ? [] : await readImpossible(tx, wanted) };
}

/** Locks the level if it is there, and makes none. */
export async function lockLevel(tx: Statements, key: LevelKey): Promise<LevelRow | null> {
  return (await lockThose(tx, [key]))[0] ?? null;
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
