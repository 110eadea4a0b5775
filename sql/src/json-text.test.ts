import { expect, test } from "vitest";
import { JsonText, jsonTextOf } from "./json-text.ts";

const plan = { shipments: [{ locationId: "east: ü", lines: [1, null] }] };

test("what is text already is written as what it was made of, by itself and within another value", () => {
  const text = new JsonText(plan);
  expect(jsonTextOf(text)).toBe(JSON.stringify(plan));
  expect(JSON.stringify({ plan: text })).toBe(JSON.stringify({ plan }));
});

test("it stays as it was, though the value changes", () => {
  const value = { quantity: 1 };
  const text = new JsonText(value);
  value.quantity = 2;
  expect(jsonTextOf(text)).toBe('{"quantity":1}');
  expect(jsonTextOf(value)).toBe('{"quantity":2}');
});
