// From who ships what to a plan as it is said aloud: shipments with their cost and delivery, the score and its parts.
import type { ScoreParts, Shipment } from "@dropgate/contracts/fulfilment";
import type { Part } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import type { Demand } from "./model.ts";
import type { ShippingRates } from "./rates.ts";
import { type CostRange, depthLeft, partsOf, scoreOf, type Totals } from "./score.ts";

export interface Written {
  shipments: Shipment[];
  totalCost: { amount: number; currency: string };
  score: number;
  parts: ScoreParts;
  totals: Totals;
}

/** The order as the choice sees it. */
export interface Setting {
  candidates: readonly Candidate[];
  demands: readonly Demand[];
  rates: ShippingRates;
  range: CostRange;
  costWeight: number;
  method: string;
}

type Sent = Part & { quantity: number };

function shipmentFrom(site: number, sent: readonly Sent[], setting: Setting): Shipment {
  const { candidates, demands, rates, method } = setting;
  const { location, tariff, delivery } = candidates[site]!;
  const units = sent.reduce(
    (sum, { demand, quantity }) => sum + quantity * rates.billedUnits(demands[demand]!.product),
    0,
  );
  return {
    locationId: location.id,
    lines: sent.map(({ demand, quantity }) => ({ sku: demands[demand]!.product.sku, quantity })),
    method,
    cost: { amount: tariff.base + tariff.perBilledUnit * units, currency: rates.currency },
    estimatedDelivery: delivery.estimatedDelivery,
  };
}

/** Means over the lines; a split line counts each piece by its share. */
function totalsOf(sent: readonly Sent[], cost: number, { candidates, demands }: Setting): Totals {
  const totals: Totals = { cost, days: 0, utilisation: 0, depth: 0 };
  for (const { demand, site, quantity } of sent) {
    const { location, delivery, available } = candidates[site]!;
    const share = quantity / demands[demand]!.quantity / demands.length;
    totals.days += share * delivery.days;
    totals.utilisation += share * (location.currentUtilization ?? 0);
    totals.depth += share * depthLeft(available[demand] ?? 0, quantity);
  }
  return totals;
}

export function writePlan(parts: readonly Part[], setting: Setting): Written {
  const sent = parts
    .map((part): Sent => ({ ...part, quantity: part.quantity ?? setting.demands[part.demand]!.quantity }))
    .toSorted((a, b) => a.site - b.site || a.demand - b.demand);
  const sites = [...new Set(sent.map(({ site }) => site))];
  const shipments = sites.map((site) =>
    shipmentFrom(
      site,
      sent.filter((part) => part.site === site),
      setting,
    ),
  );
  const amount = shipments.reduce((sum, { cost }) => sum + cost.amount, 0);
  const totals = totalsOf(sent, amount, setting);
  const scoreParts = partsOf(totals, setting.range);
  return {
    shipments,
    totalCost: { amount, currency: setting.rates.currency },
    score: scoreOf(scoreParts, setting.costWeight),
    parts: scoreParts,
    totals,
  };
}
