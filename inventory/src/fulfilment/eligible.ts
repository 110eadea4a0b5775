// Which locations may ship an order, and which of its SKUs they have; and of all others why not. The reasons are
// kept, for "why is it not shipped from there?" is the question that operators ask most.
import type { Exclusion } from "@dropgate/contracts/fulfilment";
import { inOrder } from "./in-order.ts";
import { compareBytes, type Demand, type Location, type Order, type Product, type Stock } from "./model.ts";
import { type Delivery, type DeliveryCalendar, type LocalTimes, localTimesAt } from "./operating-time.ts";
import { isServed, type Place, type PostalTable, placeOf } from "./places.ts";
import type { ShippingRates, Tariff } from "./rates.ts";

/** A location that may ship this order there, so, by then; whether it has anything is another question. */
export interface Candidate {
  location: Location;
  tariff: Tariff;
  delivery: Delivery;
  /** By demand: what it may ship of it, 0 when it may not handle it or has none. */
  available: number[];
  /** By demand: whether it could ship it, if it had it. */
  handles: boolean[];
}

export interface Excluded {
  locationId: string;
  /** Absent: the location as a whole. */
  sku?: string;
  reasons: Exclusion[];
}

export interface Eligible {
  /** By id. */
  candidates: Candidate[];
  /** Those whom only the wanted date keeps away. */
  late: Candidate[];
  /** By location, the whole before its SKUs. */
  excluded: Excluded[];
}

export interface Circumstances {
  now: Date;
  postalTable: PostalTable;
  rates: ShippingRates;
  calendar?: DeliveryCalendar;
}

/** Speeds whose name is a promise: business days from the order to the delivery. */
const PROMISED_DAYS: Readonly<Record<string, number>> = { same_day: 0, next_day: 1 };

interface Asked {
  order: Order;
  place: Place;
  times: LocalTimes;
  rates: ShippingRates;
}

/** What a location has of each demand. */
type Shelf = readonly (Stock | undefined)[];

function shelvesOf(stock: readonly Stock[], demands: readonly Demand[]): ReadonlyMap<string, Shelf> {
  const demandOf = new Map(demands.map(({ product }, i) => [product.sku, i]));
  const shelves = new Map<string, (Stock | undefined)[]>();
  for (const level of stock) {
    const demand = demandOf.get(level.sku);
    if (demand === undefined) continue;
    let shelf = shelves.get(level.locationId);
    if (shelf === undefined) {
      shelf = demands.map(() => undefined);
      shelves.set(level.locationId, shelf);
    }
    shelf[demand] = level;
  }
  return shelves;
}

function isHandled(product: Product, { handles }: Location): boolean {
  return (
    (!product.hazmat || handles.hazmat) &&
    (!product.oversized || handles.oversized) &&
    (!product.refrigerated || handles.refrigerated)
  );
}

function cannotHandle(product: Product, { handles }: Location): Exclusion[] {
  const reasons: Exclusion[] = [];
  if (product.hazmat && !handles.hazmat) reasons.push("hazmat_not_handled");
  if (product.oversized && !handles.oversized) reasons.push("oversized_not_handled");
  if (product.refrigerated && !handles.refrigerated) reasons.push("refrigerated_not_handled");
  return reasons;
}

/** Whether a shelf has all (null), some or none of a demand. Some is no obstacle, but worth knowing. */
function shortage({ quantity }: Demand, level: Stock | undefined): Exclusion | null {
  if (level !== undefined && !level.sellable) return "not_sellable";
  if (level === undefined || level.available <= 0) return "out_of_stock";
  return level.available < quantity ? "not_enough_stock" : null;
}

/** Capacity counts orders: what is left must hold one more. */
function hasCapacity({ capacityPerDay, currentUtilization = 0 }: Location): boolean {
  // A product such as 10 × (1 − 0.9) is a hair less than 1.
  return capacityPerDay * (1 - currentUtilization) > 1 - 1e-9;
}

