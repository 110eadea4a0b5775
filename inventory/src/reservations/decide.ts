// What becomes of a reservation when somebody asks something of it: a pure function over the table that holds go by too
// (contracts/src/states/hold.ts), the reservation as it was locked, and the moment by which windows are judged.
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { HOLD_TABLE, type HoldAct, type HoldState, isLiveHold } from "@dropgate/contracts/states/hold";
import type { Judge } from "@dropgate/sql/holds/lock-holds";
import type { ReservationLine, ReservationRow } from "@dropgate/sql/reservations/reservation-row";
import type { ReservationMove } from "@dropgate/sql/reservations/write-reservation-moves";
import type { LevelChange } from "../levels/judge.ts";

export type ReservationAct = Exclude<HoldAct, "claim" | "allocate">;

export interface ReservationAsk {
  id: string;
  act: ReservationAct;
  /** Who does it, for the ledger. */
  actor: string;
  reason?: string | undefined;
  /** Of a confirm, if the shop says it: the order that it thinks it pays for. */
  orderId?: string | undefined;
  /** Of a confirm that comes too late: from where the stock may be taken once more, if not from where it was. */
  lines?: readonly { sku: string; locationId: string; quantity: number }[] | undefined;
}

/** `move` null: it had happened before, the answer is the same again. */
export type ReservationDecision =
  | { ok: true; move: ReservationMove | null }
  | (Refusal & { move?: ReservationMove });

/** An act that a window limits: what asks for it waits until the service's heartbeat is fresh. */
const JUDGED: ReadonlySet<ReservationAct> = new Set(["startPayment", "confirm", "expire"]);

/** What of a line binds stock. */
export function openOf({ quantity, picked, released }: ReservationLine): number {
  return quantity - picked - released;
}

/** Whether the window is over by the judge's clock. */
export function isOver({ state, expiresAt }: ReservationRow, judge: Judge): boolean {
  return isLiveHold(state) && expiresAt !== null && expiresAt <= judge.now;
}

function moveTo(
  reservation: ReservationRow,
  to: HoldState,
  ask: Pick<ReservationAsk, "act" | "reason">,
  longerSeconds = 0,
): ReservationMove {
  // The table leads to no state that a reservation cannot have.
  return { reservation, to: to as ReservationMove["to"], longerSeconds, reason: ask.reason ?? null };
}

/**
 * Decides one ask about one locked reservation. Time comes first: one whose window is over is ended here and now (the
 * returned move), so that HOLD_EXPIRED is said only of what has ended.
 * @param extensionSeconds what a payment adds, once
 */
export function decideReservation(
  reservation: ReservationRow,
  ask: ReservationAsk,
  judge: Judge,
  extensionSeconds: number,
): ReservationDecision {
  if (reservation.holdId !== null && ask.act !== "confirm") {
    return refuse("WRONG_STATE", {
      detail: `It is the order of hold ${reservation.holdId}: cancel that.`,
    });
  }
  if (isLiveHold(reservation.state) && JUDGED.has(ask.act)) {
    if (!judge.fresh) return refuse("BUSY");
    if (isOver(reservation, judge)) {
      const ended = moveTo(reservation, "expired", { act: "expire" });
      return ask.act === "expire" ? { ok: true, move: ended } : { ...refuse("HOLD_EXPIRED"), move: ended };
    }
    if (ask.act === "expire") return { ok: true, move: null };
  }
  if (ask.orderId !== undefined && ask.orderId !== reservation.orderId) {
    return refuse("WRONG_STATE", { detail: "The reservation is of another order." });
  }
  const outcome = HOLD_TABLE[reservation.state][ask.act];
  if ("refused" in outcome) return refuse(outcome.refused);
  if ("same" in outcome) return { ok: true, move: null };
  if (ask.act === "cancel" && reservation.lines.some(({ picked }) => picked > 0)) {
    return refuse("WRONG_STATE", { detail: "It is picked: what is on its way is returned, not cancelled." });
  }
  const longer = ask.act === "startPayment" && !reservation.extended ? extensionSeconds : 0;
  return { ok: true, move: moveTo(reservation, outcome.to, ask, longer) };
}

const TYPES = {
  released: "reservation.released",
  expired: "reservation.expired",
  confirmed: "reservation.allocated",
  cancelled: "reservation.cancelled",
} as const;

/** What a move does to the levels: with the confirm a reservation is allocated at once. Pure. */
export function changesOf(
  reservation: ReservationRow,
  to: ReservationMove["to"],
  actor: string,
): LevelChange[] {
  if (!(to in TYPES)) return [];
  const type = TYPES[to as keyof typeof TYPES];
  const wasAllocated = reservation.state === "allocated";
  return reservation.lines
    .filter((line) => openOf(line) > 0)
    .map((line) => {
      const open = openOf(line);
      const gone = wasAllocated ? { allocated: -open } : { reserved: -open };
      const deltas = to === "confirmed" ? { ...gone, allocated: open } : gone;
      const reference = { type: "reservation", id: reservation.id };
      return { sku: line.sku, locationId: line.locationId, deltas, type, reference, actor };
    });
}
