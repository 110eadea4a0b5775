// Corrections of what is on hand, by hand. A large one waits until somebody approves it, for a typing error must not
// sell what is not there, nor hide what is.
import type { AdjustmentCreate } from "@dropgate/contracts/inventory";
import { ADJUSTMENT_PART_MAX, ADJUSTMENT_UNITS_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import {
  type AdjustmentRow,
  decideAdjustment,
  insertAdjustment,
  lockAdjustment,
} from "@dropgate/sql/adjustments/adjustment-row";
import { insertNote } from "@dropgate/sql/levels/transactions";
import { hasApprovingColleague } from "@dropgate/sql/operators/operator-row";
import { applyCountIn } from "../events/apply-count.ts";
import { newAdjustmentId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";

/** Whether a correction is too large to be believed at once. Of nothing on hand, any is. */
export function needsApproval(delta: number, onHand: number): boolean {
  const units = Math.abs(delta);
  return units > ADJUSTMENT_UNITS_MAX || units > onHand * ADJUSTMENT_PART_MAX;
}

function changeOf(
  adjustment: Pick<AdjustmentRow, "id" | "sku" | "locationId" | "delta" | "reason">,
  actor: string,
): LevelChange {
  const { id, sku, locationId, delta, reason } = adjustment;
  return {
    sku,
    locationId,
    deltas: { onHand: delta },
    type: "adjustment",
    reference: { type: "adjustment", id },
    actor,
    data: { reason },
  };
}

/** Within the caller's transaction: applied at once, or waiting. What could not be applied now may not wait either. */
export async function adjustIn(
  tx: Statements,
  request: AdjustmentCreate,
  actor: string,
): Promise<Outcome<AdjustmentRow>> {
  const { sku, locationId, delta, reason } = request;
  const asked = { id: newAdjustmentId(), sku, locationId, delta, reason };
  await tx.query("SAVEPOINT asked");
  const [outcome] = await actOnLevelsIn(tx, [changeOf(asked, actor)]);
  if (outcome === undefined) throw new Error("a change was judged and has no outcome");
  if (!outcome.ok) return outcome;
  const waits = needsApproval(delta, outcome.value.onHand - delta);
  if (waits) {
    await tx.query("ROLLBACK TO SAVEPOINT asked");
    const reference = { type: "adjustment", id: asked.id };
    const data = { delta, reason };
    await insertNote(tx, { type: "adjustment.requested", sku, locationId, reference, actor, data });
  }
  const state = waits ? "awaiting_approval" : "applied";
  return { ok: true, value: await insertAdjustment(tx, { ...asked, state, requestedBy: actor }) };
}

/**
 * Within the caller's transaction. Approving again is the same answer. Not by the operator who asked for it as long as
 * a colleague could: a large correction is believed when two have looked at it.
 */
export async function approveAdjustmentIn(
  tx: Statements,
  id: string,
  actor: string,
): Promise<Outcome<AdjustmentRow>> {
  const adjustment = await lockAdjustment(tx, id);
  if (adjustment === null) return refuse("ADJUSTMENT_NOT_FOUND");
  if (adjustment.state === "approved") return { ok: true, value: adjustment };
  if (adjustment.state !== "awaiting_approval") return decided(adjustment);
  if (adjustment.requestedBy === actor && (await hasApprovingColleague(tx, actor))) {
    return refuse("OWN_CORRECTION");
  }
  const refusal = await applyApproved(tx, adjustment, actor);
  return refusal ?? { ok: true, value: await decideAdjustment(tx, id, "approved", actor) };
}

/** Within the caller's transaction, which has locked the adjustment. */
async function applyApproved(
  tx: Statements,
  adjustment: AdjustmentRow,
  actor: string,
): Promise<Refusal | null> {
  const { sku, locationId, countedAt, actualCount, countEventId } = adjustment;
  if (countedAt === null || actualCount === null || countEventId === null) {
    const [outcome] = await actOnLevelsIn(tx, [changeOf(adjustment, actor)]);
    return outcome?.ok === false ? outcome : null;
  }
  return applyCountIn(tx, { eventId: countEventId, sku, locationId, countedAt, actual: actualCount }, actor);
}

/** Within the caller's transaction. Rejecting again is the same answer. */
export async function rejectAdjustmentIn(
  tx: Statements,
  id: string,
  actor: string,
): Promise<Outcome<AdjustmentRow>> {
  const adjustment = await lockAdjustment(tx, id);
  if (adjustment === null) return refuse("ADJUSTMENT_NOT_FOUND");
  if (adjustment.state === "rejected") return { ok: true, value: adjustment };
  if (adjustment.state !== "awaiting_approval") return decided(adjustment);
  const { sku, locationId, delta, reason } = adjustment;
  await insertNote(tx, {
    type: "adjustment.rejected",
    sku,
    locationId,
    reference: { type: "adjustment", id },
    actor,
    data: { delta, reason },
  });
  return { ok: true, value: await decideAdjustment(tx, id, "rejected", actor) };
}

function decided({ state }: AdjustmentRow): Outcome<never> {
  return refuse("WRONG_STATE", { detail: `The adjustment is ${state}.` });
}
