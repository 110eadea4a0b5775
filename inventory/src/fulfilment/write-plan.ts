// From who ships what to a plan as it is said aloud: shipments with their cost and delivery, the score and its parts.
import type { ScoreParts, Shipment } from "@dropgate/contracts/fulfilment";
import type { Part } from "./assignment.ts";
import type { Candidate } from "./eligible.ts";
import { inOrder } from "./in-order.ts";
import type { Demand } from "./model.ts";
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
  /** Of one piece, by demand. */
  billedUnits: readonly number[];
  currency: string;
  range: CostRange;
  costWeight: number;
  method: string;
}

type Sent = Part & { quantity: number };

/** @param sent all from one site */
function shipmentOf(sent: readonly Sent[], setting: Setting): Shipment {
  const { candidates, demands, billedUnits, method, currency } = setting;
  const { location, tariff, delivery } = candidates[sent[0]!.site]!;
  let units = 0;
  for (const { demand, quantity } of sent) units += quantity * billedUnits[demand]!;
  return {
    locationId: location.id,
    lines: sent.map(({ demand, quantity }) => ({ sku: demands[demand]!.product.sku, quantity })),
    method,
    cost: { amount: tariff.base + tariff.perBilledUnit * units, currency },
    estimatedDelivery: delivery.estimatedDelivery,
  };
}

/** @param sent by site */
function shipmentsOf(sent: readonly Sent[], setting: Setting): Shipment[] {
  const shipments: Shipment[] = [];
  let start = 0;
  while (start < sent.length) {
    let end = start + 1;
    while (sent[end]?.site === sent[start]!.site) end += 1;
    shipments.push(shipmentOf(sent.slice(start, end), setting));
    start = end;
  }
  return shipments;
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
  const sent = inOrder(
    parts.map(
      ({ demand, site, quantity }): Sent => ({
        demand,
        site,
        quantity: quantity ?? setting.demands[demand]!.quantity,
      }),
    ),
    (a, b) => a.site - b.site || a.demand - b.demand,
  );
  const shipments = shipmentsOf(sent, setting);
  let amount = 0;
  for (const { cost } of shipments) amount += cost.amount;
  const totals = totalsOf(sent, amount, setting);
  const scoreParts = partsOf(totals, setting.range);
  return {
    shipments,
    totalCost: { amount, currency: setting.currency },
    score: scoreOf(scoreParts, setting.costWeight),
    parts: scoreParts,
    totals,
  };
}
