// Reserves what plans name, many orders in one transaction: each may be refused by itself, all lines of one or none, and
// each level is changed once for all of them, so that a hot SKU is not a queue of row locks.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { readOrders } from "@dropgate/sql/holds/orders";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { insertNotes } from "@dropgate/sql/levels/transactions";
import {
  insertBackorders,
  insertLines,
  insertReservations,
  removeReservations,
  shortenWindows,
} from "@dropgate/sql/reservations/insert-reservations";
import {
  type ReservationRow,
  readByOrder,
  readReservations,
} from "@dropgate/sql/reservations/reservation-row";
import { rowsLeft } from "../hot/rows-left.ts";
import { newBackorderId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";
import { isSameJson } from "./same-json.ts";

export interface Proposed {
  id: string;
  orderId: string;
  request: unknown;
  plan: unknown;
  lines: readonly { sku: string; locationId: string; quantity: number }[];
  backorders: readonly { sku: string; quantity: number }[];
  actor: string;
}

export interface Windows {
  windowSeconds: number;
  /** Where more than half of what could be promised at one of its levels is reserved. */
  demandWindowSeconds: number;
}

export interface Reserved {
  /** In order; `made` false: the order had it already, and was asked for in the same words. */
  outcomes: Outcome<{ reservation: ReservationRow; made: boolean }>[];
  /** The levels as they are now, for the hot store. */
  levels: LevelRow[];
}

const REFERENCE = "reservation";

/**
 * Within a transaction that the caller commits. Whether the order is known is looked at before its stock is.
 * INSUFFICIENT_STOCK: not at these locations any more. BUSY: another has the order id just now; ask again.
 */
export async function reserveIn(
  tx: Statements,
  proposals: readonly Proposed[],
  windows: Windows,
): Promise<Reserved> {
  const orderIds = proposals.map(({ orderId }) => orderId);
  const [known, sold] = [await readByOrder(tx, orderIds), await readOrders(tx, orderIds)];
  const fresh = proposals.filter(({ orderId }) => !known.has(orderId) && !sold.has(orderId));
  const written = await insertReservations(
    tx,
    fresh.map(({ id, orderId, request, plan }) => ({
      id,
      orderId,
      request,
      plan,
      windowSeconds: windows.windowSeconds,
      replaces: null,
    })),
  );
  const asked = fresh.filter(({ id }) => written.has(id));
  const changes = asked.flatMap(changesOf);
  const judged = await actOnLevelsIn(tx, changes);
  const refused = new Map<string, Outcome<never>>();
  const hot = new Set<string>();
  for (const [i, outcome] of judged.entries()) {
    const id = changes[i]?.groupId ?? "";
    if (!outcome.ok) refused.set(id, outcome);
    else if (isInDemand(outcome.value)) hot.add(id);
  }
  await removeReservations(tx, [...refused.keys()]);
  const made = asked.filter(({ id }) => !refused.has(id));
  await writeOf(tx, made, hot, windows);

  const rows = await readReservations(
    tx,
    made.map(({ id }) => id),
  );
  const lost = fresh.filter(({ id }) => !written.has(id)).map(({ orderId }) => orderId);
  const others = await readByOrder(tx, lost);
  const outcomes = proposals.map((proposal): Reserved["outcomes"][number] => {
    const { id, orderId, request } = proposal;
    const refusal = refused.get(id);
    if (refusal) return refusal;
    const reservation = rows.get(id);
    if (reservation) return { ok: true, value: { reservation, made: true } };
    if (sold.has(orderId)) return refuse("ORDER_EXISTS");
    const other = known.get(orderId) ?? others.get(orderId);
    if (other === undefined) return refuse("BUSY");
    return sameOrder(other, request);
  });
  return { outcomes, levels: rowsLeft(judged) };
}

/** The reservation that an order has already, if it was asked for in the same words. */
export function sameOrder(
  reservation: ReservationRow,
  request: unknown,
): Outcome<{ reservation: ReservationRow; made: boolean }> {
  const isTheSame =
    reservation.holdId === null &&
    reservation.state !== "cancelled" &&
    isSameJson(reservation.request, request);
  return isTheSame ? { ok: true, value: { reservation, made: false } } : refuse("ORDER_EXISTS");
}

/** Whether more than half of what a level could promise to checkouts is in some. */
export function isInDemand(
  level: Pick<LevelRow, "onHand" | "allocated" | "safetyStock" | "reserved">,
): boolean {
  return level.reserved * 2 > level.onHand - level.allocated - level.safetyStock;
}

function changesOf({ id, lines, actor }: Proposed): LevelChange[] {
  return lines.map(({ sku, locationId, quantity }) => ({
    sku,
    locationId,
    deltas: { reserved: quantity },
    type: "reservation.reserved",
    reference: { type: REFERENCE, id },
    actor,
    guarded: true,
    groupId: id,
  }));
}

async function writeOf(
  tx: Statements,
  made: readonly Proposed[],
  hot: ReadonlySet<string>,
  windows: Windows,
): Promise<void> {
  await insertLines(
    tx,
    made.flatMap(({ id, lines }) => lines.map((line, i) => ({ reservationId: id, line: i + 1, ...line }))),
  );
  const waiting = made.flatMap(({ id, backorders, actor }) =>
    backorders.map((backorder) => ({ id: newBackorderId(), reservationId: id, actor, ...backorder })),
  );
  await insertBackorders(tx, waiting);
  await insertNotes(
    tx,
    waiting.map(({ reservationId, sku, quantity, actor }) => ({
      type: "reservation.backordered",
      sku,
      locationId: null,
      reference: { type: REFERENCE, id: reservationId },
      actor,
      data: { quantity },
    })),
  );
  const shortened = made.filter(({ id }) => hot.has(id)).map(({ id }) => id);
  if (windows.demandWindowSeconds < windows.windowSeconds) {
    await shortenWindows(tx, shortened, windows.demandWindowSeconds);
  }
}