function judgeDelivery(
  delivery: Delivery,
  location: Location,
  { order, times }: Asked,
  reasons: Exclusion[],
): void {
  const promised = PROMISED_DAYS[order.shippingSpeed];
  if (promised !== undefined && delivery.deliveryDate > times.promised(location.timeZone, promised)) {
    reasons.push("speed_not_reachable");
  }
  const wanted = order.requestedDeliveryDate?.slice(0, "2026-03-09".length);
  if (wanted !== undefined && delivery.deliveryDate > wanted) reasons.push("date_not_reachable");
}

interface Judged {
  reasons: Exclusion[];
  tariff: Tariff | null;
  delivery: Delivery | null;
}

function judgeLocation(location: Location, asked: Asked): Judged {
  const { order, place, times, rates } = asked;
  const reasons: Exclusion[] = [];
  if (!isServed(location.serviceRegions, place)) reasons.push("region_not_served");
  if (!hasCapacity(location)) reasons.push("no_capacity_left");
  const offered = location.shippingMethods.find(({ method }) => method === order.shippingSpeed);
  if (offered === undefined) {
    reasons.push("method_not_offered");
    return { reasons, tariff: null, delivery: null };
  }
  const tariff = rates.tariff(offered.method, location, place);
  if (tariff === null) {
    reasons.push("too_far_for_method");
    return { reasons, tariff, delivery: null };
  }
  const delivery = times.delivery(location, offered.cutoff, tariff.transitDays);
  if (delivery === null) reasons.push("never_open");
  else judgeDelivery(delivery, location, asked, reasons);
  return { reasons, tariff, delivery };
}

function candidateOf(
  location: Location,
  { tariff, delivery }: Judged,
  demands: readonly Demand[],
  shelf: Shelf,
): Candidate | null {
  if (tariff === null || delivery === null) return null;
  const handles = demands.map(({ product }) => isHandled(product, location));
  const available = handles.map((mayHandle, i) => {
    const level = shelf[i];
    return mayHandle && level?.sellable === true ? Math.max(0, level.available) : 0;
  });
  return { location, tariff, delivery, available, handles };
}

function isLateOnly(reasons: readonly Exclusion[]): boolean {
  return reasons.length === 1 && reasons[0] === "date_not_reachable";
}

const byId = (a: Location, b: Location): number => compareBytes(a.id, b.id);

/** Pure: the same answer for the same facts, in whatever order they come. */
export function findEligible(
  order: Order,
  demands: readonly Demand[],
  locations: readonly Location[],
  stock: readonly Stock[],
  { now, postalTable, rates, calendar }: Circumstances,
): Eligible {
  const times = localTimesAt(now, calendar);
  const asked: Asked = { order, place: placeOf(order.shipTo, postalTable), times, rates };
  const shelves = shelvesOf(stock, demands);
  const eligible: Eligible = { candidates: [], late: [], excluded: [] };
  for (const location of inOrder(locations, byId)) {
    const judged = judgeLocation(location, asked);
    const locationId = location.id;
    if (judged.reasons.length > 0) eligible.excluded.push({ locationId, reasons: judged.reasons });
    const shelf = shelves.get(locationId) ?? [];
    for (let i = 0; i < demands.length; i += 1) {
      const demand = demands[i]!;
      const { sku } = demand.product;
      const short = shortage(demand, shelf[i]);
      if (short === null && isHandled(demand.product, location)) continue;
      const reasons = cannotHandle(demand.product, location);
      if (short !== null) reasons.push(short);
      eligible.excluded.push({ locationId, sku, reasons });
    }
    const candidate = candidateOf(location, judged, demands, shelf);
    if (candidate === null) continue;
    if (judged.reasons.length === 0) eligible.candidates.push(candidate);
    else if (isLateOnly(judged.reasons)) eligible.late.push(candidate);
  }
  return eligible;
}

/** Whether the wanted day is over everywhere on earth: twelve hours behind UTC is the last place to leave it. */
export function isPast(wanted: string, now: Date): boolean {
  const lastHour = new Date(now.getTime() - 12 * 3_600_000);
  return wanted.slice(0, "2026-03-09".length) < lastHour.toISOString().slice(0, "2026-03-09".length);
}
