// A sale as the public and as the operator see it, made from what this gateway knows.
import { DRAW_ALGORITHM } from "@dropgate/contracts/draw";
import { SALE_BODY_MS } from "@dropgate/contracts/limits";
import type { AdminSale, Sale } from "@dropgate/contracts/sale";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import type { UnitCounts } from "@dropgate/sql/sales/stock";
import type { KnownSale, Stock } from "./known-sale.ts";
import { stockOf } from "./stock-view.ts";

/** The line as it is now; of a row alone (a sale nobody has looked at yet) it is empty. */
export interface Line {
  waiting: number;
  serving: number;
  ratePerSecond: number;
}

/** @param nowMs the server's clock, for serverTime */
export function saleView(row: SaleRow, line: Line, stock: Stock, nowMs: number): Sale {
  return {
    id: row.id,
    title: row.title,
    sku: row.sku,
    kind: row.kind,
    phase: row.phase,
    version: row.version,
    ...(row.imageUrl !== null && { imageUrl: row.imageUrl }),
    ...(row.priceAmount !== null &&
      row.priceCurrency !== null && { price: { amount: row.priceAmount, currency: row.priceCurrency } }),
    ...(row.description !== null && { description: row.description }),
    ...(row.message !== null && { message: row.message }),
    ...(row.checkoutUrl !== null && { checkoutUrl: row.checkoutUrl }),
    identity: row.identity,
    schedule: {
      lobbyAt: row.lobbyAt.toISOString(),
      drawAt: row.drawAt.toISOString(),
      opensAt: row.opensAt.toISOString(),
      closesAt: row.closesAt.toISOString(),
    },
    serverTime: new Date(nowMs).toISOString(),
    limitPerShopper: row.limitPerShopper,
    claimWindowSeconds: row.claimWindowSeconds,
    purchaseWindowSeconds: row.purchaseWindowSeconds,
    stock,
    quantity: row.quantity - row.withdrawn,
    queue: line,
    draw: {
      commitment: row.commitment.toString("hex"),
      algorithm: DRAW_ALGORITHM,
      secret: row.secret?.toString("hex") ?? null,
    },
    ...(row.rehearsal && { rehearsal: true }),
  };
}

/** The public view of a sale that this gateway knows. */
export function knownSaleView(sale: KnownSale, nowMs: number): Sale {
  const line = { waiting: sale.waiting, serving: sale.serving, ratePerSecond: sale.ratePerSecond };
  // The channel may know a later phase than the row that is on its way.
  return { ...saleView(sale.row, line, sale.stock, nowMs), phase: sale.phase, version: sale.version };
}

/** The operator's view. */
export function adminSaleView(row: SaleRow, units: UnitCounts, line: Line | null, nowMs: number): AdminSale {
  const stock = stockOf(row, { free: units.free, someHeld: units.held > 0 });
  const shown = line ?? { waiting: 0, serving: row.serving, ratePerSecond: row.ratePerSecond };
  return {
    ...saleView(row, shown, stock, nowMs),
    source: row.source,
    locationId: row.locationId,
    poolCount: row.poolCount,
    laneCount: row.laneCount,
    challenge: row.challenge,
    beacon:
      row.beaconSource !== null && row.beaconRound !== null
        ? { source: row.beaconSource, round: row.beaconRound }
        : null,
    admission: { ratePerSecond: row.ratePerSecond, burst: row.burst },
    paymentExtensionSeconds: row.paymentExtensionSeconds,
    units,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Bodies of `GET /sales/{id}` and the socket's `sale`, made at most a few times a second for each sale. */
export class SaleBodies {
  #made = new WeakMap<KnownSale, { body: Buffer; version: number; stock: Stock; untilMs: number }>();

  body(sale: KnownSale): Buffer {
    const nowMs = Date.now();
    const made = this.#made.get(sale);
    if (made && made.untilMs > nowMs && made.version === sale.version && made.stock === sale.stock) {
      return made.body;
    }
    const body = Buffer.from(JSON.stringify(knownSaleView(sale, nowMs)));
    this.#made.set(sale, { body, version: sale.version, stock: sale.stock, untilMs: nowMs + SALE_BODY_MS });
    return body;
  }
}
