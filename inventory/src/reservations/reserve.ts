// Reserves what plans name, many orders in one transaction: each may be refused by itself, all lines of one or none, and
// each level is changed once for all of them, so that a hot SKU is not a queue of row locks.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements, Truth } from "@dropgate/sql";
import { readOrders } from "@dropgate/sql/holds/orders";
import type { LevelKey, LevelRow, MirroredLevel } from "@dropgate/sql/levels/level-row";
import { insertNotes, type Note } from "@dropgate/sql/levels/transactions";
import {
  insertBackorders,
  insertProposed,
  type NewBackorder,
  removeProposed,
  shortenWindows,
} from "@dropgate/sql/reservations/insert-reservations";
import { type ReservationRow, readByOrder } from "@dropgate/sql/reservations/reservation-row";
import { isNotPlenty, lockLevelsThere, takePlenty } from "@dropgate/sql/reservations/reserve-plenty";
import { rowsLeft } from "../hot/rows-left.ts";
import { newBackorderId } from "../ids.ts";
import { actOnLockedIn, lockLevelsFor } from "../levels/act.ts";
import { type LevelChange, nameOf } from "../levels/judge.ts";
import { isSameJson } from "./same-json.ts";

export interface Proposed {
  id: string;
  orderId: string;
  request: unknown;
  /** A JsonText, where nobody wants more of it than to write and answer it. */
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
  levels: readonly MirroredLevel[];
}

const REFERENCE = "reservation";

/**
 * Within a transaction that the caller commits, best a pipelined one. Whether the order is known is looked at before its stock is.
 * INSUFFICIENT_STOCK: not at these locations any more. BUSY: another has the order id just now; ask again.
 */
export async function reserveIn(
  tx: Statements,
  proposals: readonly Proposed[],
  windows: Windows,
): Promise<Reserved> {
  // In a pipeline both are one wait. Levels of an order that turns out to be there already are locked for nothing.
  const [times, locked] = await Promise.all([
    insertProposed(tx, proposals, windows.windowSeconds),
    lockLevelsFor(tx, proposals.flatMap(changesOf)),
  ]);
  const asked = proposals.filter(({ id }) => times.has(id));
  const changes = asked.flatMap(changesOf);
  const judged = await actOnLockedIn(tx, locked, changes);
  const refused = new Map<string, Outcome<never>>();
  const inDemand = new Set<string>();
  for (const [i, outcome] of judged.entries()) {
    const id = changes[i]?.groupId ?? "";
    if (!outcome.ok) refused.set(id, outcome);
    else if (isInDemand(outcome.value)) inDemand.add(id);
  }
  await removeProposed(tx, [...refused.keys()]);
  const made = asked.filter(({ id }) => !refused.has(id));
  const shortened = await shortenedOf(tx, made, inDemand, windows);
  const waiting = made.flatMap(backordersOf);
  await insertBackorders(tx, waiting);
  await insertNotes(tx, waiting.map(noteOf));

  const others = await othersOf(tx, proposals, times);
  const outcomes = proposals.map((proposal): Reserved["outcomes"][number] => {
    const refusal = refused.get(proposal.id);
    if (refusal) return refusal;
    const written = times.get(proposal.id);
    if (written === undefined) return others(proposal);
    const expiresAt = shortened.get(proposal.id) ?? written.expiresAt;
    return madeOf(proposal, { ...written, expiresAt }, waiting);
  });
  return { outcomes, levels: rowsLeft(judged) };
}

/**
 * Where there seems to be plenty of all that they want and nothing waits for more: a transaction of its own, sent in
 * one piece and waited for once.
 * @param truth pipelined
 * @param onError told of what went wrong after the commit
 * @returns null where there is not plenty of it, nothing having happened
 */
