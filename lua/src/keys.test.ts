import type { SaleId } from "@dropgate/contracts/ids";
import { expect, test } from "vitest";
import { laneKeys, saleKeys, stockKeys } from "./keys.ts";
import { readScripts } from "./scripts.ts";
import { slotOf } from "./slots.ts";

test("the slot is computed as the specification's example has it", () => {
  expect(slotOf("123456789")).toBe(0x31c3 % 16_384);
  expect(slotOf("{user1000}.following")).toBe(slotOf("user1000"));
  // Only what stands between the first braces counts, and only if there is something.
  expect(slotOf("foo{{bar}}zap")).toBe(slotOf("{bar"));
  expect(slotOf("foo{bar}{zap}")).toBe(slotOf("bar"));
  expect(slotOf("foo{}{bar}")).not.toBe(slotOf("bar"));
});

const places: [string, number][] = [
  ["a", 0],
  ["autumn-drop", 3],
  ["s".repeat(64), 255],
  ["_-_", 17],
];
test.each(places)("each script's keys lie in one slot: sale %s, lane %i", (sale, lane) => {
  const saleId = sale as SaleId;
  const all: Record<string, string> = {
    ...laneKeys({ saleId, lane, epoch: 12 }),
    ...saleKeys(saleId),
    ...stockKeys({ sku: sale, truth: "t" }, "run"),
  };
  for (const { name, header } of readScripts().values()) {
    const slots = new Set(header.keys.map((key) => slotOf(all[key.name] ?? "")));
    expect(slots.size, name).toBe(1);
  }
});

test("no two names of a lane or a sale are one key, and only pointer and channel outlive an epoch", () => {
  const saleId = "s" as SaleId;
  const one = laneKeys({ saleId, lane: 1, epoch: 1 });
  const two = laneKeys({ saleId, lane: 1, epoch: 2 });
  const all = [...Object.values(one), ...Object.values(saleKeys(saleId))];
  expect(new Set(all).size).toBe(all.length);
  const kept = Object.values(one).filter((key) => Object.values(two).includes(key));
  expect(kept).toEqual(["{s:1}:lane", "{s:1}:news"]);
});

test("SKUs of any letters have slots and keys of their own", () => {
  const skus = [
    "a",
    "A",
    "a ",
    "a:b",
    "{a}",
    "}{",
    "a{b}",
    "é",
    "e\u0301",
    "鞋",
    "\u{1f45f}",
    "levels",
    "💥".repeat(32),
  ];
  const keys = skus.flatMap((sku) => Object.values(stockKeys({ sku, truth: "t" }, "run")));
  expect(new Set(keys).size).toBe(keys.length);
  for (const sku of skus) {
    const own = Object.values(stockKeys({ sku, truth: "t" }, "run"));
    expect(new Set(own.map(slotOf)).size, sku).toBe(1);
    for (const key of own) expect(key).toMatch(/^\{stock:[\w-]+\}:t:run:\w+$/);
    expect(Object.values(stockKeys({ sku, truth: "t" }, "another"))).not.toEqual(own);
    expect(Object.values(stockKeys({ sku, truth: "u" }, "run"))).not.toEqual(own);
  }
});
