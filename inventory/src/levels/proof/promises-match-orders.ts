// What each level has promised is what somebody has of it: checkouts and the unsold units of sales what is reserved,
// orders that are not picked yet what is allocated.
import type { Statements } from "@dropgate/sql";
import type { LevelKey } from "@dropgate/sql/levels/level-row";
import { type ComparedLevel, compareLevelsAfter } from "@dropgate/sql/reconciling/read-differences";
import { Evidence } from "../../proof/evidence.ts";
import { pages, type Verdict } from "../../proof/look.ts";
import { fromOrders } from "../../reconciling/differences.ts";

const LEVELS_AT_ONCE = 500;

export async function promisesMatchOrders(tx: Statements): Promise<Verdict> {
  const evidence = new Evidence();
  let levels = 0;
  const keyOf = ({ sku, locationId }: ComparedLevel): LevelKey => ({ sku, locationId });
  const read = (after: LevelKey): Promise<ComparedLevel[]> =>
    compareLevelsAfter(tx, null, after, LEVELS_AT_ONCE);
  for await (const some of pages({ sku: "", locationId: "" }, keyOf, read)) {
    levels += some.length;
    for (const level of some) {
      for (const name of fromOrders(level)) {
        evidence.found(
          `${name} of ${level.sku} at ${level.locationId} is ${level.is[name]}, orders and sales have ${level.promises[name]}`,
        );
      }
    }
  }
  return evidence.verdict(`what ${levels} levels have promised is what orders and sales have of them`);
}
