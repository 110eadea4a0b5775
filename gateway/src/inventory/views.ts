// Products, locations, levels, their ledger and corrections as an operator sees them.
import type { Adjustment, Level, Transaction } from "@dropgate/contracts/inventory";
import type { Location } from "@dropgate/contracts/location";
import type { Product } from "@dropgate/contracts/product";
import { availableOf } from "@dropgate/inventory/levels/judge";
import { requestOf as locationRequestOf } from "@dropgate/inventory/locations/locations";
import { requestOf as productRequestOf } from "@dropgate/inventory/products/products";
import type { AdjustmentRow } from "@dropgate/sql/adjustments/adjustment-row";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import type { TransactionRow } from "@dropgate/sql/levels/transactions";
import type { LocationRow } from "@dropgate/sql/locations/location-row";
import type { ProductRow } from "@dropgate/sql/products/product-row";

export function productView(row: ProductRow): Product {
  return { sku: row.sku, ...productRequestOf(row), version: row.version, ...timesOf(row) };
}

export function locationView(row: LocationRow): Location {
  const { wmsUrl, ...location } = locationRequestOf(row);
  return {
    id: row.id,
    ...location,
    ...(wmsUrl !== null && { wmsUrl }),
    version: row.version,
    ...timesOf(row),
  };
}

function timesOf(row: { createdAt: Date; updatedAt: Date }): { createdAt: string; updatedAt: string } {
  return { createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

export function levelView(row: LevelRow): Level {
  const { rev: _, ...level } = row;
  return {
    ...level,
    available: availableOf(row),
    lastCountedAt: row.lastCountedAt?.toISOString() ?? null,
    lastUpdatedAt: row.lastUpdatedAt.toISOString(),
    lastOrderedAt: row.lastOrderedAt?.toISOString() ?? null,
  };
}

export function transactionView(row: TransactionRow): Transaction {
  const { onHand, allocated, reserved, damaged, inTransitIn, inTransitOut, referenceType, referenceId } = row;
  return {
    id: row.id,
    at: row.at.toISOString(),
    effectiveAt: row.effectiveAt.toISOString(),
    type: row.type,
    sku: row.sku,
    locationId: row.locationId,
    deltas: { onHand, allocated, reserved, damaged, inTransitIn, inTransitOut },
    reference:
      referenceType === null || referenceId === null ? null : { type: referenceType, id: referenceId },
    actor: row.actor,
    data: row.data,
  };
}

export function adjustmentView({ countedAt, actualCount, countEventId, ...row }: AdjustmentRow): Adjustment {
  return {
    ...row,
    ...(countedAt !== null &&
      actualCount !== null &&
      countEventId !== null && {
        count: { eventId: countEventId, countedAt: countedAt.toISOString(), actual: actualCount },
      }),
    requestedAt: row.requestedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
