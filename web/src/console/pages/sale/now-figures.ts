// Which figures stand for "now", by who tells them: the live link, else the last answer asked for, else the sale itself.
// What nobody tells is null, and never a number. Pure.
import type { AdminSale } from "@dropgate/contracts/sale";
import type { LiveMetrics, SaleMetrics } from "@dropgate/contracts/sale-metrics";

export interface NowFigures {
  waiting: number;
  serving: number;
  held: number;
  sold: number;
  free: number;
  /** By the live link alone. */
  offered: number | null;
}

/**
 * @param link the newest word of the link, null while it is away: what it said before is no "now"
 * @param asked the newest answer, null when the last try was refused
 */
export function nowFigures(
  { units, queue }: Pick<AdminSale, "units" | "queue">,
  link: Pick<LiveMetrics, "figures" | "states"> | null,
  asked: Pick<SaleMetrics, "now"> | null,
): NowFigures {
  const { waiting, serving, held, sold, free } = link?.figures ??
    asked?.now ?? { ...units, waiting: queue.waiting, serving: queue.serving };
  return { waiting, serving, held, sold, free, offered: link?.states.offered ?? null };
}
