// Acts on holds, many at once: one transaction locks the rows, decides each ask by itself (decide.ts),
// writes what was decided and commits. One refused ask never fails the others. Redis follows afterwards
// (../applying): a death in between strands nothing.

import { placeOfHold } from "@dropgate/contracts/ids";
import { refuse } from "@dropgate/contracts/refusals";
import type { Statements, Truth } from "@dropgate/sql";
import { type HoldRow, readReplacement } from "@dropgate/sql/holds/hold-row";
import { lockHolds, readJudge } from "@dropgate/sql/holds/lock-holds";
import { cancelOrders, insertOrders, type NewOrder, readOrders } from "@dropgate/sql/holds/orders";
import { replaceHold } from "@dropgate/sql/holds/replace-hold";
import { type HoldMove, writeMoves } from "@dropgate/sql/holds/write-moves";
import { newHoldId } from "../ids.ts";
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
  const orderIds = asks.flatMap((ask) => (ask.orderId === undefined ? [] : [ask.orderId]));
  const orderOf = orderIds.length === 0 ? new Map<string, string>() : await readOrders(tx, orderIds);
  const judge = await readJudge(tx);

  const outcomes: HoldOutcome[] = [];
  // A second move of one hold in the same group is written after its first, whose revision it builds on.
  const waves: Map<string, HoldMove>[] = [];
  const orders: NewOrder[] = [];
  for (const ask of asks) {
    const hold = locked.get(ask.holdId);
    if (!hold) {
      outcomes.push(refuse("HOLD_NOT_FOUND"));
      continue;
    }
    const decision: Decision = decide(
      hold,
      ask.orderId === undefined ? ask : { ...ask, orderOf: orderOf.get(ask.orderId) },
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
      }
    }
    outcomes.push(decision.ok ? { ok: true, value: locked.get(ask.holdId) ?? hold } : decision);
  }

  const taken = await insertOrders(tx, orders);
  for (const order of orders) {
    if (taken.has(order.orderId)) continue;
    // Another group inserted the same order id between our look and our insert.
    for (const moves of waves)
      if (moves.get(order.holdId)?.orderId === order.orderId) moves.delete(order.holdId);
    asks.forEach((ask, i) => {
      if (ask.holdId === order.holdId && ask.orderId === order.orderId) outcomes[i] = refuse("ORDER_EXISTS");
    });
  }
  for (const moves of waves) await writeMoves(tx, [...moves.values()]);
  const cancelled = waves.flatMap((moves) => [...moves.values()]).filter((move) => move.to === "cancelled");
  if (cancelled.length > 0)
    await cancelOrders(
      tx,
      cancelled.map((move) => move.hold.holdId),
    );

  for (const [i, ask] of asks.entries()) {
    const outcome = outcomes[i];
    const hold = locked.get(ask.holdId);
    if (ask.act !== "confirm" || !hold || !outcome || outcome.ok || outcome.refusal !== "HOLD_EXPIRED")
      continue;
    outcomes[i] = await confirmLate(tx, hold, ask, orderOf.get(ask.orderId ?? ""));
  }
  return outcomes;
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
  const orderTaken = await insertOrders(tx, [
    { orderId: ask.orderId, saleId: hold.saleId, holdId, shipTo: ask.shipTo },
  ]);
  if (orderTaken.size === 1 && (await replaceHold(tx, hold, holdId, ask.orderId))) {
    const made = await readReplacement(tx, hold.holdId);
    if (made === null) throw new Error(`hold ${holdId} was made in place of ${hold.holdId} but is not there`);
    return { ok: true, value: asLocked(made, hold) };
  }
  await tx.query("ROLLBACK TO SAVEPOINT late");
  return orderTaken.size === 1 ? expired : refuse("ORDER_EXISTS");
}

function asLocked(row: HoldRow, of: Locked): Locked {
  return {
    ...row,
    purchaseWindowSeconds: of.purchaseWindowSeconds,
    paymentExtensionSeconds: of.paymentExtensionSeconds,
  };
}
