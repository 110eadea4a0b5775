// What events are judged by: levels, orders, transfers, purchase orders and counts as they were locked, and as the events
// before leave them. A fold over it is pure; what it makes is written afterwards, all at once.
import { QUANTITIES, type Quantities } from "@dropgate/contracts/inventory";
import type { LevelKey, LevelRow } from "@dropgate/sql/levels/level-row";
import type { ReservationLine, ReservationState } from "@dropgate/sql/reservations/reservation-row";
import { nameOf } from "../levels/judge.ts";

export interface KnownOrder {
  reservationId: string;
  orderId: string;
  state: ReservationState;
  lines: readonly ReservationLine[];
}

export interface KnownTransfer {
  transferId: string;
  fromLocationId: string;
  toLocationId: string;
  isClosed: boolean;
  /** By SKU. */
  items: ReadonlyMap<string, { shipped: number; received: number }>;
}

export interface KnownPurchase {
  locationId: string;
  expected: number;
  received: number;
}

export interface KnownCount {
  eventId: string;
  atMs: number;
}

export interface World {
  skus: ReadonlySet<string>;
  places: ReadonlySet<string>;
  levels: Map<string, LevelRow>;
  /** By order id. */
  orders: Map<string, KnownOrder>;
  transfers: Map<string, KnownTransfer>;
  /** By `purchaseName`. */
  purchases: Map<string, KnownPurchase>;
  /** Applied counts of each level, by time. */
  counts: Map<string, readonly KnownCount[]>;
  /** What the ledger moved on hand of a level after a moment, by `momentName`. */
  movedAfter: ReadonlyMap<string, number>;
  /** What this fold has moved on hand so far. */
  moved: { name: string; atMs: number; onHand: number }[];
}

const UNBORN: Omit<LevelRow, "sku" | "locationId"> = {
  onHand: 0,
  allocated: 0,
  reserved: 0,
  damaged: 0,
  inTransitIn: 0,
  inTransitOut: 0,
  reorderPoint: 0,
  safetyStock: 0,
  maxStock: null,
  sellable: true,
  receivingBlocked: false,
  lastCountedAt: null,
  lastUpdatedAt: new Date(0),
  lastOrderedAt: null,
  rev: 0,
};

/** The level as it is, or as it would be born. */
export function levelOf(world: Pick<World, "levels">, key: LevelKey): LevelRow {
  const { sku, locationId } = key;
  return world.levels.get(nameOf(key)) ?? { sku, locationId, ...UNBORN };
}

export function moved(level: LevelRow, deltas: Partial<Quantities>): LevelRow {
  const quantities = Object.fromEntries(QUANTITIES.map((name) => [name, level[name] + (deltas[name] ?? 0)]));
  return { ...level, ...(quantities as Quantities) }; // every quantity was named
}

export function purchaseName(purchaseOrderId: string, sku: string): string {
  return JSON.stringify([purchaseOrderId, sku]);
}

export function momentName(key: LevelKey, atMs: number): string {
  return JSON.stringify([key.sku, key.locationId, atMs]);
}

/** What was on hand at a moment, by everything that we know happened until then. */
export function onHandAt(world: World, key: LevelKey, atMs: number): number {
  const name = nameOf(key);
  const here = world.moved.filter((move) => move.name === name && move.atMs > atMs);
  const sinceThen =
    (world.movedAfter.get(momentName(key, atMs)) ?? 0) + sumOf(here.map(({ onHand }) => onHand));
  return levelBefore(world, key) - sinceThen;
}

function levelBefore(world: World, key: LevelKey): number {
  return levelOf(world, key).onHand;
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** The first count of a level at or after a moment: what it found had that moment behind it already. */
export function countAfter(
  world: Pick<World, "counts">,
  key: LevelKey,
  atMs: number,
): KnownCount | undefined {
  return world.counts.get(nameOf(key))?.find((count) => count.atMs >= atMs);
}
