// A page of a reconciliation: so many levels are compared, what differs is written down, and how far it came, in one
// transaction. A worker that dies in it leaves the page to the next.
import { RECONCILE_PAGE_LEVELS } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { insertDifferences } from "@dropgate/sql/reconciling/difference-row";
import { compareLevelsAfter } from "@dropgate/sql/reconciling/read-differences";
import {
  lockOneToDo,
  type ReconciliationRow,
  writeProgress,
} from "@dropgate/sql/reconciling/reconciliation-row";
import type { HotStock } from "../hot/hot-stock.ts";
import { newAlertId } from "../ids.ts";
import { nameOf } from "../levels/judge.ts";
import { differencesOf } from "./differences.ts";
import { findHotDifferences } from "./hot-differences.ts";

export interface Page {
  reconciliation: ReconciliationRow;
  levels: number;
  differences: number;
  /** Whether it was the last. */
  done: boolean;
}

/**
 * @param stock null: the hot store is not looked at
 * @returns null when there is nothing to do, or others do it
 */
export function lookAtPage(truth: Truth, stock: HotStock | null): Promise<Page | null> {
  return truth.transaction(async (tx) => {
    const reconciliation = await lockOneToDo(tx);
    if (reconciliation === null) return null;
    const { id, sku, afterSku, afterLocation } = reconciliation;
    const after = { sku: afterSku, locationId: afterLocation };
    const levels = await compareLevelsAfter(tx, sku, after, RECONCILE_PAGE_LEVELS);
    const skus = [...new Set(levels.map((level) => level.sku))];
    const hot = stock === null ? [] : await findHotDifferences(tx, stock, skus);
    const looked = new Set(levels.map(nameOf));
    // A SKU whose levels are on two pages is looked at with each.
    const differences = [...levels.flatMap(differencesOf), ...hot.filter((each) => looked.has(nameOf(each)))];
    await insertDifferences(tx, id, differences);
    const done = levels.length < RECONCILE_PAGE_LEVELS;
    await writeProgress(tx, id, done ? null : (levels.at(-1) ?? null), levels.length);
    if (differences.length > 0) {
      const [first] = differences;
      await raiseAlerts(tx, [
        {
          id: newAlertId(),
          kind: "reconcile_difference",
          subject: id,
          sku: first?.sku,
          locationId: first?.locationId,
          detail: `A reconciliation found what does not agree, such as ${first?.sku} at ${first?.locationId}.`,
          data: { reconciliationId: id },
        },
      ]);
    }
    return { reconciliation, levels: levels.length, differences: differences.length, done };
  });
}
