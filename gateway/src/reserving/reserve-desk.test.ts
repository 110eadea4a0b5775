// When the hot store holds what an order wants: where its last pieces could be gone before PostgreSQL has judged. And
// when PostgreSQL need not judge it by itself: where little is promised.
import { STOCK_PLENTY, STOCK_PLENTY_TIMES } from "@dropgate/contracts/limits";
import { expect, test } from "vitest";
import { isPlenty, isScarce } from "./reserve-desk.ts";

const levels = (available: number, reserved = 0) => {
  const rest = { sku: "shirt", sellable: true, held: 0 };
  return new Map([
    [
      "shirt",
      [
        { ...rest, locationId: "west", onHand: 0, reserved: 0, available: 0 },
        { ...rest, locationId: "east", onHand: available + reserved, reserved, available },
      ],
    ],
  ]);
};
const line = (quantity: number, locationId = "east", sku = "shirt") => ({ sku, locationId, quantity });

test("an ordinary order for what there is plenty of is neither held nor judged by itself", () => {
  for (const [wanted, known] of [
    [line(1), levels(STOCK_PLENTY)],
    [line(10), levels(10 * STOCK_PLENTY_TIMES)],
    [line(1), levels(STOCK_PLENTY, STOCK_PLENTY - 2)],
  ] as const) {
    expect([isScarce(wanted, known), isPlenty(wanted, known)]).toEqual([false, true]);
  }
});

test.each([
  ["fewer lie there", line(1), levels(STOCK_PLENTY - 1)],
  ["it wants much of it", line(11), levels(11 * STOCK_PLENTY_TIMES - 1)],
  ["it lies elsewhere", line(1, "west"), levels(STOCK_PLENTY)],
  ["nobody knows the place", line(1, "north"), levels(STOCK_PLENTY)],
  ["nobody knows the SKU", line(1, "east", "hat"), levels(STOCK_PLENTY)],
])("it is both where %s", (_why, wanted, known) => {
  expect([isScarce(wanted, known), isPlenty(wanted, known)]).toEqual([true, false]);
});

test("of what is promised to half nothing is held, and each is judged", () => {
  const known = levels(STOCK_PLENTY, STOCK_PLENTY - 1);
  expect([isScarce(line(1), known), isPlenty(line(1), known)]).toEqual([false, false]);
});
