import type { HoldId } from "@dropgate/contracts/ids";
import { isFinalEntry } from "@dropgate/contracts/states/entry";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Card, packCard, parseCard, STATE_LETTERS } from "./card.ts";
import { type GeneralClient, openGeneralClient } from "./general-client.ts";
import { holdOf, WAITING } from "./lane-fixture.ts";
import { resolveIncludes } from "./scripts.ts";

let redis: GeneralClient;
beforeAll(async () => {
  redis = await openGeneralClient(inject("redisUrl"));
});
afterAll(() => redis.disconnect());

const whole = fc.oneof(fc.nat(3), fc.maxSafeNat());
const cards: fc.Arbitrary<Card> = fc
  .record({
    attempt: whole,
    rev: whole,
    state: fc.constantFrom(...(Object.keys(STATE_LETTERS) as (keyof typeof STATE_LETTERS)[])),
    leaveUnstored: fc.boolean(),
    misses: fc.nat(2),
    bought: whole,
    bucket: whole,
    seq: whole,
    ticket: fc.option(whole),
    holdId: fc.option(
      fc
        .string({ unit: fc.constantFrom("a", "z", "0", "9", "A", "Z", "_", "-"), minLength: 1 })
        .map((id) => id as HoldId),
    ),
    claimBy: fc.option(whole),
    expiresAt: fc.option(whole),
  })
  .map((card) => ({ ...card, leaveUnstored: card.leaveUnstored && card.state === "left" }));

test("a packed card is the same card again", () => {
  fc.assert(
    fc.property(cards, (card) => {
      expect(parseCard(packCard(card))).toEqual(card);
    }),
  );
});

test("Lua unpacks and packs the same text, and knows which states are final", async () => {
  const text = resolveIncludes(
    `-- INCLUDE unpack-card
-- INCLUDE pack-card
-- INCLUDE is-final
local card = unpackCard(ARGV[1])
return { packCard(card), isFinal(card) and 1 or 0 }`,
  );
  await fc.assert(
    fc.asyncProperty(cards, async (card) => {
      const final = isFinalEntry(card.state, card.misses) ? 1 : 0;
      expect(await redis.eval(text, 0, packCard(card))).toEqual([packCard(card), final]);
    }),
  );
});

test("what is no card is not read as one", () => {
  const good = packCard({ ...WAITING, holdId: holdOf("a") });
  for (const bad of ["", good.slice(0, -1), `${good}|`, good.replace("w", "x"), good.replace("1", "-1")]) {
    expect(() => parseCard(bad), bad).toThrow("no card");
  }
  expect(() => packCard({ ...WAITING, ticket: 1.5 })).toThrow(RangeError);
  expect(() => packCard({ ...WAITING, seq: -1 })).toThrow(RangeError);
  expect(() => packCard({ ...WAITING, leaveUnstored: true })).toThrow(RangeError);
});

test("the letters of states are told apart, and from an unstored leave", () => {
  const letters = [...Object.values(STATE_LETTERS), "L"];
  expect(new Set(letters).size).toBe(letters.length);
});
