import { expect, test } from "vitest";
import { shipmentsOf } from "./shipments.ts";

const told = (
  type: Parameters<typeof shipmentsOf>[0][number]["type"],
  minute: number,
  over: object = {},
) => ({
  type,
  locationId: "east",
  effectiveAt: new Date(Date.UTC(2026, 10, 27, 10, minute)),
  data: {},
  ...over,
});
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 27, 10, minute)).toISOString();

test("of each location the last of each step counts, in whatever order it was told", () => {
  const story = [
    told("event.shipped", 9, { data: { tracking: "1Z 9" } }),
    told("event.picked", 5),
    told("event.picked", 3),
    told("event.shipped", 9, { data: { tracking: "1Z 9" } }),
    told("event.packed", 7, { locationId: "west" }),
  ];
  expect(shipmentsOf(story)).toEqual([
    { locationId: "east", pickedAt: at(5), packedAt: null, shippedAt: at(9), tracking: ["1Z 9"] },
    { locationId: "west", pickedAt: null, packedAt: at(7), shippedAt: null, tracking: [] },
  ]);
});

test("what else is in an order's story is no step, and numbers of parcels are told once each", () => {
  expect(shipmentsOf([told("reservation.reserved", 1), told("warehouse.asked", 2)])).toEqual([]);
  const two = [
    told("event.shipped", 9, { data: { tracking: "a" } }),
    told("event.shipped", 8, { data: { tracking: "b" } }),
  ];
  expect(shipmentsOf(two)).toMatchObject([{ shippedAt: at(9), tracking: ["a", "b"] }]);
});
