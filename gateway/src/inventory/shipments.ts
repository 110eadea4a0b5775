// What a merchant tells its customers of an order on its way: when each location was done with each step, and under
// which number a parcel travels. Read from the ledger, which has it already, so that there is no second account of it.
import type { OrderShipment } from "@dropgate/contracts/reservation";
import type { TransactionRow } from "@dropgate/sql/levels/transactions";

const TIME_OF = {
  "event.picked": "pickedAt",
  "event.packed": "packedAt",
  "event.shipped": "shippedAt",
} as const;

type Told = Pick<TransactionRow, "type" | "locationId" | "effectiveAt" | "data">;

/** By location, in the order in which they were first heard of. Events may be told in any order: the latest time counts. */
export function shipmentsOf(story: readonly Told[]): OrderShipment[] {
  const shipments = new Map<string, OrderShipment>();
  for (const { type, locationId, effectiveAt, data } of story) {
    if (!(type in TIME_OF) || locationId === null) continue;
    const time = TIME_OF[type as keyof typeof TIME_OF];
    const none = { locationId, pickedAt: null, packedAt: null, shippedAt: null, tracking: [] };
    const shipment = shipments.get(locationId) ?? none;
    const at = effectiveAt.toISOString();
    const tracking = typeof data["tracking"] === "string" ? [data["tracking"]] : [];
    shipments.set(locationId, {
      ...shipment,
      [time]: (shipment[time] ?? at) > at ? shipment[time] : at,
      tracking: [...new Set([...shipment.tracking, ...tracking])],
    });
  }
  return [...shipments.values()];
}
