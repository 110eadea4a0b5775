// An order of a sale cancelled by its reservation: the hold is what is cancelled, with its unit, and the reservation
// follows. Whoever has only the reservation's id comes this way, so that no order is gone whose unit stays sold.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { readHoldOfOrder, readSaleOrders, type SaleOrder } from "@dropgate/sql/reservations/sale-orders";
import { actOnHoldsIn } from "../holds/act.ts";

/**
 * Within the caller's transaction, which has locked no reservation yet: holds are locked before them. Redis follows by
 * the tick. Cancelling again is the same answer.
 * @returns null when the reservation is no sale's
 */
export async function cancelSaleOrderIn(
  tx: Statements,
  reservationId: string,
  reason: string | undefined,
): Promise<Outcome<SaleOrder> | null> {
  const holdId = await readHoldOfOrder(tx, reservationId);
  if (holdId === null) return null;
  const [outcome] = await actOnHoldsIn(tx, [
    { holdId, act: "cancel", actor: "merchant", entryId: null, reason },
  ]);
  if (outcome?.ok === false) {
    const { refusal, detail } = outcome;
    return refuse(refusal, detail === undefined ? {} : { detail });
  }
  const order = (await readSaleOrders(tx, [holdId])).get(holdId);
  if (order === undefined) throw new Error(`hold ${holdId} has no order ${reservationId}`);
  return { ok: true, value: order };
}
