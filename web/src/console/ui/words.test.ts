import { expect, test } from "vitest";
import { dataInWords } from "./words.ts";

test("what an act said besides is told without brackets, and nothing of it is lost", () => {
  expect(dataInWords({ ratePerSecond: 5, phase: "lobby", from: { index: 1 }, by: null })).toBe(
    'rate per second 5, phase lobby, from {"index":1}, by null',
  );
  expect(dataInWords({})).toBe("");
});
