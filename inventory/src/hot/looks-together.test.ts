// Who joins a look has asked before it goes out.
import { expect, test } from "vitest";
import { LooksTogether } from "./looks-together.ts";

test("looks of one turn are one call, and one that is asked for later never gets an earlier answer", async () => {
  const calls: string[] = [];
  let onHand = 1;
  const looks = new LooksTogether(async (sku) => {
    calls.push(sku);
    const seen = onHand;
    await new Promise(setImmediate);
    const level = {
      locationId: "l",
      rev: 1,
      allocated: 0,
      reserved: 0,
      safetyStock: 0,
      sellable: true,
      held: 0,
    };
    return [{ ...level, onHand: seen }];
  });
  const both = Promise.all([looks.of("a"), looks.of("b"), looks.of("a")]);
  while (calls.length < 2) await new Promise(setImmediate);
  onHand = 2;
  const later = looks.of("a");
  expect((await both).map(([level]) => level?.onHand)).toEqual([1, 1, 1]);
  expect((await later)[0]?.onHand).toBe(2);
  expect(calls).toEqual(["a", "b", "a"]);
});

test("a look that fails fails for all who share it, and the next is asked anew", async () => {
  let away = true;
  const looks = new LooksTogether(async () => {
    if (away) throw new Error("away");
    return [];
  });
  const all = await Promise.all([looks.of("a"), looks.of("a")].map((look) => look.catch(String)));
  expect(all).toEqual(["Error: away", "Error: away"]);
  away = false;
  expect(await looks.of("a")).toEqual([]);
});
