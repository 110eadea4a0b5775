// A level as it is now, unlocked: for whoever only wants to know whether asking for more is worth while.
import type { Statements } from "../truth.ts";
import { LEVEL_COLUMNS, type LevelRow } from "./level-row.ts";

/** Null: the location has never had the product. */
export async function readLevel(
  truth: Statements,
  sku: string,
  locationId: string,
): Promise<LevelRow | null> {
  const { rows } = await truth.query<LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM inventory_levels l WHERE l.sku = $1 AND l.location_id = $2`,
    [sku, locationId],
  );
  return rows[0] ?? null;
}

/** Of a SKU's levels that are for sale the one with most available, of equal ones the lowest id; null: none is. */
export async function readMostAvailable(truth: Statements, sku: string): Promise<LevelRow | null> {
  const { rows } = await truth.query<LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM inventory_levels l WHERE l.sku = $1 AND l.sellable
     ORDER BY l.on_hand - l.allocated - l.reserved - l.safety_stock DESC, l.location_id LIMIT 1`,
    [sku],
  );
  return rows[0] ?? null;
}
