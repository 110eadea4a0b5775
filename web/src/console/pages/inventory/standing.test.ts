import { expect, test } from "vitest";
import { standingOf } from "./standing.ts";

test("what is promised beyond what is there comes before everything else, and a level without a reorder point is never low", () => {
  const level = { available: 5, reorderPoint: 5, sellable: true };
  expect(standingOf(level)).toBe("low");
  expect(standingOf({ ...level, reorderPoint: 0 })).toBe("fine");
  expect(standingOf({ ...level, available: 0 })).toBe("none");
  expect(standingOf({ ...level, available: 0, sellable: false })).toBe("off_sale");
  expect(standingOf({ ...level, available: -1, sellable: false })).toBe("short");
});
