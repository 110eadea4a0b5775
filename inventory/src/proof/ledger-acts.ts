// What each act of the ledger does to its hold and its unit, written from the state tables alone, so that a
// replay owes nothing to the statements that wrote the ledger.
import { HOLD_TABLE, type HoldAct, type HoldState } from "@dropgate/contracts/states/hold";

/** Acts that make a hold, and the state it begins in: a rush's at once active, a late confirm's confirmed. */
const BEGINS: ReadonlyMap<string, HoldState> = new Map([
  ["offered", "offered"],
  ["attempted", "active"],
  ["replaced", "confirmed"],
]);

/** Acts on a hold that is there. An offer that `lapsed` and a window that `expired` both end in `expired`. */
const HOLD_ACTS: ReadonlyMap<string, HoldAct> = new Map([
  ["claimed", "claim"],
  ["payment.started", "startPayment"],
  ["confirmed", "confirm"],
  ["allocated", "allocate"],
  ["released", "release"],
  ["lapsed", "expire"],
  ["expired", "expire"],
  ["cancelled", "cancel"],
]);

/** Whether an act is about a hold, so that its row must name one that exists. */
export function isHoldAct(act: string): boolean {
  return BEGINS.has(act) || HOLD_ACTS.has(act);
}

/**
 * The state of a hold after one more row of the ledger.
 * @param state null before the first
 * @returns null when the table does not allow it; an act that changes nothing writes no row, so `same` is
 *   not allowed either
 */
export function holdAfter(state: HoldState | null, act: string): HoldState | null {
  if (state === null) return BEGINS.get(act) ?? null;
  const holdAct = HOLD_ACTS.get(act);
  if (holdAct === undefined) return null;
  const outcome = HOLD_TABLE[state][holdAct];
  return "to" in outcome ? outcome.to : null;
}

export type UnitState = "free" | "held" | "sold" | "returned";

/** A unit as the ledger has it so far. */
export interface UnitSoFar {
  state: UnitState;
  holdId: string | null;
}

export const FREE_UNIT: UnitSoFar = { state: "free", holdId: null };

/** What an act makes of the unit of the hold that has it. */
const UNIT_AFTER: ReadonlyMap<string, UnitState> = new Map([
  ["confirmed", "sold"],
  ["released", "free"],
  ["lapsed", "free"],
  ["expired", "free"],
  ["cancelled", "free"],
]);

/**
 * The unit after one more row. Acts of a hold that does not have the unit leave it as it is; a taking is
 * obeyed even when the unit was not free, and told as a clash: whether a unit was ever in two hands is asked
 * by one check, where the units ended by another.
 */
export function unitAfter(
  before: UnitSoFar,
  row: { act: string; holdId: string | null },
): { unit: UnitSoFar; clash: boolean } {
  const begun = BEGINS.get(row.act);
  if (begun !== undefined) {
    const state = begun === "confirmed" ? "sold" : "held";
    return { unit: { state, holdId: row.holdId }, clash: before.state !== "free" };
  }
  if (row.act === "returned") {
    return { unit: { state: "returned", holdId: null }, clash: before.state !== "free" };
  }
  const state = UNIT_AFTER.get(row.act);
  if (state === undefined || row.holdId !== before.holdId) return { unit: before, clash: false };
  return { unit: { state, holdId: state === "free" ? null : row.holdId }, clash: false };
}
