// What a warehouse hears of a sale's orders: to pick one once it is allocated, to stop when it is cancelled. One that is
// cancelled before it was allocated is nothing the warehouse knows of.
import { shipToAddressSchema } from "@dropgate/contracts/fulfilment";
import type { SaleOrder } from "@dropgate/sql/reservations/sale-orders";
import type { Asking } from "../warehouse/asking.ts";

/** Pure. A shop that told no address, or one without a country, has it told by whoever ships. */
export function pickOf(order: SaleOrder, actor: string): Asking[] {
  const address = shipToAddressSchema.safeParse(order.shipTo);
  const common = {
    ask: "pick" as const,
    orderId: order.orderId,
    shipTo: address.success ? address.data : null,
    method: null,
    reference: referenceOf(order),
    actor,
  };
  return locationsOf(order).map((locationId) => ({
    ...common,
    locationId,
    items: order.lines
      .filter((line) => line.locationId === locationId)
      .map(({ sku, quantity }) => ({ sku, quantity })),
  }));
}

/** Pure. @param order as it was before it was cancelled */
export function stopOf(order: SaleOrder, actor: string, reason: string | null): Asking[] {
  if (order.state !== "allocated") return [];
  const reference = referenceOf(order);
  return locationsOf(order).map((locationId) => ({
    ask: "cancel" as const,
    orderId: order.orderId,
    locationId,
    reason,
    reference,
    actor,
  }));
}

function referenceOf({ reservationId }: SaleOrder): { type: string; id: string } {
  return { type: "reservation", id: reservationId };
}

function locationsOf({ lines }: SaleOrder): string[] {
  return [...new Set(lines.map(({ locationId }) => locationId))];
}
