// Delivery days against a second telling that knows no library: days are counted one by one, and the clock on the wall
// is asked of the platform.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LocalTimes, localTimesAt } from "./operating-time.ts";

const HOUR_MS = 3_600_000;
/** North, south, none, half an hour of summer time, and the dates that are first and last on earth. */
const ZONES = [
  "America/New_York",
  "America/Los_Angeles",
  "America/Phoenix",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "UTC",
] as const;

/** `2026-03-08 01:30:00` there. */
const formats = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }),
  ]),
);
type Zone = (typeof ZONES)[number];
const onTheWall = (at: Date, zone: Zone): { date: string; time: string } => {
  const [date = "", time = ""] = formats.get(zone)?.format(at).split(" ") ?? [];
  return { date, time };
};

const nextDay = (date: string): string =>
  new Date(Date.parse(`${date}T00:00Z`) + 24 * HOUR_MS).toISOString().slice(0, 10);
/** 1 is Monday. */
const weekday = (date: string): number => new Date(`${date}T00:00Z`).getUTCDay() || 7;

const moment = fc.oneof(
  fc.date({ min: new Date("2026-01-01"), max: new Date("2028-12-31"), noInvalidDate: true }),
  // Hours around the nights on which clocks change here or there.
  fc
    .tuple(
      fc.constantFrom("2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04"),
      fc.integer({ min: -48 * 60, max: 48 * 60 }),
    )
    .map(([day, minutes]) => new Date(Date.parse(`${day}T12:00Z`) + minutes * 60_000)),
);
const cutoff = fc
  .tuple(fc.nat(23), fc.constantFrom(0, 1, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
const asked = fc.record({
  now: moment,
  zone: fc.constantFrom(...ZONES),
  operatingDays: days,
  cutoff,
  transitDays: fc.nat(12),
});

function deliveryOf({ now, zone, operatingDays, cutoff, transitDays }: Asked) {
  const delivery = new LocalTimes(now).delivery({ timeZone: zone, operatingDays }, cutoff, transitDays);
  if (delivery === null) throw new Error("it opens some day");
  return delivery;
}
interface Asked {
  now: Date;
  zone: Zone;
  operatingDays: number[];
  cutoff: string;
  transitDays: number;
}

/** Whether the clock runs evenly from midnight to midnight there. */
function isEven(date: string, zone: Zone): boolean {
  const noon = Date.parse(`${date}T12:00Z`);
  const offsets = [-26, -13, 0, 13, 26].map((hours) => {
    const at = new Date(noon + hours * HOUR_MS);
    const { date, time } = onTheWall(at, zone);
    return Date.parse(`${date}T${time}Z`) - at.getTime();
  });
  return new Set(offsets.map((offset) => Math.round(offset / 60_000))).size === 1;
}

test("goods leave on the first open day whose cut-off is not past by the clock on the wall", () => {
  fc.assert(
    fc.property(asked, (asked) => {
      const { date, time } = onTheWall(asked.now, asked.zone);
      fc.pre(isEven(date, asked.zone));
      let expected = date;
      const isOpen = (): boolean => asked.operatingDays.includes(weekday(expected));
      if (time >= `${asked.cutoff}:00`) expected = nextDay(expected);
      while (!isOpen()) expected = nextDay(expected);
      expect(deliveryOf(asked).shipDate).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test("also where clocks change, goods leave within a week, on a day that is open and not past", () => {
  fc.assert(
    fc.property(asked, (asked) => {
      const today = onTheWall(asked.now, asked.zone).date;
      const { shipDate } = deliveryOf(asked);
      expect(asked.operatingDays).toContain(weekday(shipDate));
      expect(shipDate >= today).toBe(true);
      expect(Date.parse(shipDate) - Date.parse(today)).toBeLessThanOrEqual(7 * 24 * HOUR_MS);
    }),
    { numRuns: 300 },
  );
});

test("they arrive after so many business days, later than now, on the date that is told", () => {
  fc.assert(
    fc.property(asked, (asked) => {
      const { shipDate, deliveryDate, days, estimatedDelivery } = deliveryOf(asked);
      let expected = shipDate;
      for (let left = asked.transitDays; left > 0; ) {
        expected = nextDay(expected);
        if (weekday(expected) <= 5) left -= 1;
      }
      expect(deliveryDate).toBe(expected);
      expect(Date.parse(estimatedDelivery)).toBeGreaterThan(asked.now.getTime());
      expect(onTheWall(new Date(estimatedDelivery), asked.zone).date).toBe(deliveryDate);
      const today = onTheWall(asked.now, asked.zone).date;
      expect(days).toBe((Date.parse(deliveryDate) - Date.parse(today)) / (24 * HOUR_MS));
    }),
    { numRuns: 300 },
  );
});

test("who orders later, ships to farther or has fewer open days is never served sooner", () => {
  fc.assert(
    fc.property(asked, fc.nat(72 * 60), fc.nat(3), days, (asked, minutes, farther, more) => {
      const one = deliveryOf(asked);
      const notBefore = (other: Partial<Asked>): void => {
        const later = deliveryOf({ ...asked, ...other });
        expect(later.deliveryDate >= one.deliveryDate).toBe(true);
        expect(later.estimatedDelivery >= one.estimatedDelivery).toBe(true);
      };
      notBefore({ now: new Date(asked.now.getTime() + minutes * 60_000) });
      notBefore({ transitDays: asked.transitDays + farther });
      const open = [...new Set([...asked.operatingDays, ...more])];
      expect(deliveryOf({ ...asked, operatingDays: open }).deliveryDate <= one.deliveryDate).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("what is shared within a minute is what would be worked out at that moment", () => {
  fc.assert(
    fc.property(asked, fc.nat(59_999), ({ now, zone, operatingDays, cutoff, transitDays }, ms) => {
      const at = new Date(Math.floor(now.getTime() / 60_000) * 60_000 + ms);
      const location = { timeZone: zone, operatingDays };
      expect(localTimesAt(at).delivery(location, cutoff, transitDays)).toEqual(
        new LocalTimes(at).delivery(location, cutoff, transitDays),
      );
    }),
  );
});
