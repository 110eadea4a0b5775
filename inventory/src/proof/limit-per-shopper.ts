// Nobody has more than the limit, however often and through whatever door they asked. Counted by the shopper
// that the hold names and by the one whose entry it was made for.
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";
import { UNIT_HAVING_STATES } from "./unit-having-states.ts";

type ShopperHolds = { shopper: string; slots: number[]; holds: string[]; entryShoppers: (string | null)[] };

export async function limitPerShopper({ tx, sale }: Look): Promise<Verdict> {
  const limit = sale.limitPerShopper;
  const evidence = new Evidence();
  let shoppers = 0;
  let most = 0;
  const read = async (after: string): Promise<ShopperHolds[]> =>
    (
      await tx.query<ShopperHolds>(
        `SELECT h.shopper, array_agg(h.slot ORDER BY h.slot) AS slots,
           array_agg(h.hold_id ORDER BY h.slot) AS holds, array_agg(e.shopper ORDER BY h.slot) AS "entryShoppers"
         FROM holds h LEFT JOIN entries e ON e.entry_id = h.entry_id
         WHERE h.sale_id = $1 AND h.shopper > $2 AND h.state IN (${UNIT_HAVING_STATES})
         GROUP BY h.shopper ORDER BY h.shopper LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: ShopperHolds) => row.shopper, read)) {
    for (const row of page) {
      shoppers++;
      most = Math.max(most, row.holds.length);
      for (const fault of faultsOf(row, limit)) evidence.found(fault);
    }
  }
  return evidence.verdict(`${shoppers} shoppers with live or sold holds, at most ${most} each of ${limit}`);
}

function faultsOf({ shopper, slots, holds, entryShoppers }: ShopperHolds, limit: number): string[] {
  const faults: string[] = [];
  const name = `shopper ${JSON.stringify(shopper)}`;
  if (holds.length > limit) {
    faults.push(`${name} has ${holds.length} holds (${holds.slice(0, 3).join(", ")}), the limit is ${limit}`);
  } else if (new Set(slots).size !== slots.length || slots.some((slot) => slot < 1 || slot > limit)) {
    faults.push(`${name} has slots ${slots.join(", ")} of 1 to ${limit}`);
  }
  entryShoppers.forEach((of, i) => {
    if (of !== shopper) faults.push(`hold ${holds[i]} of ${name} is for an entry of ${JSON.stringify(of)}`);
  });
  return faults;
}
