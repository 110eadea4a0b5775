// Acts on holds, many at once: one transaction locks the rows, decides each ask by itself (decide.ts),
// writes what was decided and commits. One refused ask never fails the others. Redis follows afterwards
// (../applying): a death in between strands nothing. Levels come last: they are locked after everything else.

import { placeOfHold } from "@dropgate/contracts/ids";
import { refuse } from "@dropgate/contracts/refusals";
import type { Statements, Truth } from "@dropgate/sql";
import { type HoldRow, readReplacement } from "@dropgate/sql/holds/hold-row";
import { lockHolds, readJudge } from "@dropgate/sql/holds/lock-holds";
import { cancelOrders, insertOrders, type NewOrder, readOrders } from "@dropgate/sql/holds/orders";
import { replaceHold } from "@dropgate/sql/holds/replace-hold";
import { type HoldMove, writeMoves } from "@dropgate/sql/holds/write-moves";
import {
  insertSaleOrders,
  lockSaleOrders,
  type NewSaleOrder,
  readSaleOrders,
  removeSaleOrders,
} from "@dropgate/sql/reservations/sale-orders";
import { newHoldId } from "../ids.ts";
import { type CancelledHold, cancelSaleOrdersIn, carryOutIn, newOrderOf, pickedOf } from "../sales/orders.ts";
import { type Ask, afterMove, type Decision, decide, type HoldOutcome } from "./decide.ts";

/** One ask about one hold. */
export interface HoldAsk extends Ask {
  holdId: string;
  shipTo?: unknown;
}

type Locked = Awaited<ReturnType<typeof lockHolds>>[number];

/**
 * Runs asks in a transaction of its own.
 * @returns one outcome for each ask, in order: the hold after it, or the refusal
 * @throws when PostgreSQL is away: nothing is known of what was asked
 */
export function actOnHolds(truth: Truth, asks: readonly HoldAsk[]): Promise<HoldOutcome[]> {
  return truth.transaction((tx) => actOnHoldsIn(tx, asks));
}

/** The same within a transaction that the caller commits (an Idempotency-Key's answer goes with it). */
export async function actOnHoldsIn(tx: Statements, asks: readonly HoldAsk[]): Promise<HoldOutcome[]> {
  const locked = new Map(
    (
      await lockHolds(
        tx,
        asks.map((ask) => ask.holdId),
      )
    ).map((hold) => [hold.holdId, hold]),
  );
  // An order is picked under its lock, so none is picked between our look and our commit.
  const standing = await lockSaleOrders(
    tx,
    asks.flatMap(({ act, holdId }) =>
      act === "cancel" && locked.get(holdId)?.locationId != null ? [holdId] : [],
    ),
  );
  const orderIds = asks.flatMap((ask) => (ask.orderId === undefined ? [] : [ask.orderId]));
  const orderOf = await readOrders(tx, orderIds);
  const judge = await readJudge(tx);

  const outcomes: HoldOutcome[] = [];
  // A second move of one hold in the same group is written after its first, whose revision it builds on.
  const waves: Map<string, HoldMove>[] = [];
  const orders: NewOrder[] = [];
  const saleOrders: NewSaleOrder[] = [];
  const cancelled: CancelledHold[] = [];
  for (const ask of asks) {
    const hold = locked.get(ask.holdId);
    if (!hold) {
      outcomes.push(refuse("HOLD_NOT_FOUND"));
      continue;
    }
    const decision: Decision = decide(
      hold,
      {
        ...ask,
        picked: pickedOf(standing.get(ask.holdId)),
        ...(ask.orderId !== undefined && { orderOf: orderOf.get(ask.orderId) }),
      },
      judge,
    );
    const move = decision.move ?? null;
    if (move !== null) {
      const wave = waves.find((moves) => !moves.has(ask.holdId));
      if (wave) wave.set(ask.holdId, move);
      else waves.push(new Map([[ask.holdId, move]]));
      locked.set(ask.holdId, afterMove(move));
      if (move.orderId !== null) {
        orders.push({ orderId: move.orderId, saleId: hold.saleId, holdId: hold.holdId, shipTo: ask.shipTo });
        orderOf.set(move.orderId, hold.holdId);
        const saleOrder = newOrderOf(hold, move.orderId, ask.shipTo);
        if (saleOrder !== null) saleOrders.push(saleOrder);
      }
      if (move.to === "cancelled") {
        cancelled.push({ hold, actor: ask.actor, reason: ask.reason ?? null });
      }
    }
    outcomes.push(decision.ok ? { ok: true, value: locked.get(ask.holdId) ?? hold } : decision);
  }

  const refuseOrder = (order: NewOrder): void => {
    for (const moves of waves)
      if (moves.get(order.holdId)?.orderId === order.orderId) moves.delete(order.holdId);
    asks.forEach((ask, i) => {
      if (ask.holdId === order.holdId && ask.orderId === order.orderId) outcomes[i] = refuse("ORDER_EXISTS");
    });
  };
  for (const order of await insertAll(tx, orders, saleOrders)) refuseOrder(order);
  for (const moves of waves) await writeMoves(tx, [...moves.values()]);
  if (cancelled.length > 0) {
    await cancelOrders(
      tx,
      cancelled.map(({ hold }) => hold.holdId),
    );
  }
  const effects = await cancelSaleOrdersIn(tx, cancelled);

  for (const [i, ask] of asks.entries()) {
    const outcome = outcomes[i];
    const hold = locked.get(ask.holdId);
    if (ask.act !== "confirm" || !hold || !outcome || outcome.ok || outcome.refusal !== "HOLD_EXPIRED")
      continue;
    outcomes[i] = await confirmLate(tx, hold, ask, orderOf.get(ask.orderId ?? ""));
  }
  await carryOutIn(tx, effects);
  return withOrders(tx, asks, outcomes);
}

