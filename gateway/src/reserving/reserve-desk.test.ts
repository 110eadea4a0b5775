// When the hot store holds what an order wants: where its last pieces could be gone before PostgreSQL has judged.
import { STOCK_PLENTY, STOCK_PLENTY_TIMES } from "@dropgate/contracts/limits";
import { expect, test } from "vitest";
import { isScarce } from "./reserve-desk.ts";

const rows = (available: number) => [
  { locationId: "west", onHand: 0, sellable: true, held: 0, available: 0 },
  { locationId: "east", onHand: available, sellable: true, held: 0, available },
];
const line = (quantity: number, locationId = "east") => ({ sku: "shirt", locationId, quantity });

test("an ordinary order for what there is plenty of is not held", () => {
  expect(isScarce(line(1), rows(STOCK_PLENTY))).toBe(false);
  expect(isScarce(line(10), rows(10 * STOCK_PLENTY_TIMES))).toBe(false);
});

test.each([
  ["fewer lie there", line(1), rows(STOCK_PLENTY - 1)],
  ["it wants much of it", line(11), rows(11 * STOCK_PLENTY_TIMES - 1)],
  ["it lies elsewhere", line(1, "west"), rows(STOCK_PLENTY)],
  ["nobody knows the place", line(1, "north"), rows(STOCK_PLENTY)],
  ["nobody knows the SKU", line(1), undefined],
])("it is where %s", (_why, wanted, known) => {
  expect(isScarce(wanted, known)).toBe(true);
});
