// Gives orders what they wait for as soon as some place has it: the oldest first, from where the order would ship best.
// What a short pick left is looked for once, elsewhere; an order that may not wait gives up what is nowhere. State says
// what is to be done, so any worker does it, twice or late.
import { orderSchema } from "@dropgate/contracts/fulfilment";
import { BACKORDER_BATCH_MAX, CATALOGUE_LOCATIONS_MAX } from "@dropgate/contracts/limits";
import type { Statements, Truth } from "@dropgate/sql";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { readLevelsOf } from "@dropgate/sql/levels/levels-of-skus";
import { listLocations } from "@dropgate/sql/locations/location-row";
import { readProducts } from "@dropgate/sql/products/product-row";
import {
  type FilledBackorder,
  type OpenBackorder,
  readFillable,
  readStillOpen,
  writeFilled,
} from "@dropgate/sql/reservations/backorders";
import { insertLines, type NewLine } from "@dropgate/sql/reservations/insert-reservations";
import { lockReservations, type ReservationRow } from "@dropgate/sql/reservations/reservation-row";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import { choosePlan } from "../fulfilment/choose.ts";
import { locationOf, productOf } from "../fulfilment/facts-of-rows.ts";
import type { Location, Product } from "../fulfilment/model.ts";
import { loadPostalTable, type PostalTable } from "../fulfilment/places.ts";
import { tableRates } from "../fulfilment/rates.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import { availableOf, type LevelChange, nameOf } from "../levels/judge.ts";
import { askWarehouse } from "../warehouse/asking.ts";
import { onAllocated } from "./warehouse-orders.ts";

const rates = tableRates();

interface Facts {
  products: readonly Product[];
  locations: readonly Location[];
  levels: readonly LevelRow[];
  postalTable: PostalTable;
  now: Date;
}

interface Found {
  backorder: OpenBackorder;
  reservation: ReservationRow;
  parts: { locationId: string; quantity: number }[];
}

/** @returns how many were looked at; as many as BACKORDER_BATCH_MAX: there may be more */
export function fillBackorders(truth: Truth): Promise<{ looked: number; filled: number }> {
  return truth.transaction(async (tx) => {
    const fillable = await readFillable(tx, BACKORDER_BATCH_MAX);
    if (fillable.length === 0) return { looked: 0, filled: 0 };
    const reservations = await lockReservations(tx, [...new Set(fillable.map((each) => each.reservationId))]);
    const open = await readStillOpen(
      tx,
      fillable.map(({ id }) => id),
    );
    const facts = await readFacts(tx, [...new Set(fillable.map(({ sku }) => sku))]);
    const left = new Map(facts.levels.map((level) => [nameOf(level), availableOf(level)]));
    const found = fillable.flatMap((backorder): Found[] => {
      const reservation = reservations.get(backorder.reservationId);
      if (!open.has(backorder.id) || !reservation || !isAlive(reservation)) return [];
      const parts = placesFor(backorder, reservation, facts, left);
      for (const { locationId, quantity } of parts) {
        const name = nameOf({ sku: backorder.sku, locationId });
        left.set(name, (left.get(name) ?? 0) - quantity);
      }
      return [{ backorder, reservation, parts }];
    });
    return { looked: fillable.length, filled: await write(tx, found) };
  });
}

function isAlive({ state }: ReservationRow): boolean {
  return state === "active" || state === "pending" || state === "allocated";
}

async function readFacts(tx: Statements, skus: readonly string[]): Promise<Facts> {
  const products = await readProducts(tx, skus);
  const locations = await listLocations(tx, null, CATALOGUE_LOCATIONS_MAX);
  return {
    products: products.map(productOf),
    locations: locations.map(locationOf),
    levels: await readLevelsOf(tx, skus),
    postalTable: await loadPostalTable(),
    now: await readClock(tx),
  };
}