/**
 * The reservations first: an ordinary checkout may have the order id, and then no hold gets it.
 * @returns the orders whose id somebody else has
 */
async function insertAll(
  tx: Statements,
  orders: readonly NewOrder[],
  saleOrders: readonly NewSaleOrder[],
): Promise<NewOrder[]> {
  const reserved = await insertSaleOrders(tx, saleOrders);
  const lost = new Set(
    saleOrders.filter(({ orderId }) => !reserved.has(orderId)).map(({ orderId }) => orderId),
  );
  const taken = await insertOrders(
    tx,
    orders.filter(({ orderId }) => !lost.has(orderId)),
  );
  const refused = orders.filter(({ orderId }) => !taken.has(orderId));
  // Another group inserted the same order id between our look and our insert.
  await removeSaleOrders(
    tx,
    refused.filter(({ orderId }) => reserved.has(orderId)).map(({ holdId }) => holdId),
  );
  return refused;
}

/** What was confirmed is answered with its order. */
async function withOrders(
  tx: Statements,
  asks: readonly HoldAsk[],
  outcomes: readonly HoldOutcome[],
): Promise<HoldOutcome[]> {
  const confirmed = outcomes.flatMap((outcome, i) =>
    outcome.ok && asks[i]?.act === "confirm" && outcome.value.locationId !== null
      ? [outcome.value.holdId]
      : [],
  );
  const orders = await readSaleOrders(tx, confirmed);
  return outcomes.map((outcome) => {
    const order = outcome.ok ? orders.get(outcome.value.holdId) : undefined;
    return outcome.ok && order !== undefined ? { ok: true, value: { ...outcome.value, order } } : outcome;
  });
}

/** A payment that was on its way when the window ended: the very unit, if nobody has it yet. */
async function confirmLate(
  tx: Statements,
  hold: Locked,
  ask: HoldAsk,
  orderOf: string | undefined,
): Promise<HoldOutcome> {
  const place = placeOfHold(hold.holdId);
  const expired = refuse("HOLD_EXPIRED");
  if (hold.claimedAt === null || ask.orderId === undefined || place === null) return expired;
  const before = await readReplacement(tx, hold.holdId);
  if (before !== null) {
    return before.orderId === ask.orderId
      ? { ok: true, value: asLocked(before, hold) }
      : refuse("WRONG_STATE");
  }
  if (orderOf !== undefined) return refuse("ORDER_EXISTS");
  const holdId = newHoldId(place.tag, place.lane);
  await tx.query("SAVEPOINT late");
  const order = { orderId: ask.orderId, saleId: hold.saleId, holdId, shipTo: ask.shipTo };
  const saleOrder = newOrderOf({ ...hold, holdId }, ask.orderId, ask.shipTo);
  const isFree = (await insertAll(tx, [order], saleOrder === null ? [] : [saleOrder])).length === 0;
  if (isFree && (await replaceHold(tx, hold, holdId, ask.orderId))) {
    const made = await readReplacement(tx, hold.holdId);
    if (made === null) throw new Error(`hold ${holdId} was made in place of ${hold.holdId} but is not there`);
    return { ok: true, value: asLocked(made, hold) };
  }
  await tx.query("ROLLBACK TO SAVEPOINT late");
  return isFree ? expired : refuse("ORDER_EXISTS");
}

function asLocked(row: HoldRow, of: Locked): Locked {
  return {
    ...row,
    purchaseWindowSeconds: of.purchaseWindowSeconds,
    paymentExtensionSeconds: of.paymentExtensionSeconds,
    locationId: of.locationId,
  };
}
