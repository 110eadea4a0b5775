// Books the orders of a sale: their units go from `reserved` to `allocated`, many orders in one change of the level, and
// from then on a warehouse may pick them. Any worker does it, twice or late, whether or not the sale is closed: what is
// to be booked is the state of the orders, and it is changed in the same transaction.
import { BOOKING_BATCH_MAX } from "@dropgate/contracts/limits";
import { HOLD_TABLE } from "@dropgate/contracts/states/hold";
import type { Truth } from "@dropgate/sql";
import { type LockedHold, lockHolds } from "@dropgate/sql/holds/lock-holds";
import { type HoldMove, writeMoves } from "@dropgate/sql/holds/write-moves";
import {
  lockSaleOrders,
  readHoldsToBook,
  type SaleOrder,
  writeAllocated,
} from "@dropgate/sql/reservations/sale-orders";
import type { LevelChange } from "../levels/judge.ts";
import { carryOutIn } from "./orders.ts";
import { pickOf } from "./warehouse-orders.ts";

function moveOf(hold: LockedHold, { reservationId }: SaleOrder): HoldMove {
  return {
    hold,
    to: "allocated",
    claimedAt: null,
    expiresAt: null,
    extended: hold.extended,
    orderId: null,
    unitTo: null,
    entryTo: null,
    missed: false,
    act: "allocated",
    actor: "worker",
    data: { reservationId },
  };
}

function changesOf({ reservationId, saleId, holdId, lines }: SaleOrder): LevelChange[] {
  return lines.map(({ sku, locationId, quantity }) => ({
    sku,
    locationId,
    deltas: { reserved: -quantity, allocated: quantity },
    type: "reservation.allocated",
    reference: { type: "reservation", id: reservationId },
    actor: "worker",
    data: { saleId, holdId },
  }));
}

/**
 * Books a sale's oldest orders, as many as one transaction takes.
 * @returns how many were to be booked, also if another worker was quicker; as many as BOOKING_BATCH_MAX: there may be more
 */
export function bookOrders(truth: Truth, saleId: string): Promise<{ found: number; booked: number }> {
  return truth.transaction(async (tx) => {
    const holdIds = await readHoldsToBook(tx, saleId, BOOKING_BATCH_MAX);
    if (holdIds.length === 0) return { found: 0, booked: 0 };
    const holds = await lockHolds(tx, holdIds);
    const orders = await lockSaleOrders(tx, holdIds);
    // While we waited for the locks another worker may have booked them, or a merchant cancelled.
    const due = holds.flatMap((hold) => {
      const order = orders.get(hold.holdId);
      return order !== undefined && "to" in HOLD_TABLE[hold.state].allocate ? [{ hold, order }] : [];
    });
    if (due.length > 0) {
      await writeAllocated(
        tx,
        due.map(({ order }) => order.reservationId),
      );
      await writeMoves(
        tx,
        due.map(({ hold, order }) => moveOf(hold, order)),
      );
      await carryOutIn(tx, {
        changes: due.flatMap(({ order }) => changesOf(order)),
        askings: due.flatMap(({ order }) => pickOf(order, "worker")),
      });
    }
    return { found: holdIds.length, booked: due.length };
  });
}
