// Acts on reservations, many at once: one transaction locks them, decides each ask by itself (decide.ts), writes what
// was decided, changes each level once and asks the warehouses. One refused ask never fails the others.

import type { Outcome } from "@dropgate/contracts/refusals";
import { refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { readJudge } from "@dropgate/sql/holds/lock-holds";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { insertNotes } from "@dropgate/sql/levels/transactions";
import {
  insertLines,
  insertReservations,
  removeReservations,
} from "@dropgate/sql/reservations/insert-reservations";
import {
  lockReservations,
  type ReservationRow,
  readReplacements,
  readReservations,
} from "@dropgate/sql/reservations/reservation-row";
import { writeAllocated } from "@dropgate/sql/reservations/sale-orders";
import {
  type ReservationMove,
  writeReservationMoves,
} from "@dropgate/sql/reservations/write-reservation-moves";
import { rowsLeft } from "../hot/rows-left.ts";
import { newReservationId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";
import { askWarehouse } from "../warehouse/asking.ts";
import { changesOf, decideReservation, type ReservationAsk } from "./decide.ts";
import { onAllocated, onCancelled } from "./warehouse-orders.ts";

export interface Acted {
  /** In order: the reservation after the ask; of a late confirm the one that stands for it now. */
  outcomes: Outcome<ReservationRow>[];
  levels: LevelRow[];
}

/** A confirm that came after the window, and takes the stock once more. */
interface LateConfirm {
  ask: ReservationAsk;
  expired: ReservationRow;
  id: string;
  lines: readonly { sku: string; locationId: string; quantity: number }[];
}

interface Decided {
  ask: ReservationAsk;
  reservation: ReservationRow;
  move: ReservationMove;
}

/**
 * Within a transaction that the caller commits.
 * @param asks at most one of a reservation
 * @param extensionSeconds what a payment adds to its window, once
 */
export async function actOnReservationsIn(
  tx: Statements,
  asks: readonly ReservationAsk[],
  extensionSeconds: number,
): Promise<Acted> {
  const locked = await lockReservations(
    tx,
    asks.map(({ id }) => id),
  );
  const judge = await readJudge(tx);
  const refusals = new Map<string, Outcome<never>>();
  const decided: Decided[] = [];
  const tooLate: ReservationAsk[] = [];
  for (const ask of asks) {
    const reservation = locked.get(ask.id);
    if (!reservation) {
      refusals.set(ask.id, refuse("RESERVATION_NOT_FOUND"));
      continue;
    }
    const decision = decideReservation(reservation, ask, judge, extensionSeconds);
    if (decision.move) decided.push({ ask, reservation, move: decision.move });
    if (decision.ok) continue;
    const { move: _, ...refusal } = decision;
    refusals.set(ask.id, refusal);
    if (ask.act === "confirm" && refusal.refusal === "HOLD_EXPIRED") tooLate.push(ask);
  }
  const stands = await readReplacements(
    tx,
    tooLate.map(({ id }) => id),
  );
  // First, so that a confirm which finds its window over is late at once: an order id belongs to one that lives.
  await writeReservationMoves(
    tx,
    decided.map(({ move }) => move),
  );
  const late = await insertLate(tx, tooLate, locked, stands);
  const { levels, taken } = await changeLevels(tx, decided, late);
  await finish(tx, decided, taken);

  const idOf = new Map([...stands].map(([id, row]) => [id, row.id]));
  for (const { expired, id } of taken) idOf.set(expired.id, id);
  const rows = await readReservations(tx, [...locked.keys(), ...idOf.values()]);
  const outcomes = asks.map(({ id }): Outcome<ReservationRow> => {
    const row = rows.get(idOf.get(id) ?? id);
    const refusal = idOf.has(id) ? undefined : refusals.get(id);
    if (refusal) return refusal;
    if (!row) throw new Error(`reservation ${id} was locked but is not there`);
    return { ok: true, value: row };
  });
  return { outcomes, levels };
}

/** The rows of late confirms whose order id nobody has taken meanwhile. */
async function insertLate(
  tx: Statements,
  asks: readonly ReservationAsk[],
  locked: ReadonlyMap<string, ReservationRow>,
  stands: ReadonlyMap<string, ReservationRow>,
): Promise<LateConfirm[]> {
  const late = asks.flatMap((ask): LateConfirm[] => {
    const expired = locked.get(ask.id);
    // What still waited for stock is not revived in part.
    if (expired === undefined || stands.has(ask.id) || expired.backorders.length > 0) return [];
    const lines =
      ask.lines ?? expired.lines.map(({ sku, locationId, quantity }) => ({ sku, locationId, quantity }));
    return [{ ask, expired, id: newReservationId(), lines }];
  });
  const written = await insertReservations(
    tx,
    late.map(({ id, expired }) => ({
      id,
      orderId: expired.orderId,
      request: expired.request,
      plan: expired.plan,
      windowSeconds: 0,
      replaces: expired.id,
    })),
  );
  return late.filter(({ id }) => written.has(id));
}

/** @throws when a level does not bear what was decided: it and the orders disagree, and nothing may be committed */
async function changeLevels(
  tx: Statements,
  decided: readonly Decided[],
  late: readonly LateConfirm[],
): Promise<{ levels: LevelRow[]; taken: LateConfirm[] }> {
  const changes: LevelChange[] = decided.flatMap(({ ask, reservation, move }) =>
    changesOf(reservation, move.to, ask.actor),
  );
  for (const { ask, id, lines } of late) {
    for (const { sku, locationId, quantity } of lines) {
      changes.push({
        sku,
        locationId,
        deltas: { allocated: quantity },
        type: "reservation.allocated",
        reference: { type: "reservation", id },
        actor: ask.actor,
        data: { late: true },
        guarded: true,
        groupId: id,
      });
    }
  }
  const outcomes = await actOnLevelsIn(tx, changes);
  const refused = new Set<string>();
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.ok) continue;
    const change = changes[i];
    if (change?.groupId === undefined) {
      throw new Error(`reservation ${change?.reference?.id}: ${outcome.refusal} ${outcome.detail}`);
    }
    refused.add(change.groupId);
  }
  await removeReservations(tx, [...refused]);
  const taken = late.filter(({ id }) => !refused.has(id));
  await insertLines(
    tx,
    taken.flatMap(({ id, lines }) => lines.map((line, i) => ({ reservationId: id, line: i + 1, ...line }))),
  );
  return { levels: rowsLeft(outcomes), taken };
}

