// Mirrors what happened to stock to the hot store, and drops what was shown of it, whoever made it happen and died
// before saying so. Everybody settles right after their own commit; this is for what they left undone, and it reads the
// ledger, which has all of it. If it dies here the cursor has not moved and all is told again; twice or late, a row's
// revision says that it is known. A server that is away holds the cursor: of all that happens meanwhile those who
// commit tell the others themselves.
import { STOCK_FOLLOW_ROWS_MAX } from "@dropgate/contracts/limits";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { newAlertId } from "@dropgate/inventory/ids";
import { availableOf, nameOf } from "@dropgate/inventory/levels/judge";
import { type NewAlert, raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { type FollowedLevel, moveCursor, readChanges } from "@dropgate/sql/levels/follow-changes";
import type { WorkerContext } from "./running/context.ts";

/** Of a level that is down to where it should be ordered anew: somebody should look. Found again, it is the same alert. */
function lowStock(level: FollowedLevel): NewAlert[] {
  const available = availableOf(level);
  if (level.reorderPoint === 0 || available > level.reorderPoint) return [];
  const { sku, locationId, reorderPoint } = level;
  return [
    {
      id: newAlertId(),
      kind: "low_stock",
      subject: nameOf(level),
      sku,
      locationId,
      detail: `Of ${sku} ${available} are available at ${locationId}, and ${reorderPoint} is when to order.`,
      data: { available, reorderPoint },
    },
  ];
}

export interface Followed {
  /** Whether there is more than was read. */
  isMore: boolean;
  /** Whether anything had changed. */
  isAny: boolean;
}

export async function followStock(context: WorkerContext, stock: HotStock): Promise<Followed> {
  const { toTx, isMore, levels, products } = await readChanges(context.truth, STOCK_FOLLOW_ROWS_MAX);
  if (toTx === null) return { isMore: false, isAny: false };
  await stock.mirror([], levels);
  await stock.dropShown(products);
  await raiseAlerts(context.truth, levels.flatMap(lowStock));
  await moveCursor(context.truth, toTx);
  context.happened("stock.followed", levels.length);
  return { isMore, isAny: true };
}
