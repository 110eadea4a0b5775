import { expect, test } from "vitest";
import { faultAt } from "./use-fields.ts";

test("what is wrong with a part of a list is told beside the field that holds the list", () => {
  const faults = new Map([
    ["/shippingMethods/1/cutoff", "A time of day."],
    ["/shippingMethods/2/cutoff", "Another one."],
    ["/name", "Too long."],
  ]);
  expect(faultAt(faults, "/shippingMethods")).toBe("A time of day.");
  expect(faultAt(faults, "/name")).toBe("Too long.");
  // A pointer that only begins with the same letters is another field's.
  expect(faultAt(faults, "/nam")).toBeNull();
});
