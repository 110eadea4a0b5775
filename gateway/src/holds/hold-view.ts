// A hold as it is shown: to its shopper, the merchant, and over the socket.
import type { Allocation, Hold } from "@dropgate/contracts/hold";
import type { ActedHold } from "@dropgate/inventory/holds/decide";
import type { HoldRow } from "@dropgate/sql/holds/hold-row";

export function holdView(hold: HoldRow): Hold {
  return {
    holdId: hold.holdId,
    saleId: hold.saleId,
    entryId: hold.entryId,
    sku: hold.sku,
    unit: hold.unit,
    quantity: 1,
    state: hold.state,
    offeredAt: hold.offeredAt.toISOString(),
    claimBy: hold.claimBy.toISOString(),
    expiresAt: hold.expiresAt?.toISOString() ?? null,
    extended: hold.extended,
    ...(hold.orderId !== null && { orderId: hold.orderId }),
  };
}

/** Where a confirmed hold's order ships from; null when the sale brings its own units. */
export function allocationView({ order, locationId }: ActedHold): Allocation | null {
  if (order === undefined || locationId === null) return null;
  const lines = order.lines.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    locationId: line.locationId,
  }));
  return {
    reservationId: order.reservationId,
    orderId: order.orderId,
    state: order.state,
    locationId,
    lines,
  };
}
