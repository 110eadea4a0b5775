// When a location ships an order and when it arrives, by the location's own clock. A day is a date there, not
// 24 hours: on the two days a year on which clocks change, an addition of hours would miss the cut-off.
import { Temporal } from "temporal-polyfill";
import type { Location } from "./model.ts";

export interface DeliveryCalendar {
  /** Days on which carriers move and deliver; 1 is Monday. */
  businessDays: ReadonlySet<number>;
  /** The day is what carriers promise; noon of it is the same date in UTC from Hawaii to Auckland's winter. */
  deliveredAt: string;
}

export const DELIVERY_CALENDAR: DeliveryCalendar = {
  businessDays: new Set([1, 2, 3, 4, 5]),
  deliveredAt: "12:00",
};

/** Dates are ISO dates of the location's calendar. */
export interface Delivery {
  shipDate: string;
  deliveryDate: string;
  /** Days between the order and the delivery. */
  days: number;
  /** RFC 3339 in UTC. */
  estimatedDelivery: string;
}

const DAYS_OF_WEEK = 7;

const MINUTE_MS = 60_000;
let latest: { minute: number; calendar: DeliveryCalendar; times: LocalTimes } | null = null;

/**
 * Choices of one minute share what was worked out: cut-offs, deliveries and the midnights of time zones fall on whole
 * minutes, so that nothing differs within one.
 */
export function localTimesAt(now: Date, calendar: DeliveryCalendar = DELIVERY_CALENDAR): LocalTimes {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  if (latest?.minute !== minute || latest.calendar !== calendar) {
    latest = { minute, calendar, times: new LocalTimes(new Date(minute * MINUTE_MS), calendar) };
  }
  return latest.times;
}

/** Locations share a few time zones, and a zone's rules are slow to ask: one of these serves many choices. */
export class LocalTimes {
  readonly now: Temporal.Instant;
  private readonly zones = new Map<string, Temporal.ZonedDateTime>();
  private readonly moments = new Map<string, Temporal.Instant>();
  private readonly deliveries = new Map<string, Delivery | null>();

  private readonly calendar: DeliveryCalendar;

  constructor(now: Date, calendar: DeliveryCalendar = DELIVERY_CALENDAR) {
    this.calendar = calendar;
    this.now = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  }

  /** The date it is at a place. */
  today(timeZone: string): Temporal.PlainDate {
    return this.local(timeZone).toPlainDate();
  }

  /** Null for a location that never opens, or a day beyond what the calendar can count to. */
  delivery(
    location: Pick<Location, "timeZone" | "operatingDays">,
    cutoff: string,
    transitDays: number,
  ): Delivery | null {
    const key = `${location.timeZone} ${location.operatingDays.join()} ${cutoff} ${transitDays}`;
    const known = this.deliveries.get(key);
    if (known !== undefined) return known;
    const shipDate = this.shipDate(location, cutoff);
    const delivery = shipDate === null ? null : this.arrival(location.timeZone, shipDate, transitDays);
    this.deliveries.set(key, delivery);
    return delivery;
  }

  /** An order at the very moment of the cut-off is late. */
  private shipDate(
    { timeZone, operatingDays }: Pick<Location, "timeZone" | "operatingDays">,
    cutoff: string,
  ): Temporal.PlainDate | null {
    const today = this.today(timeZone);
    const isOpen = (date: Temporal.PlainDate): boolean => operatingDays.includes(date.dayOfWeek);
    if (isOpen(today) && Temporal.Instant.compare(this.now, this.moment(today, cutoff, timeZone)) < 0) {
      return today;
    }
    for (let days = 1; days <= DAYS_OF_WEEK; days += 1) {
      const date = today.add({ days });
      if (isOpen(date)) return date;
    }
    return null;
  }

  private arrival(timeZone: string, shipDate: Temporal.PlainDate, transitDays: number): Delivery {
    const date = this.addBusinessDays(shipDate, transitDays);
    const usual = this.moment(date, this.calendar.deliveredAt, timeZone);
    // What is ordered in the afternoon for the same day has not arrived at noon.
    const at =
      Temporal.Instant.compare(usual, this.now) > 0 ? usual : this.moment(date, "23:59:59", timeZone);
    return {
      shipDate: shipDate.toString(),
      deliveryDate: date.toString(),
      days: this.today(timeZone).until(date, { largestUnit: "days" }).days,
      estimatedDelivery: at.toString({ fractionalSecondDigits: 3 }),
    };
  }

  /** The latest date that still keeps a speed's promise, as it is counted from the order. */
  promised(timeZone: string, businessDays: number): string {
    return this.addBusinessDays(this.today(timeZone), businessDays).toString();
  }

  /** The nth business day after a date; with 0 the date itself, for a courier of the same day comes on Sunday too. */
  private addBusinessDays(from: Temporal.PlainDate, count: number): Temporal.PlainDate {
    let date = from;
    let left = this.calendar.businessDays.size === 0 ? 0 : count;
    while (left > 0) {
      date = date.add({ days: 1 });
      if (this.calendar.businessDays.has(date.dayOfWeek)) left -= 1;
    }
    return date;
  }

  private local(timeZone: string): Temporal.ZonedDateTime {
    const known = this.zones.get(timeZone);
    if (known !== undefined) return known;
    const local = this.now.toZonedDateTimeISO(timeZone);
    this.zones.set(timeZone, local);
    return local;
  }

  /** A time that clocks skip is taken as late as they jump; one that comes twice is taken the first time. */
  private moment(date: Temporal.PlainDate, time: string, timeZone: string): Temporal.Instant {
    const key = `${timeZone} ${date.toString()} ${time}`;
    const known = this.moments.get(key);
    if (known !== undefined) return known;
    const moment = date.toZonedDateTime({ timeZone, plainTime: time }).toInstant();
    this.moments.set(key, moment);
    return moment;
  }
}
