import { describe, expect, test } from "vitest";
import { choose, EAST, location, NEW_YORK, order, product, reasons, told, WEST } from "./choose-stage.ts";

describe("who may ship", () => {
  const both = { west: { shirt: 5 }, east: { shirt: 5 } };

  test("a location whose last order of the day is taken is passed over, and says so", () => {
    const full = location("west", { capacityPerDay: 10, currentUtilization: 0.95 });
    const choice = choose(order({ shirt: 1 }), [full, EAST], both);
    expect(told(choice)).toEqual(["east: shirt×1"]);
    expect(reasons(choice, "west")).toEqual(["no_capacity_left"]);
    const oneLeft = location("west", { capacityPerDay: 10, currentUtilization: 0.9 });
    expect(told(choose(order({ shirt: 1 }), [oneLeft, EAST], both))).toEqual(["west: shirt×1"]);
  });

  test("hazardous and cold goods need a location for both, each line its own", () => {
    const products = [product("gas", { hazmat: true, refrigerated: true }), product("shirt")];
    const able = location("able", {
      ...NEW_YORK,
      handles: { hazmat: true, oversized: false, refrigerated: true },
    });
    const half = location("half", { handles: { hazmat: true, oversized: true, refrigerated: false } });
    const shelves = { able: { gas: 1, shirt: 1 }, half: { gas: 1, shirt: 1 } };
    const choice = choose(order({ gas: 1, shirt: 1 }, { costWeight: 0 }), [able, half], shelves, {
      products,
    });
    expect(told(choice)).toEqual(["able: gas×1", "half: shirt×1"]);
    expect(reasons(choice, "half", "gas")).toEqual(["refrigerated_not_handled"]);
    expect(told(choose(order({ gas: 1 }), [half], shelves, { products }))).toEqual(["NO_ROUTE"]);
    const waiting = order({ gas: 1 }, { allowBackorder: true });
    expect(told(choose(waiting, [half], shelves, { products }))).toEqual(["NO_ROUTE"]);
  });

  test("nothing in reach is not called a lack of stock", () => {
    const local = location("west", { serviceRegions: ["US-CA", "US:97"] });
    const slow = location("east", { shippingMethods: [{ method: "expedited", cutoff: "17:00" }] });
    const choice = choose(order({ shirt: 1 }), [local, slow], both);
    expect(choice).toMatchObject({ refusal: "NO_ROUTE", skus: ["shirt"] });
    expect(reasons(choice, "west")).toEqual(["region_not_served"]);
    expect(reasons(choice, "east")).toEqual(["method_not_offered"]);
  });

  test("a location that closes in an hour by its own clock still ships today", () => {
    // 16:30 in New York, 13:30 in Seattle.
    const now = new Date("2026-01-13T21:30:00Z");
    const east = order(
      { shirt: 1 },
      { shippingSpeed: "next_day", shipTo: { country: "US", postalCode: "10001" } },
    );
    expect(told(choose(east, [EAST], both, { now }))).toEqual(["east: shirt×1"]);
    const later = new Date("2026-01-13T22:30:00Z");
    const choice = choose(east, [EAST, WEST], both, { now: later });
    expect(told(choice)).toEqual(["west: shirt×1"]);
    expect(reasons(choice, "east")).toEqual(["speed_not_reachable"]);
    const standard = { ...east, shippingSpeed: "standard" as const };
    expect(told(choose(standard, [EAST, WEST], both, { now: later }))).toEqual(["east: shirt×1"]);
  });

  test("the same day is kept on the day when clocks change, and not from far away", () => {
    const now = new Date("2026-03-08T20:00:00Z");
    const open = { operatingDays: [1, 2, 3, 4, 5, 6, 7] };
    const today = order({ shirt: 1 }, { shippingSpeed: "same_day" });
    const choice = choose(today, [location("west", open), location("east", { ...NEW_YORK, ...open })], both, {
      now,
    });
    expect(told(choice)).toEqual(["west: shirt×1"]);
    expect(choice.ok && choice.plan.shipments[0]?.estimatedDelivery).toBe("2026-03-09T06:59:59.000Z");
    expect(reasons(choice, "east")).toEqual(["too_far_for_method"]);
  });
});

describe("the wanted date", () => {
  test("in the past is refused, today is not past", () => {
    const wanted = (requestedDeliveryDate: string) =>
      choose(order({ shirt: 1 }, { requestedDeliveryDate }), [WEST], { west: { shirt: 5 } });
    expect(told(wanted("2026-01-12"))).toEqual(["WANTED_DATE_PAST"]);
    expect(wanted("2026-01-13T00:00:00Z")).toMatchObject({
      refusal: "WANTED_DATE_NOT_REACHABLE",
      earliest: "2026-01-14",
    });
    expect(told(wanted("2026-01-14T00:00:00Z"))).toEqual(["west: shirt×1"]);
  });

  test("that nobody meets is not a lack of stock; that nobody could meet with any stock is", () => {
    const wanted = order({ shirt: 1 }, { requestedDeliveryDate: "2026-01-15" });
    expect(told(choose(wanted, [WEST, EAST], { east: { shirt: 1 } }))).toEqual(["WANTED_DATE_NOT_REACHABLE"]);
    expect(told(choose(wanted, [WEST, EAST], {}))).toEqual(["INSUFFICIENT_STOCK"]);
  });
});
