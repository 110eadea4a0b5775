// A level as PostgreSQL has it: how much of a SKU a location has.
import type { Quantities } from "@dropgate/contracts/inventory";
import type { Statements } from "../truth.ts";

/** Which level. */
export interface LevelKey {
  sku: string;
  locationId: string;
}

/** What an operator sets of a level. */
export interface LevelSettings {
  reorderPoint: number;
  safetyStock: number;
  maxStock: number | null;
  sellable: boolean;
  receivingBlocked: boolean;
}

export interface LevelRow extends LevelKey, Quantities, LevelSettings {
  lastCountedAt: Date | null;
  lastUpdatedAt: Date;
  lastOrderedAt: Date | null;
  /** Raised by every update. */
  rev: number;
}

/** The select list that makes a LevelRow from `inventory_levels l`. */
export const LEVEL_COLUMNS = `l.sku, l.location_id AS "locationId", l.on_hand AS "onHand", l.allocated, l.reserved,
  l.damaged, l.in_transit_in AS "inTransitIn", l.in_transit_out AS "inTransitOut",
  l.reorder_point AS "reorderPoint", l.safety_stock AS "safetyStock", l.max_stock AS "maxStock", l.sellable,
  l.receiving_blocked AS "receivingBlocked", l.last_counted_at AS "lastCountedAt",
  l.last_updated_at AS "lastUpdatedAt", l.last_ordered_at AS "lastOrderedAt", l.rev`;

/** As the hot store mirrors it. */
export type MirroredLevel = LevelKey &
  Pick<LevelRow, "rev" | "onHand" | "allocated" | "reserved" | "safetyStock" | "sellable">;

/** Which levels; both absent: all. */
export interface LevelFilter {
  sku: string | undefined;
  locationId: string | undefined;
}

/** A page of levels by SKU and location, after the cursor. */
export async function listLevels(
  truth: Statements,
  { sku, locationId }: LevelFilter,
  after: LevelKey | null,
  limit: number,
): Promise<LevelRow[]> {
  const { rows } = await truth.query<LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM inventory_levels l
     WHERE ($1::text IS NULL OR l.sku = $1) AND ($2::text IS NULL OR l.location_id = $2)
       AND ($3::text IS NULL OR (l.sku, l.location_id) > ($3, $4))
     ORDER BY l.sku, l.location_id LIMIT $5`,
    [sku ?? null, locationId ?? null, after?.sku ?? null, after?.locationId ?? null, limit],
  );
  return rows;
}
