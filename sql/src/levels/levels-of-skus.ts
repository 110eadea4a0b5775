// Everything there is of some SKUs, for those who keep a copy of it.
import type { Statements } from "../truth.ts";
import { LEVEL_COLUMNS, type LevelRow } from "./level-row.ts";

/** All levels of these SKUs, by SKU and location; of an unknown SKU none. */
export async function readLevelsOf(truth: Statements, skus: readonly string[]): Promise<LevelRow[]> {
  const { rows } = await truth.query<LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM inventory_levels l WHERE l.sku = ANY ($1::text[]) ORDER BY l.sku, l.location_id`,
    [skus],
  );
  return rows;
}

/** SKUs that have levels, in order, after one. */
export async function listStockedSkus(
  truth: Statements,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await truth.query<{ sku: string }>(
    `SELECT DISTINCT l.sku FROM inventory_levels l WHERE $1::text IS NULL OR l.sku > $1 ORDER BY l.sku LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ sku }) => sku);
}

/** Names this database among all there are: what is kept of one is not taken for another's. */
export async function readTruthName(truth: Statements): Promise<string> {
  const { rows } = await truth.query<{ name: string }>(
    `SELECT c.system_identifier || '-' || d.oid AS name
     FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()`,
  );
  if (!rows[0]) throw new Error("the database does not say who it is");
  return rows[0].name;
}
