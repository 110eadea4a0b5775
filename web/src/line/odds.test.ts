import { expect, test } from "vitest";
import { oddsOf } from "./odds.ts";

test.each([
  [1, "sure"],
  [120, "sure"],
  [121, "likely"],
  [156, "likely"],
  [157, "possible"],
  [240, "possible"],
  [241, "unlikely"],
] as const)("of 120 units, number %i: a unit is %s", (ticket, odds) => {
  expect(oddsOf(ticket, 120)).toBe(odds);
});
