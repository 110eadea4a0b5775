// Mirrors what happened to stock to the hot store, and drops what was shown of it, whoever made it happen and died
// before saying so. Everybody settles right after their own commit; this is for what they left undone, and it reads the
// ledger, which has all of it. If it dies here the cursor has not moved and all is told again; twice or late, a row's
// revision says that it is known. A server that is away holds the cursor: of all that happens meanwhile those who
// commit tell the others themselves.
import { STOCK_FOLLOW_ROWS_MAX } from "@dropgate/contracts/limits";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { moveCursor, readChanges } from "@dropgate/sql/levels/follow-changes";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether there was anything, so there may be more */
export async function followStock(context: WorkerContext, stock: HotStock): Promise<boolean> {
  const { toTx, levels, products } = await readChanges(context.truth, STOCK_FOLLOW_ROWS_MAX);
  if (toTx === null) return false;
  await stock.mirror([], levels);
  await stock.dropShown(products);
  await moveCursor(context.truth, toTx);
  context.happened("stock.followed", levels.length);
  return true;
}
