// What a warehouse hears of an ordinary order: to pick once it is allocated, to stop when it is cancelled. One errand
// for each location that has some of it.
import { orderSchema, planSchema, type ShipToAddress } from "@dropgate/contracts/fulfilment";
import type { ReservationRow } from "@dropgate/sql/reservations/reservation-row";
import type { Asking } from "../warehouse/asking.ts";
import { openOf } from "./decide.ts";

type Order = Pick<ReservationRow, "id" | "orderId" | "request" | "plan" | "lines">;

/** Pure. Of what is still to be picked. */
export function onAllocated(order: Order, actor: string): Asking[] {
  return openLocationsOf(order).map((locationId) => ({
    ask: "pick",
    orderId: order.orderId,
    locationId,
    items: order.lines
      .filter((line) => line.locationId === locationId && openOf(line) > 0)
      .map((line) => ({ sku: line.sku, quantity: openOf(line) })),
    shipTo: shipToOf(order),
    method: methodOf(order, locationId),
    reference: { type: "reservation", id: order.id },
    actor,
  }));
}

/** Pure. @param order as it was before it was cancelled */
export function onCancelled(order: Order, actor: string, reason: string | null): Asking[] {
  return openLocationsOf(order).map((locationId) => ({
    ask: "cancel",
    orderId: order.orderId,
    locationId,
    reason,
    reference: { type: "reservation", id: order.id },
    actor,
  }));
}

function openLocationsOf({ lines }: Order): string[] {
  return [...new Set(lines.filter((line) => openOf(line) > 0).map(({ locationId }) => locationId))];
}

function shipToOf({ request }: Order): ShipToAddress | null {
  const read = orderSchema.pick({ shipTo: true }).loose().safeParse(request);
  return read.success ? read.data.shipTo : null;
}

/** As the plan has it; of a location that came in later, as the order asked. */
function methodOf({ request, plan }: Order, locationId: string): string | null {
  const planned = planSchema.pick({ shipments: true }).loose().safeParse(plan);
  const shipment = planned.success
    ? planned.data.shipments.find((each) => each.locationId === locationId)
    : undefined;
  if (shipment) return shipment.method;
  const asked = orderSchema.pick({ shippingSpeed: true }).loose().safeParse(request);
  return asked.success ? asked.data.shippingSpeed : null;
}