export async function reservePlenty(
  truth: Pick<Truth, "transaction" | "query">,
  proposals: readonly Proposed[],
  windows: Windows,
  onError: (error: unknown) => void,
): Promise<Reserved | null> {
  let sent: [Times, void, MirroredLevel[]];
  try {
    const { answers } = await truth.transaction((tx) => {
      const answers = Promise.all([
        insertProposed(tx, proposals, windows.windowSeconds),
        lockLevelsThere(tx, levelsOf(proposals)),
        takePlenty(tx, proposals),
      ]);
      // The transaction throws what goes wrong with it.
      answers.catch(() => {});
      // Wrapped: what is waited for here the commit would wait for too.
      return Promise.resolve({ answers });
    });
    sent = await answers;
  } catch (error) {
    if (isNotPlenty(error)) return null;
    throw error;
  }
  const [times, , levels] = sent;
  // The rest is committed, whether or not PostgreSQL is still there to ask: these are told to ask again.
  const others = await othersOf(truth, proposals, times).catch((error: unknown) => {
    onError(error);
    return () => refuse("BUSY");
  });
  const outcomes = proposals.map((proposal) => {
    const written = times.get(proposal.id);
    return written === undefined ? others(proposal) : madeOf(proposal, written, []);
  });
  return { outcomes, levels };
}

type Times = Awaited<ReturnType<typeof insertProposed>>;

function madeOf(
  proposal: Proposed,
  times: { createdAt: Date; expiresAt: Date },
  waiting: readonly Waiting[],
): Reserved["outcomes"][number] {
  return { ok: true, value: { reservation: rowOf(proposal, times, waiting), made: true } };
}

/** What orders are told whose ids others had. */
async function othersOf(
  tx: Statements,
  proposals: readonly Proposed[],
  times: Times,
): Promise<(proposal: Proposed) => Reserved["outcomes"][number]> {
  const taken = proposals.filter(({ id }) => !times.has(id)).map(({ orderId }) => orderId);
  const known = await readByOrder(tx, taken);
  const sold = await readOrders(tx, taken);
  return ({ orderId, request }) => {
    if (sold.has(orderId)) return refuse("ORDER_EXISTS");
    const other = known.get(orderId);
    return other === undefined ? refuse("BUSY") : sameOrder(other, request);
  };
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

/** Each once. */
function levelsOf(proposals: readonly Proposed[]): LevelKey[] {
  const levels = new Map<string, LevelKey>();
  for (const { lines } of proposals) for (const line of lines) levels.set(nameOf(line), line);
  return [...levels.values()];
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

/** Shortens the windows of those in demand. @returns when they are over now */
async function shortenedOf(
  tx: Statements,
  made: readonly Proposed[],
  inDemand: ReadonlySet<string>,
  { windowSeconds, demandWindowSeconds }: Windows,
): Promise<Map<string, Date>> {
  if (demandWindowSeconds >= windowSeconds) return new Map();
  const ids = made.map(({ id }) => id).filter((id) => inDemand.has(id));
  return shortenWindows(tx, ids, demandWindowSeconds);
}

interface Waiting extends NewBackorder {
  actor: string;
}

function backordersOf({ id, backorders, actor }: Proposed): Waiting[] {
  return backorders.map((backorder) => ({ id: newBackorderId(), reservationId: id, actor, ...backorder }));
}

function noteOf({ reservationId, sku, quantity, actor }: Waiting): Note {
  return {
    type: "reservation.backordered",
    sku,
    locationId: null,
    reference: { type: REFERENCE, id: reservationId },
    actor,
    data: { quantity },
  };
}

/** The row as it was written. */
function rowOf(
  { id, orderId, request, plan, lines }: Proposed,
  { createdAt, expiresAt }: { createdAt: Date; expiresAt: Date },
  waiting: readonly Waiting[],
): ReservationRow {
  return {
    id,
    orderId,
    holdId: null,
    saleId: null,
    state: "active",
    rev: 1,
    request,
    plan,
    createdAt,
    expiresAt,
    extended: false,
    confirmedAt: null,
    endedAt: null,
    endReason: null,
    replaces: null,
    lines: lines.map(({ sku, locationId, quantity }, i) => ({
      line: i + 1,
      sku,
      locationId,
      quantity,
      picked: 0,
      packed: 0,
      shipped: 0,
      released: 0,
    })),
    backorders: waiting
      .filter(({ reservationId }) => reservationId === id)
      .map(({ id, sku, quantity }) => ({ id, sku, quantity, filled: 0, state: "open" })),
  };
}
