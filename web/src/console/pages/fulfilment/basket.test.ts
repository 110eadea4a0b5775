import { expect, test } from "vitest";
import { basketOf } from "./basket.ts";

test("each line is a SKU with its number, one when none is said, and a SKU may have spaces", () => {
  expect(basketOf("SHOE 42 2\n\n MUG \nA:{b} 10")).toEqual([
    { sku: "SHOE 42", quantity: 2 },
    { sku: "MUG", quantity: 1 },
    { sku: "A:{b}", quantity: 10 },
  ]);
});
