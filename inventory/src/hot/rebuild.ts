// Makes the hot store forget what it mirrors, one SKU after another: who asks for one loads it anew, and the others are
// not touched meanwhile. For an operator who does not trust it, or has restored PostgreSQL to an earlier day, when
// revisions count backwards. A start or a lost Redis needs none of it. Twice, or dying half way, does no harm.
import { STOCK_BATCH_MAX } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { listStockedSkus } from "@dropgate/sql/levels/levels-of-skus";
import type { HotStock } from "./hot-stock.ts";

/** @returns how many SKUs were forgotten. @throws HotStoreAway, some of them perhaps forgotten */
export async function rebuildStock(
  { truth, stock }: { truth: Truth; stock: HotStock },
  sku: string | undefined,
): Promise<number> {
  if (sku !== undefined) {
    await stock.drop([sku]);
    return 1;
  }
  let count = 0;
  for (let after: string | null = null; ; ) {
    const skus: string[] = await listStockedSkus(truth, after, STOCK_BATCH_MAX);
    await stock.drop(skus);
    count += skus.length;
    after = skus.at(-1) ?? null;
    if (skus.length < STOCK_BATCH_MAX) return count;
  }
}
