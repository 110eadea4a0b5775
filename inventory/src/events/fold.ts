// Applies events one after another to a world: each whole or not at all. What cannot be applied yet waits with its
// reason and fails no other. Pure: the world is changed, and what is to be written comes back.
import type { WmsEvent } from "@dropgate/contracts/wms";
import type { NewAlert } from "@dropgate/sql/alerts/raise-alerts";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { availableOf, type LevelChange, nameOf, refusalOf } from "../levels/judge.ts";
import { type Effects, noEffects } from "./effects.ts";
import { judgeEvent } from "./handlers.ts";
import { countAfter, levelOf, moved, purchaseName, type World } from "./world.ts";

export interface Waits {
  eventId: string;
  reason: string;
}

export interface Folded {
  applied: string[];
  waiting: Waits[];
  effects: Effects;
}

export function foldEvents(world: World, events: readonly WmsEvent[]): Folded {
  const folded: Folded = { applied: [], waiting: [], effects: noEffects() };
  for (const event of events) {
    const verdict = judgeEvent(event, world);
    if (!verdict.ok) {
      folded.waiting.push({ eventId: event.eventId, reason: verdict.reason });
      if (verdict.alert) folded.effects.alerts.push(verdict.alert);
      continue;
    }
    const effects = { ...verdict.effects, changes: compensated(world, verdict.effects.changes) };
    const reason =
      unknown(world, [...effects.changes, ...effects.counts, ...effects.questions]) ??
      impossible(world, effects.changes);
    if (reason !== null) {
      folded.waiting.push({ eventId: event.eventId, reason });
      continue;
    }
    effects.alerts = [...effects.alerts, ...alertsOf(world, effects.changes)];
    commit(world, effects);
    for (const name of Object.keys(folded.effects) as (keyof Effects)[]) {
      (folded.effects[name] as unknown[]).push(...effects[name]); // of the same name, so of the same kind
    }
    folded.applied.push(event.eventId);
  }
  return folded;
}

/**
 * What happened before a count that was applied already was in what the count found: its change of what is on hand is
 * taken back at the count's moment, so that events give the same levels in whatever order they are told.
 */
function compensated(world: World, changes: readonly LevelChange[]): LevelChange[] {
  return changes.flatMap((change) => {
    const { onHand = 0 } = change.deltas;
    const atMs = change.effectiveAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const count = onHand === 0 ? undefined : countAfter(world, change, atMs);
    if (count === undefined) return [change];
    const back: LevelChange = {
      ...change,
      deltas: { onHand: -onHand },
      type: "event.counted",
      effectiveAt: new Date(count.atMs),
      data: { counted: count.eventId, late: change.groupId },
    };
    // What comes first: in between, too, no quantity may be below zero.
    return onHand < 0 ? [back, change] : [change, back];
  });
}

/** What is named that we do not know, in words; null: nothing. It waits until an operator adds it. */
function unknown(world: World, keys: readonly { sku: string; locationId: string }[]): string | null {
  for (const { sku, locationId } of keys) {
    if (!world.skus.has(sku)) return `No product ${sku} is known.`;
    if (!world.places.has(locationId)) return `No location ${locationId} is known.`;
  }
  return null;
}

/** Why the levels cannot become so, in words; null: they can. All of an event together: it is judged by its end. */
function impossible(world: World, changes: readonly LevelChange[]): string | null {
  for (const [, level, after] of ends(world, changes)) {
    const refusal = refusalOf(level, after, false);
    if (refusal !== null) return refusal.detail ?? refusal.refusal;
  }
  return null;
}

/** Each level that changes, before and after all of the changes. */
function ends(
  world: World,
  changes: readonly LevelChange[],
): [name: string, before: LevelRow, after: LevelRow][] {
  const after = new Map<string, [LevelRow, LevelRow]>();
  for (const change of changes) {
    const name = nameOf(change);
    const [before, now] = after.get(name) ?? [levelOf(world, change), levelOf(world, change)];
    after.set(name, [before, moved(now, change.deltas)]);
  }
  return [...after].map(([name, [before, now]]) => [name, before, now]);
}

/** What somebody should look at of levels that become so. */
function alertsOf(world: World, changes: readonly LevelChange[]): Omit<NewAlert, "id">[] {
  return ends(world, changes).flatMap(([, before, after]): Omit<NewAlert, "id">[] => {
    const [was, is] = [availableOf({ ...before, sellable: true }), availableOf({ ...after, sellable: true })];
    if (is >= 0 || is >= was) return [];
    const { sku, locationId } = after;
    const detail = `Of ${sku} at ${locationId} ${-is} more are promised than lie there.`;
    return [{ kind: "promised_more_than_there", subject: nameOf(after), sku, locationId, detail }];
  });
}

function commit(world: World, effects: Effects): void {
  for (const [name, , after] of ends(world, effects.changes)) world.levels.set(name, after);
  for (const change of effects.changes) {
    const { onHand = 0 } = change.deltas;
    const atMs = change.effectiveAt?.getTime() ?? 0;
    if (onHand !== 0) world.moved.push({ name: nameOf(change), atMs, onHand });
  }
  for (const move of effects.lines) {
    const order = world.orders.get(move.orderId);
    if (order === undefined) continue;
    const lines = order.lines.map((line) =>
      line.line === move.line
        ? {
            ...line,
            picked: line.picked + move.picked,
            packed: line.packed + move.packed,
            shipped: line.shipped + move.shipped,
            released: line.released + move.released,
          }
        : line,
    );
    world.orders.set(move.orderId, { ...order, lines });
  }
  for (const { transferId, fromLocationId, toLocationId, sku, shipped, received } of effects.transfers) {
    const known = world.transfers.get(transferId);
    const there = known?.items.get(sku) ?? { shipped: 0, received: 0 };
    const items = new Map(known?.items);
    items.set(sku, { shipped: there.shipped + shipped, received: there.received + received });
    const isClosed = known?.isClosed ?? false;
    world.transfers.set(transferId, { transferId, fromLocationId, toLocationId, isClosed, items });
  }
  for (const { purchaseOrderId, sku, received } of effects.purchases) {
    const name = purchaseName(purchaseOrderId, sku);
    const known = world.purchases.get(name);
    if (known) world.purchases.set(name, { ...known, received: known.received + received });
  }
  for (const counted of effects.counts) {
    const name = nameOf(counted);
    const count = { eventId: counted.eventId, atMs: counted.countedAt.getTime() };
    const all = [...(world.counts.get(name) ?? []), count];
    world.counts.set(
      name,
      all.toSorted((a, b) => a.atMs - b.atMs),
    );
  }
}