/** What follows from the moves: orders are allocated with their confirm, warehouses hear of it, the ledger of the rest. */
async function finish(
  tx: Statements,
  decided: readonly Decided[],
  taken: readonly LateConfirm[],
): Promise<void> {
  const confirmed = decided.filter(({ move }) => move.to === "confirmed");
  await writeAllocated(tx, [
    ...confirmed.map(({ reservation }) => reservation.id),
    ...taken.map(({ id }) => id),
  ]);
  await insertNotes(
    tx,
    decided
      .filter(({ move }) => move.to === "pending")
      .map(({ ask, reservation, move }) => ({
        type: "reservation.payment" as const,
        sku: null,
        locationId: null,
        reference: { type: "reservation", id: reservation.id },
        actor: ask.actor,
        data: { longerSeconds: move.longerSeconds },
      })),
  );
  const revived = await readReservations(
    tx,
    taken.map(({ id }) => id),
  );
  const askings = [
    ...confirmed.flatMap(({ ask, reservation }) => onAllocated(reservation, ask.actor)),
    ...taken.flatMap(({ ask, id }) => {
      const row = revived.get(id);
      return row ? onAllocated(row, ask.actor) : [];
    }),
    ...decided
      .filter(({ move, reservation }) => move.to === "cancelled" && reservation.state === "allocated")
      .flatMap(({ ask, reservation }) => onCancelled(reservation, ask.actor, ask.reason ?? null)),
  ];
  if (askings.length > 0) await askWarehouse(tx, askings);
}
