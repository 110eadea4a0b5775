import type { ShopperKey } from "@dropgate/contracts/ids";
import { SOLD_OUT_KNOWN_MS } from "@dropgate/contracts/limits";
import { expect, test } from "vitest";
import { PoolLevels } from "./pool-levels.ts";
import { SoldOut } from "./sold-out.ts";

const key = (name: string): ShopperKey => name as ShopperKey;

test("what was found is believed for about a second, renewed for as long again, and then not known", () => {
  for (const random of [0, 0.5, 1]) {
    const soldOut = new SoldOut();
    expect(soldOut.view(0)).toBe("unknown");
    soldOut.found(0, random);
    const lifeMs = SOLD_OUT_KNOWN_MS * (0.75 + random / 2);
    expect(soldOut.view(lifeMs - 1)).toBe("known");
    expect(soldOut.view(lifeMs)).toBe("renew");
    expect(soldOut.view(lifeMs * 2)).toBe("unknown");
    soldOut.found(10_000, random);
    soldOut.end();
    expect(soldOut.view(10_001)).toBe("unknown");
  }
});

test("everybody may hold a unit until the holders are read; then those, and whose cards changed since", () => {
  const soldOut = new SoldOut();
  expect(soldOut.mayHold(key("ann"))).toBe(true);
  soldOut.readingHolders();
  soldOut.cardsChanged([key("bob")]);
  soldOut.readHolders([key("ann")]);
  soldOut.cardsChanged([key("cid")]);
  expect(["ann", "bob", "cid", "dan"].map((name) => soldOut.mayHold(key(name)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  soldOut.forgetHolders();
  expect([soldOut.holdersWereRead, soldOut.mayHold(key("dan"))]).toEqual([false, true]);
  soldOut.readHolders(null);
  expect([soldOut.holdersWereRead, soldOut.mayHold(key("dan"))]).toEqual([true, true]);
});

test("an answer that is older than the word of a unit that came back makes no pool empty", () => {
  const levels = new PoolLevels(2);
  const [first, second] = [levels.asking(0), levels.asking(1)];
  levels.gave(0, first, 3, 1);
  levels.read(1, second, 0);
  expect(levels.areEmpty).toBe(true);
  const late = levels.asking(0);
  levels.forget(0);
  levels.gave(0, late, 1, 0);
  expect(levels.areEmpty).toBe(false);
  levels.read(0, late, 0);
  expect(levels.counts).toEqual([null, 0]);
  levels.read(0, levels.asking(0), 2);
  levels.gave(0, levels.asking(0), 1, 1);
  expect(levels.counts).toEqual([1, 0]);
  // Others take and give as well: used up by our own count is not known to be empty.
  levels.gave(0, levels.asking(0), 1, 1);
  expect(levels.counts).toEqual([null, 0]);
});
