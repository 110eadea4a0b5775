// Orders of sales that stand on the inventory. With the confirm an order is a reservation; its unit stays reserved in
// the level, where it was since the sale began, until the worker books it (book-orders.ts). So a thousand confirms a
// second touch no level, and whoever dies in between loses nothing: the order is the row that says what is to be booked.
import type { Statements } from "@dropgate/sql";
import type { LockedHold } from "@dropgate/sql/holds/lock-holds";
import {
  type NewSaleOrder,
  readSaleOrders,
  type SaleOrder,
  writeCancelled,
} from "@dropgate/sql/reservations/sale-orders";
import { newReservationId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";
import { type Asking, askWarehouse } from "../warehouse/asking.ts";
import { stopOf } from "./warehouse-orders.ts";

/** What of a hold its order is made of. */
export type HoldOfOrder = Pick<LockedHold, "holdId" | "saleId" | "sku" | "locationId">;

/** @returns null for a sale that brings its own units: nothing of ours is to be picked */
export function newOrderOf(hold: HoldOfOrder, orderId: string, shipTo: unknown): NewSaleOrder | null {
  const { holdId, saleId, sku, locationId } = hold;
  if (locationId === null) return null;
  const request = { orderId, items: [{ sku, quantity: 1 }], ...(shipTo !== undefined && { shipTo }) };
  return { reservationId: newReservationId(), orderId, holdId, saleId, sku, locationId, request };
}

/** How much of an order has left its shelf. */
export function pickedOf(order: SaleOrder | undefined): number {
  return order?.lines.reduce((sum, line) => sum + line.picked, 0) ?? 0;
}

/**
 * What a cancelled order moves. Pure. Its unit is the sale's again, so the sale's level reserves it again; what of the
 * order was allocated, here or wherever else its lines lie, is free. One that was not booked yet still is reserved.
 */
export function changesOfCancelled(order: SaleOrder, hold: HoldOfOrder, actor: string): LevelChange[] {
  if (order.state !== "allocated" || hold.locationId === null) return [];
  const allocated = new Map<string, number>([[hold.locationId, 0]]);
  for (const { locationId, quantity, picked, released } of order.lines) {
    allocated.set(locationId, (allocated.get(locationId) ?? 0) - (quantity - picked - released));
  }
  return [...allocated].flatMap(([locationId, units]): LevelChange[] => {
    const reserved = locationId === hold.locationId ? 1 : 0;
    if (units === 0 && reserved === 0) return [];
    const deltas = { allocated: units, reserved };
    const reference = { type: "reservation", id: order.reservationId };
    return [{ sku: hold.sku, locationId, deltas, type: "reservation.cancelled", reference, actor }];
  });
}

export interface CancelledHold {
  hold: HoldOfOrder;
  actor: string;
  reason: string | null;
}

/** What is left to be done when nothing else has to be locked: levels first, then the warehouses. */
export interface OrderEffects {
  changes: LevelChange[];
  askings: Asking[];
}

/** Ends the orders of cancelled holds, which the caller has locked or has just inserted. */
export async function cancelSaleOrdersIn(
  tx: Statements,
  cancelled: readonly CancelledHold[],
): Promise<OrderEffects> {
  const stocked = cancelled.filter(({ hold }) => hold.locationId !== null);
  if (stocked.length === 0) return { changes: [], askings: [] };
  const orders = await readSaleOrders(
    tx,
    stocked.map(({ hold }) => hold.holdId),
  );
  const ended = stocked.map((one) => {
    const order = orders.get(one.hold.holdId);
    if (order === undefined) throw new Error(`hold ${one.hold.holdId} is cancelled and has no order`);
    return { ...one, order };
  });
  await writeCancelled(
    tx,
    ended.map(({ order, reason }) => ({ reservationId: order.reservationId, reason })),
  );
  return {
    changes: ended.flatMap(({ order, hold, actor }) => changesOfCancelled(order, hold, actor)),
    askings: ended.flatMap(({ order, actor, reason }) => stopOf(order, actor, reason)),
  };
}

/** @throws when a level does not bear it: it and the orders disagree, and nothing of this may be committed */
export async function carryOutIn(tx: Statements, { changes, askings }: OrderEffects): Promise<void> {
  const outcomes = await actOnLevelsIn(tx, changes);
  for (const [i, outcome] of outcomes.entries()) {
    if (!outcome.ok)
      throw new Error(`order ${changes[i]?.reference?.id}: ${outcome.refusal} ${outcome.detail}`);
  }
  if (askings.length > 0) await askWarehouse(tx, askings);
}