/** Pure. From where a back-order is filled now, as far as it can be; not from where it was not found. */
function placesFor(
  { sku, quantity, filled }: OpenBackorder,
  reservation: ReservationRow,
  { products, locations, levels, postalTable, now }: Facts,
  left: ReadonlyMap<string, number>,
): Found["parts"] {
  const failed = new Set(
    reservation.lines
      .filter((line) => line.sku === sku && line.released > 0)
      .map(({ locationId }) => locationId),
  );
  const stock = levels
    .filter((level) => level.sku === sku && !failed.has(level.locationId))
    .map((level) => ({
      sku,
      locationId: level.locationId,
      sellable: level.sellable,
      available: left.get(nameOf(level)) ?? 0,
    }))
    .filter(({ available }) => available > 0);
  const order = orderSchema.safeParse(reservation.request);
  if (!order.success) {
    // A sale's order, whose shop told no address: from wherever most of it lies.
    const most = stock.toSorted((a, b) => b.available - a.available)[0];
    return most
      ? [{ locationId: most.locationId, quantity: Math.min(most.available, quantity - filled) }]
      : [];
  }
  const { requestedDeliveryDate: _, ...asked } = order.data;
  const wanted = { ...asked, items: [{ sku, quantity: quantity - filled }], allowBackorder: true };
  const choice = choosePlan(wanted, { products, locations, stock }, { now, postalTable, rates });
  if (!choice.ok) return [];
  return choice.plan.shipments.flatMap(({ locationId, lines }) =>
    lines.map((line) => ({ locationId, quantity: line.quantity })),
  );
}

function changesOf({ backorder, reservation, parts }: Found): LevelChange[] {
  const isAllocated = reservation.state === "allocated";
  return parts.map(({ locationId, quantity }) => ({
    sku: backorder.sku,
    locationId,
    deltas: isAllocated ? { allocated: quantity } : { reserved: quantity },
    type: isAllocated ? "reservation.allocated" : "reservation.reserved",
    reference: { type: "reservation", id: reservation.id },
    actor: "worker",
    data: { backorderId: backorder.id },
    guarded: true,
    groupId: backorder.id,
  }));
}

/** @returns how many got something */
async function write(tx: Statements, found: readonly Found[]): Promise<number> {
  const changes = found.flatMap(changesOf);
  const outcomes = await actOnLevelsIn(tx, changes);
  const refused = new Set(changes.filter((_, i) => outcomes[i]?.ok === false).map(({ groupId }) => groupId));
  const lineOf = new Map(
    found.map(({ reservation }) => [
      reservation.id,
      Math.max(0, ...reservation.lines.map(({ line }) => line)),
    ]),
  );
  const lines: NewLine[] = [];
  const filled: FilledBackorder[] = [];
  const asked: ReservationRow[] = [];
  for (const { backorder, reservation, parts } of found) {
    const got = refused.has(backorder.id) ? [] : parts;
    const sum = got.reduce((all, { quantity }) => all + quantity, 0);
    const mayWait = isWaiting(reservation.request);
    // Stock that moved under us is tried again; what is nowhere is given up where nobody may wait.
    const ends = !mayWait && !refused.has(backorder.id) && sum < backorder.quantity - backorder.filled;
    if (sum > 0 || ends) filled.push({ id: backorder.id, filled: sum, ends });
    const fresh = got.map(({ locationId, quantity }) => {
      const line = (lineOf.get(reservation.id) ?? 0) + 1;
      lineOf.set(reservation.id, line);
      return { line, sku: backorder.sku, locationId, quantity };
    });
    lines.push(...fresh.map((line) => ({ reservationId: reservation.id, ...line })));
    if (reservation.state === "allocated" && fresh.length > 0) {
      const none = { picked: 0, packed: 0, shipped: 0, released: 0 };
      asked.push({ ...reservation, lines: fresh.map((line) => ({ ...line, ...none })) });
    }
  }
  await insertLines(tx, lines);
  await writeFilled(tx, filled);
  const askings = asked.flatMap((reservation) => onAllocated(reservation, "worker"));
  if (askings.length > 0) await askWarehouse(tx, askings);
  return filled.filter((each) => each.filled > 0).length;
}

function isWaiting(request: unknown): boolean {
  return (
    typeof request === "object" &&
    request !== null &&
    "allowBackorder" in request &&
    request.allowBackorder === true
  );
}
