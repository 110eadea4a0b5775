// What will happen because of a request, and when Dropgate hears of it: decided as a whole when the request comes, so
// that a restart goes on with the same events under the same ids. Pure but for the dice that it is given.
import type { WmsRequest } from "@dropgate/contracts/wms-requests";
import type { Dice } from "./dice.ts";
import type { Odds } from "./settings.ts";

export interface Item {
  sku: string;
  quantity: number;
}

/** As it is sent to `POST /api/v1/wms/events`; further fields by type. */
export interface WmsEvent {
  eventId: string;
  eventType: string;
  timestamp: string;
  locationId: string;
  source: "wms";
  orderId?: string;
  items?: Item[];
  [field: string]: unknown;
}

export interface Telling {
  event: WmsEvent;
  /** When it is told, at the earliest; ms since 1970. It happened at the event's own time. */
  atMs: number;
  /** Once more, right after. */
  twice: boolean;
}

export interface Circumstances {
  nowMs: number;
  stepMs: number;
  odds: Odds;
  dice: Dice;
  /** What lies on a shelf by the warehouse's own count; null: nobody has told it. */
  shelf: (locationId: string, sku: string) => number | null;
}

/** How late an event may be told. */
const LATE_MS_MAX = 20_000;

/** @returns null when the request cannot be answered: a shelf of which nothing is known */
export function plan(request: WmsRequest, around: Circumstances): Telling[] | null {
  switch (request.requestType) {
    case "PICK_REQUEST":
      return planOrder(request, around);
    case "TRANSFER_REQUEST":
      return planTransfer(request, around);
    case "COUNT_REQUEST": {
      const actualCount = around.shelf(request.locationId, request.sku);
      if (actualCount === null) return null;
      const fields = { sku: request.sku, actualCount, reason: request.reason ?? "asked for" };
      const counted = happening(request, around, "CYCLE_COUNT_ADJUSTMENT", 0, fields);
      return withAccidents([{ ...counted, atMs: around.nowMs + around.stepMs }], around);
    }
    case "CANCEL_REQUEST":
      return [];
  }
}

function planOrder(request: WmsRequest & { requestType: "PICK_REQUEST" }, around: Circumstances): Telling[] {
  const { orderId } = request;
  const { dice, odds } = around;
  const items = request.items.map(({ sku, quantity }) => ({
    sku,
    quantity: dice.happens(odds.short) ? quantity - 1 : quantity,
  }));
  const picked = happening(request, around, "PICK_COMPLETE", 1, { orderId, items });
  const found = items.filter(({ quantity }) => quantity > 0);
  if (found.length === 0) return withAccidents([picked], around);
  const tracking = `DG${Math.floor(dice.roll() * 1e10)
    .toString()
    .padStart(10, "0")}`;
  return withAccidents(
    [
      picked,
      happening(request, around, "PACK_COMPLETE", 2, { orderId, items: found }),
      happening(request, around, "SHIP_COMPLETE", 3, { orderId, items: found, tracking }),
    ],
    around,
  );
}

function planTransfer(
  request: WmsRequest & { requestType: "TRANSFER_REQUEST" },
  around: Circumstances,
): Telling[] {
  const { transferId, items, locationId, toLocationId } = request;
  const shipped = { transferId, items, otherLocationId: toLocationId };
  const received = { transferId, items, otherLocationId: locationId };
  const there = { requestId: request.requestId, locationId: toLocationId };
  return withAccidents(
    [
      happening(request, around, "TRANSFER_SHIPPED", 1, shipped),
      happening(there, around, "TRANSFER_RECEIVED", 3, received),
    ],
    around,
  );
}

/** @param step how many steps from now it happens, some a little sooner or later */
function happening(
  { requestId, locationId }: { requestId: string; locationId: string },
  { nowMs, stepMs, dice }: Circumstances,
  eventType: string,
  step: number,
  fields: Record<string, unknown>,
): Telling {
  const atMs = Math.round(nowMs + stepMs * (step - (step > 0 ? dice.roll() / 4 : 0)));
  const event: WmsEvent = {
    // Of one request each type comes once, so its id follows from them.
    eventId: `${requestId}-${eventType.toLowerCase()}`,
    eventType,
    timestamp: new Date(atMs).toISOString(),
    locationId,
    source: "wms",
    ...fields,
  };
  return { event, atMs, twice: false };
}

function withAccidents(tellings: Telling[], { dice, odds }: Circumstances): Telling[] {
  if (tellings.length > 1 && dice.happens(odds.shuffled)) {
    // None is told before it happened: all come at the time of the last, backwards.
    const lastMs = Math.max(...tellings.map(({ atMs }) => atMs));
    tellings = tellings.map((telling, i) => ({ ...telling, atMs: lastMs + 200 * (tellings.length - i) }));
  }
  return tellings.map((telling) => ({
    ...telling,
    atMs: telling.atMs + (dice.happens(odds.late) ? Math.round(dice.roll() * LATE_MS_MAX) : 0),
    twice: dice.happens(odds.twice),
  }));
}
