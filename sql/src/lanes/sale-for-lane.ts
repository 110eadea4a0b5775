// What a rebuild of a lane reads of its sale and units.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface SaleForLane {
  phase: Phase;
  version: number;
  limitPerShopper: number;
}

export async function readSaleForLane(truth: Statements, saleId: string): Promise<SaleForLane | null> {
  const { rows } = await truth.query<SaleForLane>(
    `SELECT phase, version, limit_per_shopper AS "limitPerShopper" FROM sales WHERE id = $1`,
    [saleId],
  );
  return rows[0] ?? null;
}

export interface LaneUnit {
  unit: number;
  state: "free" | "held" | "sold" | "returned";
  holdId: string | null;
}

/** A page of the units whose pool lies in this lane, by number. */
export async function readLaneUnits(
  truth: Statements,
  saleId: string,
  lane: number,
  afterUnit: number,
  limit: number,
): Promise<LaneUnit[]> {
  const { rows } = await truth.query<LaneUnit>(
    `SELECT unit, state, hold_id AS "holdId" FROM units
     WHERE sale_id = $1 AND lane = $2 AND unit > $3 ORDER BY unit LIMIT $4`,
    [saleId, lane, afterUnit, limit],
  );
  return rows;
}
