// A level's thresholds and flags as an operator wants them; its quantities have a writer of their own.
import type { Statements } from "../truth.ts";
import { LEVEL_COLUMNS, type LevelKey, type LevelRow, type LevelSettings } from "./level-row.ts";

/** The caller has locked the level. */
export async function writeLevelSettings(
  tx: Statements,
  { sku, locationId }: LevelKey,
  to: LevelSettings,
): Promise<LevelRow> {
  const { rows } = await tx.query<LevelRow>(
    `UPDATE inventory_levels l SET reorder_point = $3, safety_stock = $4, max_stock = $5, sellable = $6,
       receiving_blocked = $7, last_updated_at = clock_timestamp(), rev = rev + 1
     WHERE l.sku = $1 AND l.location_id = $2 RETURNING ${LEVEL_COLUMNS}`,
    [sku, locationId, to.reorderPoint, to.safetyStock, to.maxStock, to.sellable, to.receivingBlocked],
  );
  if (!rows[0]) throw new Error(`the level of ${sku} at ${locationId} was locked but is not there`);
  return rows[0];
}
