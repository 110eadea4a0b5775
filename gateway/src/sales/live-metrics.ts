// The figures of a sale as operators see them live, put together from what this gateway has sampled and what it hears.
import type { LiveMetrics, SaleFigures } from "@dropgate/contracts/sale-metrics";
import { fleetFigures, type GatewayFigures } from "../telemetry/own-figures.ts";
import { type Figures, sampleOf } from "./figures.ts";
import type { KnownSale } from "./known-sale.ts";
import type { Point, Rates, Sample } from "./series.ts";

/**
 * @param own what this gateway says of itself
 * @returns null while the sale was not sampled yet
 */
export function liveMetrics(
  sale: KnownSale,
  figures: Figures,
  own: GatewayFigures,
  nowMs: number,
): LiveMetrics | null {
  const kept = figures.newest(sale);
  if (kept === null) return null;
  const { counts, totals, openOffers, pools, series } = kept;
  const sample = sampleOf(sale, counts, totals, figures.visitorsOf(sale), nowMs);
  return {
    saleId: sale.id,
    at: new Date(nowMs).toISOString(),
    phase: sale.phase,
    version: sale.version,
    figures: figuresOf({ ...sample, ...ratesOf(series.newest) }),
    totals,
    states: {
      waiting: sale.waiting,
      // Sampled one after the other: a claim in between counts once.
      offered: Math.min(openOffers, counts.held),
      held: Math.max(0, counts.held - openOffers),
      purchased: counts.sold,
    },
    pools,
    ...fleetFigures([own, ...figures.others], sale.id),
    health: figures.health(nowMs),
  };
}

/** The rates of the newest point; all 0 while there is none. */
export function ratesOf(point: Point | null): Rates {
  return {
    servedPerSecond: point?.servedPerSecond ?? 0,
    soldPerSecond: point?.soldPerSecond ?? 0,
    joinedPerSecond: point?.joinedPerSecond ?? 0,
    offeredPerSecond: point?.offeredPerSecond ?? 0,
    claimedPerSecond: point?.claimedPerSecond ?? 0,
    confirmedPerSecond: point?.confirmedPerSecond ?? 0,
    expiredPerSecond: point?.expiredPerSecond ?? 0,
  };
}

export function figuresOf({ atMs, ...point }: Sample & Rates): SaleFigures {
  const { joined: _j, offered: _o, claimed: _c, confirmed: _f, expired: _e, ...figures } = point;
  return { at: new Date(atMs).toISOString(), ...figures };
}
