// Removes rehearsals that have ended: their rows first, then what Redis has of them, which nobody finds any more.
import type { SaleId } from "@dropgate/contracts/ids";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import { readRemovable } from "@dropgate/sql/rehearsals/rehearsal-row";
import { removeRehearsalSale } from "@dropgate/sql/rehearsals/remove-rehearsal";

const AT_ONCE_MAX = 20;

/** @returns how many */
export async function removeRehearsals(
  truth: Truth,
  hotStore: HotStore,
  of: { rehearsed: string } | { keptMs: number },
): Promise<number> {
  let removed = 0;
  for (const { saleId } of await readRemovable(truth, of, AT_ONCE_MAX)) {
    if (saleId === null) continue;
    const lanes = await readLanes(truth, [saleId]);
    // One that is not closed yet, though its run has ended, is left to the next look.
    if (!(await truth.transaction((tx) => removeRehearsalSale(tx, saleId)))) continue;
    removed++;
    await hotStore.forgetSale(
      saleId as SaleId,
      lanes.map(({ lane, epoch }) => ({ lane, epoch })),
    );
  }
  return removed;
}
