import { describe, expect, test } from "vitest";
import { LocalTimes } from "./operating-time.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];
const newYork = (operatingDays = WEEKDAYS) => ({ timeZone: "America/New_York", operatingDays });

function shipped(now: string, location = newYork(), cutoff = "17:00", transitDays = 1) {
  return new LocalTimes(new Date(now)).delivery(location, cutoff, transitDays);
}

describe("the ship date", () => {
  test("an order a minute before the cut-off is shipped today, at the cut-off tomorrow", () => {
    expect(shipped("2026-01-13T21:59:59Z")?.shipDate).toBe("2026-01-13");
    expect(shipped("2026-01-13T22:00:00Z")?.shipDate).toBe("2026-01-14");
  });

  test("one moment is before the cut-off here and after it there", () => {
    const now = "2026-01-13T22:30:00Z";
    expect(shipped(now)?.shipDate).toBe("2026-01-14");
    expect(shipped(now, { timeZone: "America/Los_Angeles", operatingDays: WEEKDAYS })?.shipDate).toBe(
      "2026-01-13",
    );
    expect(shipped(now, { timeZone: "Asia/Tokyo", operatingDays: WEEKDAYS })?.shipDate).toBe("2026-01-14");
  });

  test("Friday evening goes out on Monday, where Saturday is closed", () => {
    expect(shipped("2026-01-16T23:00:00Z")?.shipDate).toBe("2026-01-19");
    expect(shipped("2026-01-16T23:00:00Z", newYork(EVERY_DAY))?.shipDate).toBe("2026-01-17");
    expect(shipped("2026-01-17T12:00:00Z")?.shipDate).toBe("2026-01-19");
  });

  test("who opens once a week and has just closed waits a week", () => {
    expect(shipped("2026-01-13T23:00:00Z", newYork([2]))?.shipDate).toBe("2026-01-20");
    expect(shipped("2026-01-13T23:00:00Z", newYork([]))).toBeNull();
  });
});

describe("on the days when clocks change", () => {
  test("the cut-off is by the clock on the wall, an hour earlier in UTC from that day on", () => {
    expect(shipped("2026-03-06T21:30:00Z")?.shipDate).toBe("2026-03-06");
    expect(shipped("2026-03-09T20:59:00Z")?.shipDate).toBe("2026-03-09");
    expect(shipped("2026-03-09T21:00:00Z")?.shipDate).toBe("2026-03-10");
  });

  test("a cut-off at a time that is skipped is where the clock jumps to", () => {
    // 2026-03-08 in New York: 01:59:59 is followed by 03:00:00, 07:00 UTC.
    expect(shipped("2026-03-08T06:59:00Z", newYork(EVERY_DAY), "02:30")?.shipDate).toBe("2026-03-08");
    expect(shipped("2026-03-08T07:30:00Z", newYork(EVERY_DAY), "02:30")?.shipDate).toBe("2026-03-09");
  });

  test("a cut-off at a time that comes twice is over after the first", () => {
    // 2026-11-01 in New York: 01:30 is at 05:30 UTC and again at 06:30.
    expect(shipped("2026-11-01T05:29:00Z", newYork(EVERY_DAY), "01:30")?.shipDate).toBe("2026-11-01");
    expect(shipped("2026-11-01T06:15:00Z", newYork(EVERY_DAY), "01:30")?.shipDate).toBe("2026-11-02");
  });
});

describe("the delivery", () => {
  test("transit counts business days, and the wait for the location counts too", () => {
    expect(shipped("2026-01-15T15:00:00Z", newYork(), "17:00", 3)).toEqual({
      shipDate: "2026-01-15",
      deliveryDate: "2026-01-20",
      days: 5,
      estimatedDelivery: "2026-01-20T17:00:00.000Z",
    });
  });

  test("what is shipped on Saturday for the next day arrives on Monday", () => {
    expect(shipped("2026-01-17T15:00:00Z", newYork(EVERY_DAY))?.deliveryDate).toBe("2026-01-19");
  });

  test("what is ordered in the afternoon for the same day has not arrived at noon", () => {
    const delivery = shipped("2026-01-13T20:00:00Z", newYork(), "17:00", 0);
    expect(delivery).toMatchObject({ days: 0, estimatedDelivery: "2026-01-14T04:59:59.000Z" });
  });

  test("carriers that move every day are a setting", () => {
    const calendar = { businessDays: new Set(EVERY_DAY), deliveredAt: "12:00" };
    const times = new LocalTimes(new Date("2026-01-16T15:00:00Z"), calendar);
    expect(times.delivery(newYork(), "17:00", 2)?.deliveryDate).toBe("2026-01-18");
  });
});
