// A rush's takes that nobody answers for: their gateway died between Redis and PostgreSQL, or its commit's outcome was
// lost. First the refusal is written (the hold's id is void from then on), then the unit goes back; a gateway that
// comes late meets the primary key.
import { TAKE_ORPHAN_MS } from "@dropgate/contracts/limits";
import { type PoolTake, returnTakes } from "@dropgate/inventory/rush/return-takes";
import type { LaneAddress, Pulse } from "@dropgate/lua/lane-answers";
import { voidHolds } from "@dropgate/sql/rush/void-holds";
import type { WorkerContext } from "../running/context.ts";

/** @param pulses of the lanes that have pools: their undecided takes, any of them */
export async function voidOldTakes(
  context: WorkerContext,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
  pulses: readonly (readonly [number, Pulse])[],
): Promise<void> {
  const old: PoolTake[] = pulses.flatMap(([lane, pulse]) =>
    pulse.pending
      .filter(({ ms }) => pulse.nowMs - ms > TAKE_ORPHAN_MS)
      .map(({ unit, holdId }) => ({ lane, unit, holdId })),
  );
  if (old.length === 0) return;
  const ids = old.map((take) => take.holdId);
  const { void: isVoid, voided } = await voidHolds(context.truth, saleId, ids);
  const refused = old.filter((take) => isVoid.has(take.holdId));
  await returnTakes(context.truth, context.hotStore, saleId, lanes, refused);
  if (voided > 0) context.happened("take.voided", voided);
  // The others are holds: what PostgreSQL made of them is applied as of any hold, only their mark goes.
  for (const [lane, address] of lanes) {
    const decided = old.filter((take) => take.lane === lane && !isVoid.has(take.holdId));
    if (decided.length > 0) await context.hotStore.lane(address).settle(decided);
  }
}
