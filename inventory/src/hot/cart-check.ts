// Whether so much of something may go into a cart: asked of the hot store, and of the truth while that is away. It
// holds nothing; the reservation decides.
import type { CartCheck, CartChecked } from "@dropgate/contracts/availability";
import { HotStoreAway } from "@dropgate/lua/away";
import type { Statements } from "@dropgate/sql";
import { readLevelsOf } from "@dropgate/sql/levels/levels-of-skus";
import type { HotStock } from "./hot-stock.ts";

export async function checkCart(
  { truth, stock }: { truth: Statements; stock: HotStock },
  { items }: CartCheck,
): Promise<CartChecked> {
  const wanted = new Map<string, number>();
  // Two items of one SKU want both.
  for (const { sku, quantity } of items) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  const skus = [...wanted.keys()];
  const available = await sumsOf(stock, skus).catch((error: unknown) => {
    if (!(error instanceof HotStoreAway)) throw error;
    return sumsInTruth(truth, skus);
  });
  const checked = items.map(({ sku }) => {
    const there = available.get(sku) ?? 0;
    if (there <= 0) return { sku, available: "no" as const };
    return { sku, available: there < (wanted.get(sku) ?? 0) ? ("limited" as const) : ("yes" as const) };
  });
  return { ok: checked.every(({ available }) => available === "yes"), items: checked };
}

async function sumsOf(stock: HotStock, skus: readonly string[]): Promise<Map<string, number>> {
  const looked = await stock.look(skus);
  return new Map([...looked].map(([sku, levels]) => [sku, sumOf(levels)]));
}

async function sumsInTruth(truth: Statements, skus: readonly string[]): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const row of await readLevelsOf(truth, skus)) {
    const available = row.sellable ? row.onHand - row.allocated - row.reserved - row.safetyStock : 0;
    sums.set(row.sku, (sums.get(row.sku) ?? 0) + Math.max(0, available));
  }
  return sums;
}

/** What lies in several places; one that owes some takes nothing from the others. */
export function sumOf(levels: readonly { available: number }[]): number {
  return levels.reduce((sum, { available }) => sum + Math.max(0, available), 0);
}
