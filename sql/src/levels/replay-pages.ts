// The ledger's transactions and the levels, both by SKU and location, page by page: what a replay walks side by side.
import type { Quantities } from "@dropgate/contracts/inventory";
import type { Statements } from "../truth.ts";
import type { LevelKey } from "./level-row.ts";

export interface LedgerStep extends LevelKey, Quantities {
  id: number;
}

const ROWS_AT_ONCE = 10_000;

/** Of each level in the order in which they were written: who writes has the level locked, so ids rise with time. */
export async function* readLedgerSteps(tx: Statements): AsyncGenerator<LedgerStep, undefined> {
  let after = { sku: "", locationId: "", id: 0 };
  for (;;) {
    const { rows } = await tx.query<LedgerStep>(
      `SELECT t.id, t.sku, t.location_id AS "locationId", t.on_hand AS "onHand", t.allocated, t.reserved, t.damaged,
         t.in_transit_in AS "inTransitIn", t.in_transit_out AS "inTransitOut"
       FROM inventory_transactions t
       WHERE (t.sku, t.location_id, t.id) > ($1, $2, $3) AND NOT t.note
       ORDER BY t.sku, t.location_id, t.id LIMIT $4`,
      [after.sku, after.locationId, after.id, ROWS_AT_ONCE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    after = { sku: last.sku, locationId: last.locationId, id: last.id };
  }
}

export async function* readLevelQuantities(
  tx: Statements,
): AsyncGenerator<LevelKey & { quantities: Quantities }, undefined> {
  let after: LevelKey = { sku: "", locationId: "" };
  for (;;) {
    const { rows } = await tx.query<LevelKey & { quantities: Quantities }>(
      `SELECT l.sku, l.location_id AS "locationId", json_build_object('onHand', l.on_hand, 'allocated', l.allocated,
         'reserved', l.reserved, 'damaged', l.damaged, 'inTransitIn', l.in_transit_in,
         'inTransitOut', l.in_transit_out) AS quantities
       FROM inventory_levels l WHERE (l.sku, l.location_id) > ($1, $2)
       ORDER BY l.sku, l.location_id LIMIT $3`,
      [after.sku, after.locationId, ROWS_AT_ONCE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    after = { sku: last.sku, locationId: last.locationId };
  }
}
