// Ends the reservations whose window is over. Found by an index, judged again under the lock: a sweep that comes late or
// twice ends nothing that was paid meanwhile. The hot store follows the ledger.
import { RESERVATION_SWEEP_MAX } from "@dropgate/contracts/limits";
import { actOnReservationsIn } from "@dropgate/inventory/reservations/act";
import { readDueReservations } from "@dropgate/sql/reservations/reservation-row";
import type { WorkerContext } from "./running/context.ts";

/** @returns whether a full batch was due, so there may be more */
export async function sweepReservations(context: WorkerContext): Promise<boolean> {
  const due = await readDueReservations(context.truth, RESERVATION_SWEEP_MAX);
  if (due.length === 0) return false;
  const { outcomes } = await context.truth.transaction((tx) =>
    actOnReservationsIn(
      tx,
      due.map((id) => ({ id, act: "expire", actor: "worker" })),
      0,
    ),
  );
  const ended = outcomes.filter((outcome) => outcome.ok && outcome.value.state === "expired").length;
  context.happened("reservation.expired", ended);
  return ended > 0 && due.length >= RESERVATION_SWEEP_MAX;
}
