// Where shoppers are lost on the way from joining to buying. Pure.
import type { SaleTotals } from "@dropgate/contracts/sale-metrics";

export interface FunnelStep {
  name: string;
  count: number;
  /** Of the step before; null for the first, and where nobody came so far. */
  part: number | null;
  /** Who went no further from here, in words; empty: nobody. */
  lost: string[];
}

/** @param write how a number is written */
export function funnelOf(totals: SaleTotals, write: (count: number) => string): FunnelStep[] {
  const { joined, offered, claimed, confirmed, left, lapsed, rejoined, released, expired, cancelled } =
    totals;
  const lost = (count: number, what: string): string[] => (count > 0 ? [`${write(count)} ${what}`] : []);
  const part = (count: number, before: number): number | null => (before === 0 ? null : count / before);
  return [
    { name: "Joined", count: joined, part: null, lost: lost(left, "left the line") },
    {
      name: "Offered",
      count: offered,
      part: part(offered, joined),
      lost: [...lost(lapsed, "let it lapse"), ...lost(rejoined, "of them came back")],
    },
    {
      name: "Claimed",
      count: claimed,
      part: part(claimed, offered),
      lost: [...lost(released, "gave it back"), ...lost(expired, "ran out of time")],
    },
    {
      name: "Confirmed",
      count: confirmed,
      part: part(confirmed, claimed),
      lost: lost(cancelled, "cancelled later"),
    },
  ];
}
