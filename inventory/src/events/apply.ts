// Applies what warehouses told us, hundreds of events in one transaction: what they are judged by is locked, the events
// are folded over it one after another (fold.ts), and all that comes of it is written. If it dies here nothing of it is;
// twice, an event that was applied is no longer due; late, its own time says when it happened.
import { LEVEL_CHANGES_MAX } from "@dropgate/contracts/limits";
import {
  WMS_APPLY_MAX,
  WMS_GAP_ALERT_MS,
  WMS_WAIT_ALERT_MS,
  WMS_WAIT_MS_MAX,
  WMS_WAIT_MS_MIN,
} from "@dropgate/contracts/warehouse-limits";
import type { WmsEvent } from "@dropgate/contracts/wms";
import type { Statements, Truth } from "@dropgate/sql";
import { type NewAlert, raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import type { LevelKey } from "@dropgate/sql/levels/level-row";
import { lockLevels, removeUnwritten } from "@dropgate/sql/levels/lock-levels";
import { insertNotes } from "@dropgate/sql/levels/transactions";
import { insertBackorders } from "@dropgate/sql/reservations/insert-reservations";
import { lockReservations, readByOrder } from "@dropgate/sql/reservations/reservation-row";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import {
  type DueEvent,
  readDueEvents,
  readNextSequences,
  takeTurn,
  type WaitingEvent,
  wakeWaiting,
  writeApplied,
  writeNextSequences,
  writeWaiting,
} from "@dropgate/sql/wms/inbox";
import {
  readBoundOrders,
  readCounts,
  readKnown,
  readMovedAfter,
  readPurchases,
  readTransferItems,
} from "@dropgate/sql/wms/read-world";
import {
  writeCounts,
  writeLineDeltas,
  writePurchaseDeltas,
  writeQuestions,
  writeTransferDeltas,
} from "@dropgate/sql/wms/write-effects";
import { newAdjustmentId, newAlertId, newBackorderId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import { nameOf } from "../levels/judge.ts";
import type { Effects } from "./effects.ts";
import { foldEvents } from "./fold.ts";
import { inOrder } from "./in-order.ts";
import { type KnownCount, type KnownTransfer, momentName, purchaseName, type World } from "./world.ts";

export interface AppliedEvents {
  applied: number;
  waiting: number;
  /** Whether there may be more to do at once. */
  more: boolean;
}

/** Orders that one alert names. */
const ORDERS_NAMED_MAX = 50;
const NOTHING: AppliedEvents = { applied: 0, waiting: 0, more: false };

/** @returns what was done; nothing while another worker has the turn */
export function applyEvents(truth: Truth): Promise<AppliedEvents> {
  return truth.transaction(async (tx) => {
    if (!(await takeTurn(tx))) return NOTHING;
    const due = await readDueEvents(tx, WMS_APPLY_MAX);
    if (due.length === 0) return NOTHING;
    const next = await readNextSequences(tx, [...new Set(due.map(({ locationId }) => locationId))]);
    const { ready, early } = inOrder(due, next);
    const events = fitting(ready.map(({ body }) => body as WmsEvent)); // as the door read it
    const { world, born } = await readWorld(tx, events);
    const folded = foldEvents(world, events);
    await write(tx, folded.effects);
    // Of levels that were made to be looked at, those that nothing was written to go again.
    await removeUnwritten(tx, born);
    const now = await readClock(tx);
    const reasons = new Map(folded.waiting.map(({ eventId, reason }) => [eventId, reason]));
    const applied = new Set(folded.applied);
    const { waiting, alerts } = waitingOf(
      due,
      applied,
      reasons,
      new Set(early.map(({ eventId }) => eventId)),
      now,
    );
    await writeApplied(tx, folded.applied);
    await writeWaiting(tx, waiting);
    await writeNextSequences(tx, nextAfter(ready, next));
    await raise(tx, [...(await withOrders(tx, folded.effects.alerts)), ...alerts]);
    if (applied.size > 0) {
      await wakeWaiting(tx, [...new Set(events.map(({ locationId }) => locationId))], WMS_APPLY_MAX);
    }
    return {
      applied: applied.size,
      waiting: waiting.length,
      more: applied.size > 0 || due.length >= WMS_APPLY_MAX,
    };
  });
}

/** As many as one change of levels takes: an event changes two levels of an item at most, each perhaps twice. */
function fitting(events: readonly WmsEvent[]): WmsEvent[] {
  let size = 0;
  return events.filter((event, i) => {
    size += 4 * ("items" in event ? event.items.length : 1);
    return i === 0 || size <= LEVEL_CHANGES_MAX;
  });
}

/**
 * The numbers that follow these. One that came and cannot be applied yet holds nobody up: only what did not come is a
 * gap, or a location would stand still for one unknown SKU.
 */
function nextAfter(ready: readonly DueEvent[], before: ReadonlyMap<string, number>): Map<string, number> {
  const next = new Map<string, number>();
  for (const { locationId, sequence } of ready) {
    if (sequence === (next.get(locationId) ?? before.get(locationId) ?? 1))
      next.set(locationId, sequence + 1);
  }
  return next;
}

/** Why and for how long each of the rest waits, and what somebody should look at. */
function waitingOf(
  due: readonly DueEvent[],
  applied: ReadonlySet<string>,
  reasons: ReadonlyMap<string, string>,
  early: ReadonlySet<string>,
  now: Date,
): { waiting: WaitingEvent[]; alerts: Omit<NewAlert, "id">[] } {
  const waiting: WaitingEvent[] = [];
  const alerts: Omit<NewAlert, "id">[] = [];
  for (const { eventId, locationId, sequence, tries, receivedAt } of due) {
    if (applied.has(eventId)) continue;
    const isEarly = early.has(eventId);
    const reason =
      reasons.get(eventId) ??
      (isEarly ? `Number ${sequence} waits for those before it.` : "It is its turn soon.");
    waiting.push({
      eventId,
      reason,
      waitMs: Math.min(WMS_WAIT_MS_MAX, WMS_WAIT_MS_MIN * 2 ** Math.min(tries, 10)),
    });
    const ageMs = now.getTime() - receivedAt.getTime();
    if (isEarly && ageMs > WMS_GAP_ALERT_MS) {
      const detail = `${locationId} sent number ${sequence}, and one before it is missing.`;
      alerts.push({
        kind: "missing_sequence",
        subject: locationId,
        locationId,
        detail,
        data: { eventId, sequence },
      });
    } else if (!isEarly && ageMs > WMS_WAIT_ALERT_MS) {
      alerts.push({ kind: "event_waiting", subject: eventId, locationId, detail: reason, data: { eventId } });
    }
  }
  return { waiting, alerts };
}

/** Every level that these events may touch. */
function keysOf(events: readonly WmsEvent[]): LevelKey[] {
  const keys = new Map<string, LevelKey>();
  for (const event of events) {
    const places =
      "otherLocationId" in event ? [event.locationId, event.otherLocationId] : [event.locationId];
    const skus = "items" in event ? event.items.map(({ sku }) => sku) : [event.sku];
    for (const locationId of places) {
      for (const sku of skus) keys.set(nameOf({ sku, locationId }), { sku, locationId });
    }
  }
  return [...keys.values()];
}

async function readWorld(
  tx: Statements,
  events: readonly WmsEvent[],
): Promise<{ world: World; born: LevelKey[] }> {
  const orderIds = [...new Set(events.flatMap((event) => ("orderId" in event ? [event.orderId] : [])))];
  const byOrder = await readByOrder(tx, orderIds);
  const locked = await lockReservations(
    tx,
    [...byOrder.values()].map(({ id }) => id),
  );
  const keys = keysOf(events);
  const known = await readKnown(
    tx,
    [...new Set(keys.map(({ sku }) => sku))],
    [...new Set(keys.map(({ locationId }) => locationId))],
  );
  const transferIds = events.flatMap((event) => ("transferId" in event ? [event.transferId] : []));
  const transfers = new Map<string, KnownTransfer>();
  for (const row of await readTransferItems(tx, [...new Set(transferIds)])) {
    const { transferId, sku, shipped, received, ...facts } = row;
    const items = new Map(transfers.get(transferId)?.items);
    if (sku !== null) items.set(sku, { shipped, received });
    transfers.set(transferId, { transferId, ...facts, items });
  }
  const purchaseIds = events.flatMap((event) =>
    "purchaseOrderId" in event && event.purchaseOrderId !== undefined ? [event.purchaseOrderId] : [],
  );
  const purchases = await readPurchases(tx, [...new Set(purchaseIds)]);
  // Levels last, in the one order of locks.
  const possible = keys.filter(({ sku, locationId }) => known.skus.has(sku) && known.places.has(locationId));
  const { levels, born } = await lockLevels(tx, possible);
  const counts = new Map<string, KnownCount[]>();
  for (const { eventId, countedAt, ...key } of await readCounts(tx, possible)) {
    const name = nameOf(key);
    counts.set(name, [...(counts.get(name) ?? []), { eventId, atMs: countedAt.getTime() }]);
  }
  const world = {
    ...known,
    levels: new Map(levels.map((level) => [nameOf(level), level])),
    orders: new Map(
      [...locked.values()].map(({ id, orderId, state, lines }) => [
        orderId,
        { reservationId: id, orderId, state, lines },
      ]),
    ),
    transfers,
    purchases: new Map(
      purchases.map(({ purchaseOrderId, sku, ...facts }) => [purchaseName(purchaseOrderId, sku), facts]),
    ),
    counts,
    movedAfter: await readMoments(tx, events),
    moved: [],
  };
  return { world, born };
}

async function readMoments(tx: Statements, events: readonly WmsEvent[]): Promise<Map<string, number>> {
  const moments = events.flatMap((event) =>
    event.eventType === "CYCLE_COUNT_ADJUSTMENT"
      ? [{ sku: event.sku, locationId: event.locationId, at: new Date(event.timestamp) }]
      : [],
  );
  const sums = await readMovedAfter(tx, moments);
  return new Map(moments.map((moment, i) => [momentName(moment, moment.at.getTime()), sums[i] ?? 0]));
}

/** @throws when a level does not bear what the fold let through: they were locked, so it is a bug */
async function write(tx: Statements, effects: Effects): Promise<void> {
  await writeLineDeltas(tx, effects.lines);
  await insertBackorders(
    tx,
    effects.missing.map(({ reservationId, sku, quantity }) => ({
      id: newBackorderId(),
      reservationId,
      sku,
      quantity,
    })),
  );
  await writeTransferDeltas(tx, effects.transfers);
  await writePurchaseDeltas(tx, effects.purchases);
  await writeQuestions(
    tx,
    effects.questions.map((question) => ({ ...question, id: newAdjustmentId() })),
  );
  const outcomes = await actOnLevelsIn(tx, effects.changes);
  for (const [i, outcome] of outcomes.entries()) {
    if (!outcome.ok) {
      throw new Error(`event ${effects.changes[i]?.groupId}: ${outcome.refusal} ${outcome.detail}`);
    }
  }
  await writeCounts(tx, effects.counts);
  await insertNotes(tx, effects.notes);
}

/** Of stock that is promised and does not lie there: the orders at risk. */
async function withOrders(
  tx: Statements,
  alerts: readonly Omit<NewAlert, "id">[],
): Promise<Omit<NewAlert, "id">[]> {
  const keyOf = ({ kind, sku, locationId }: Omit<NewAlert, "id">): LevelKey | null =>
    kind === "promised_more_than_there" && sku !== undefined && locationId !== undefined
      ? { sku, locationId }
      : null;
  const keys = alerts.flatMap((alert) => keyOf(alert) ?? []);
  const bound = await readBoundOrders(tx, keys, ORDERS_NAMED_MAX);
  return alerts.map((alert) => {
    const key = keyOf(alert);
    if (key === null) return alert;
    const orders = bound
      .filter(({ sku, locationId }) => sku === key.sku && locationId === key.locationId)
      .map(({ orderId, reservationId, quantity }) => ({ orderId, reservationId, quantity }));
    return { ...alert, data: { ...alert.data, orders } };
  });
}

async function raise(tx: Statements, alerts: readonly Omit<NewAlert, "id">[]): Promise<void> {
  await raiseAlerts(
    tx,
    alerts.map((alert) => ({ ...alert, id: newAlertId() })),
  );
}
