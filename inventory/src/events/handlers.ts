// What each type of event does: pure, by the world as the events before it leave it. Quantities are deltas, so late and
// out of order is normal; what cannot be yet (goods picked before they came, an order that we do not know) waits.
import type { WmsEvent, WmsEventOf, WmsEventType } from "@dropgate/contracts/wms";
import type { LevelKey } from "@dropgate/sql/levels/level-row";
import { needsApproval } from "../adjustments/adjust.ts";
import type { LevelChange } from "../levels/judge.ts";
import { openOf } from "../reservations/decide.ts";
import { type Effects, noEffects, type Verdict } from "./effects.ts";
import { type KnownOrder, levelOf, onHandAt, purchaseName, type World } from "./world.ts";

type Handler<Type extends WmsEventType> = (event: WmsEventOf<Type>, world: World) => Verdict;

/** What the ledger says of a change that an event makes. */
function changeOf(
  event: WmsEvent,
  key: LevelKey,
  type: LevelChange["type"],
  deltas: LevelChange["deltas"],
  data: Record<string, unknown> = {},
): LevelChange {
  return {
    ...key,
    deltas,
    type,
    reference: { type: "event", id: event.eventId },
    actor: `warehouse:${event.locationId}`,
    effectiveAt: new Date(event.timestamp),
    data,
    groupId: event.eventId,
  };
}

const receive: Handler<"RECEIVING_COMPLETE"> = (event, world) => {
  const { locationId, purchaseOrderId, items } = event;
  const blocked = items.find(({ sku }) => levelOf(world, { sku, locationId }).receivingBlocked);
  if (blocked) {
    const detail = `${blocked.sku} came to ${locationId}, where receiving is blocked.`;
    const alert = {
      kind: "receiving_blocked" as const,
      subject: event.eventId,
      sku: blocked.sku,
      locationId,
      detail,
    };
    return { ok: false, reason: `Receiving of ${blocked.sku} is blocked.`, alert };
  }
  const effects = noEffects();
  for (const { sku, quantity } of items) {
    const purchase = purchaseOrderId && world.purchases.get(purchaseName(purchaseOrderId, sku));
    const known = purchase && purchase.locationId === locationId ? purchase : null;
    const awaited = known ? Math.max(0, known.expected - known.received) : 0;
    const arrives = Math.min(quantity, awaited);
    const deltas = { onHand: quantity, ...(arrives > 0 && { inTransitIn: -arrives }) };
    const data = purchaseOrderId === undefined ? {} : { purchaseOrderId };
    effects.changes.push(changeOf(event, { sku, locationId }, "event.received", deltas, data));
    if (!known || purchaseOrderId === undefined) continue;
    effects.purchases.push({ purchaseOrderId, sku, received: quantity });
    if (quantity <= awaited) continue;
    effects.alerts.push({
      kind: "over_receipt",
      subject: `${purchaseOrderId} ${sku}`,
      sku,
      locationId,
      detail: `Of ${sku} ${quantity - awaited} more came to ${locationId} than purchase order ${purchaseOrderId} has.`,
    });
  }
  return { ok: true, effects };
};

/** An order's lines of a SKU at a place, the first first. */
function linesAt(order: KnownOrder, { sku, locationId }: LevelKey): KnownOrder["lines"] {
  return order.lines.filter((line) => line.sku === sku && line.locationId === locationId);
}

/** An order as far as a warehouse may speak of it: allocated, or cancelled while it was picked. */
function orderOf(orderId: string, world: World): KnownOrder | string {
  const order = world.orders.get(orderId);
  if (order === undefined) return `No order ${orderId} is known.`;
  if (order.state === "allocated" || order.state === "cancelled") return order;
  return `Order ${orderId} is ${order.state}: nothing was asked to be picked yet.`;
}

const pick: Handler<"PICK_COMPLETE"> = (event, world) => {
  const { orderId, locationId } = event;
  const order = orderOf(orderId, world);
  if (typeof order === "string") return { ok: false, reason: order };
  const effects = noEffects();
  for (const [sku, quantity] of bySku(event.items))
    pickOne(effects, event, order, { sku, locationId }, quantity);
  return { ok: true, effects };
};

