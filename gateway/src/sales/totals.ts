// What has happened in a sale, in the contract's words, from what the ledger calls it.
import type { SaleTotals } from "@dropgate/contracts/sale-metrics";
import type { SaleTally } from "@dropgate/sql/sales/totals";

export const NO_TOTALS: SaleTotals = {
  joined: 0,
  left: 0,
  offered: 0,
  claimed: 0,
  confirmed: 0,
  lapsed: 0,
  rejoined: 0,
  expired: 0,
  released: 0,
  cancelled: 0,
  restored: 0,
};

/** Pure. Who gets a unit of a rush has joined, was offered it and has claimed it in one act. */
export function totalsOf({ joined, acts }: Pick<SaleTally, "joined" | "acts">): SaleTotals {
  const count = (...names: string[]): number => names.reduce((sum, name) => sum + (acts[name] ?? 0), 0);
  const got = count("attempted");
  return {
    joined: joined + got,
    left: count("entry.left", "entry.limit"),
    offered: count("offered") + got,
    claimed: count("claimed") + got,
    confirmed: count("confirmed", "replaced"),
    lapsed: count("lapsed"),
    rejoined: count("entry.rejoined"),
    expired: count("expired"),
    released: count("released"),
    cancelled: count("cancelled"),
    restored: count("entry.restored"),
  };
}
