// Removes rehearsals that have ended: their rows, and what Redis has of them, both or neither.
import type { SaleId } from "@dropgate/contracts/ids";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import { readRemovable } from "@dropgate/sql/rehearsals/rehearsal-row";
import { removeRehearsalSale } from "@dropgate/sql/rehearsals/remove-rehearsal";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";

const AT_ONCE_MAX = 20;

/**
 * @param actor who wants it
 * @returns how many
 */
export async function removeRehearsals(
  truth: Truth,
  hotStore: HotStore,
  of: { rehearsed: string } | { keptMs: number },
  actor: string,
): Promise<number> {
  let removed = 0;
  for (const { id: runId, rehearsed: subject, saleId } of await readRemovable(truth, of, AT_ONCE_MAX)) {
    if (saleId === null) continue;
    const isGone = await truth.transaction(async (tx) => {
      const lanes = await readLanes(tx, [saleId]);
      // One that is not closed yet, though its run has ended, is left to the next look.
      if (!(await removeRehearsalSale(tx, saleId))) return false;
      await insertSettingsAct(tx, { act: "rehearsal.removed", subject, actor, data: { runId, saleId } });
      // Before the commit: afterwards nobody would find what a Redis that is away still has of it.
      await hotStore.forgetSale(
        saleId as SaleId,
        lanes.map(({ lane, epoch }) => ({ lane, epoch })),
      );
      return true;
    });
    if (isGone) removed++;
  }
  return removed;
}