/** A picked piece leaves the shelf whatever we thought; what was asked for and not found is looked for elsewhere. */
function pickOne(
  effects: Effects,
  event: WmsEventOf<"PICK_COMPLETE">,
  order: KnownOrder,
  key: LevelKey,
  quantity: number,
): void {
  const { reservationId, orderId } = order;
  const { sku, locationId } = key;
  let left = quantity;
  let released = 0;
  let allocated = 0;
  for (const line of linesAt(order, key)) {
    const open = openOf(line);
    const picked = Math.min(open, left);
    left -= picked;
    released += open - picked;
    allocated += open;
    if (open > 0) {
      const move = {
        reservationId,
        orderId,
        line: line.line,
        picked,
        packed: 0,
        shipped: 0,
        released: open - picked,
      };
      effects.lines.push(move);
    }
  }
  const deltas = {
    ...(quantity > 0 && { onHand: -quantity }),
    ...(allocated > 0 && { allocated: -allocated }),
  };
  if (quantity > 0 || allocated > 0) {
    const data = { orderId, released, eventId: event.eventId };
    const change = changeOf(event, key, "event.picked", deltas, data);
    // Of the order, so that it is in its story.
    effects.changes.push({ ...change, reference: { type: "reservation", id: reservationId } });
  }
  if (released > 0) {
    effects.missing.push({ reservationId, orderId, sku, quantity: released });
    effects.alerts.push({
      kind: "short_pick",
      subject: `${orderId} ${sku} ${locationId}`,
      sku,
      locationId,
      detail: `Of ${sku} for order ${orderId} ${released} were not found at ${locationId}.`,
      data: { orderId, reservationId, quantity: released },
    });
  }
  if (left > 0) {
    effects.alerts.push({
      kind: "impossible_level",
      subject: event.eventId,
      sku,
      locationId,
      detail: `Of ${sku} ${left} more were picked for order ${orderId} at ${locationId} than it has there.`,
      data: { orderId, reservationId, quantity: left },
    });
  }
}

/** Packed and shipped are told, and change no stock; they may come before the pick. */
function progress(
  event: WmsEventOf<"PACK_COMPLETE"> | WmsEventOf<"SHIP_COMPLETE">,
  world: World,
  what: "packed" | "shipped",
): Verdict {
  const { orderId, locationId, tracking } = event;
  const order = orderOf(orderId, world);
  if (typeof order === "string") return { ok: false, reason: order };
  const effects = noEffects();
  for (const [sku, quantity] of bySku(event.items)) {
    let left = quantity;
    for (const line of linesAt(order, { sku, locationId })) {
      const done = Math.min(left, line.quantity - line[what]);
      left -= done;
      if (done === 0) continue;
      const none = { picked: 0, packed: 0, shipped: 0, released: 0 };
      effects.lines.push({
        reservationId: order.reservationId,
        orderId,
        line: line.line,
        ...none,
        [what]: done,
      });
    }
    effects.notes.push({
      type: `event.${what}`,
      sku,
      locationId,
      reference: { type: "reservation", id: order.reservationId },
      actor: `warehouse:${locationId}`,
      data: { quantity, eventId: event.eventId, ...(tracking !== undefined && { tracking }) },
      effectiveAt: new Date(event.timestamp),
    });
  }
  return { ok: true, effects };
}

/** Against what we had at the count's moment: not what we have now, and not what the warehouse thought. */
const count: Handler<"CYCLE_COUNT_ADJUSTMENT"> = (event, world) => {
  const { sku, locationId, actualCount, reason, eventId } = event;
  const key = { sku, locationId };
  const countedAt = new Date(event.timestamp);
  const expected = onHandAt(world, key, countedAt.getTime());
  const delta = actualCount - expected;
  const effects = noEffects();
  const found = { eventId, sku, locationId, countedAt, actual: actualCount };
  if (delta !== 0 && needsApproval(delta, expected)) {
    effects.questions.push({ ...found, delta, reason });
    effects.alerts.push({
      kind: "variance",
      subject: eventId,
      sku,
      locationId,
      detail: `${locationId} counted ${actualCount} of ${sku} where we had ${expected}: it waits for approval.`,
      data: { eventId, expected, actual: actualCount, delta },
    });
    return { ok: true, effects };
  }
  effects.counts.push(found);
  if (delta !== 0) {
    const data = { actual: actualCount, expected, reason };
    effects.changes.push(changeOf(event, key, "event.counted", { onHand: delta }, data));
  }
  return { ok: true, effects };
};

