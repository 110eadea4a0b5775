import { randomBytes } from "node:crypto";
import {
  cookieShopper,
  merchantShopper,
  placeOfEntry,
  placeOfHold,
  type SaleTag,
} from "@dropgate/contracts/ids";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entryIdFor, newHoldId, newSaleTag, placeOfShopper } from "./ids.ts";

const sale = { tag: "abc234" as SaleTag, idKey: randomBytes(32), laneCount: 7 };

test("an id says where it lives", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 128 }),
      fc.integer({ min: 1, max: 99 }),
      (name, attempt) => {
        const shopper = merchantShopper(name);
        const { lane, shopperKey } = placeOfShopper(sale, shopper);
        expect(shopperKey).toMatch(/^[A-Za-z0-9_-]{22}$/);
        expect(placeOfEntry(entryIdFor(sale, lane, shopper, attempt))).toEqual({ tag: sale.tag, lane });
      },
    ),
  );
  expect(placeOfHold(newHoldId(sale.tag, 255))).toEqual({ tag: sale.tag, lane: 255 });
});

test("every retry names the same entry, and nobody else's", () => {
  const mine = entryIdFor(sale, 3, merchantShopper("ann"), 1);
  expect(entryIdFor(sale, 3, merchantShopper("ann"), 1)).toBe(mine);
  expect(entryIdFor(sale, 3, merchantShopper("ann"), 2)).not.toBe(mine);
  expect(entryIdFor(sale, 3, cookieShopper("ann"), 1)).not.toBe(mine);
  expect(entryIdFor({ ...sale, idKey: randomBytes(32) }, 3, merchantShopper("ann"), 1)).not.toBe(mine);
  // A line break in a name must not make one shopper's second attempt another's first.
  expect(entryIdFor(sale, 3, merchantShopper("1\nann"), 1)).not.toBe(
    entryIdFor(sale, 3, merchantShopper("ann"), 1),
  );
});

test("an entry id is not a hold id, nor the other way round", () => {
  expect(placeOfHold(entryIdFor(sale, 0, merchantShopper("ann"), 1))).toBeNull();
  expect(placeOfEntry(newHoldId(sale.tag, 0))).toBeNull();
});

test("a tag is six letters that ids can carry", () => {
  for (let i = 0; i < 100; i++) expect(newSaleTag()).toMatch(/^[a-z2-7]{6}$/);
});