const damage: Handler<"DAMAGE_REPORT"> = (event) => {
  const effects = noEffects();
  for (const [sku, quantity] of bySku(event.items)) {
    const key = { sku, locationId: event.locationId };
    const deltas = { onHand: -quantity, damaged: quantity };
    effects.changes.push(changeOf(event, key, "event.damaged", deltas, { reason: event.reason }));
  }
  return { ok: true, effects };
};

/** Either end may be told first: on the way is what was shipped and has not come. */
function transfer(
  event: WmsEventOf<"TRANSFER_SHIPPED"> | WmsEventOf<"TRANSFER_RECEIVED">,
  world: World,
): Verdict {
  const isShipped = event.eventType === "TRANSFER_SHIPPED";
  const { transferId, locationId, otherLocationId } = event;
  const [fromLocationId, toLocationId] = isShipped
    ? [locationId, otherLocationId]
    : [otherLocationId, locationId];
  if (fromLocationId === toLocationId)
    return { ok: false, reason: "A transfer leads from one location to another." };
  const known = world.transfers.get(transferId);
  if (known && (known.fromLocationId !== fromLocationId || known.toLocationId !== toLocationId)) {
    return {
      ok: false,
      reason: `Transfer ${transferId} goes from ${known.fromLocationId} to ${known.toLocationId}.`,
    };
  }
  const effects = noEffects();
  for (const [sku, quantity] of bySku(event.items)) {
    const { shipped, received } = known?.items.get(sku) ?? { shipped: 0, received: 0 };
    const move = { shipped: isShipped ? quantity : 0, received: isShipped ? 0 : quantity };
    const before = Math.max(0, shipped - received);
    const after = Math.max(0, shipped + move.shipped - received - move.received);
    // What a closed transfer still brings is only stock that came.
    const onTheWay = known?.isClosed ? 0 : after - before;
    const data = { transferId };
    const type = isShipped ? "transfer.shipped" : "transfer.received";
    const [from, to] = [
      { ...(isShipped && { onHand: -quantity }), ...(onTheWay !== 0 && { inTransitOut: onTheWay }) },
      { ...(!isShipped && { onHand: quantity }), ...(onTheWay !== 0 && { inTransitIn: onTheWay }) },
    ];
    if (Object.keys(from).length > 0) {
      effects.changes.push(changeOf(event, { sku, locationId: fromLocationId }, type, from, data));
    }
    if (Object.keys(to).length > 0) {
      effects.changes.push(changeOf(event, { sku, locationId: toLocationId }, type, to, data));
    }
    effects.transfers.push({ transferId, fromLocationId, toLocationId, sku, ...move });
  }
  return { ok: true, effects };
}

const HANDLERS: { [Type in WmsEventType]: Handler<Type> } = {
  RECEIVING_COMPLETE: receive,
  PICK_COMPLETE: pick,
  PACK_COMPLETE: (event, world) => progress(event, world, "packed"),
  SHIP_COMPLETE: (event, world) => progress(event, world, "shipped"),
  CYCLE_COUNT_ADJUSTMENT: count,
  DAMAGE_REPORT: damage,
  TRANSFER_SHIPPED: transfer,
  TRANSFER_RECEIVED: transfer,
};

/** What an event would do now. */
export function judgeEvent(event: WmsEvent, world: World): Verdict {
  const handler = HANDLERS[event.eventType] as Handler<WmsEventType>; // the handler of just this type
  return handler(event, world);
}

/** Of a SKU that is named twice all together, in the order in which they are named. */
function bySku(items: readonly { sku: string; quantity: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of items) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}
