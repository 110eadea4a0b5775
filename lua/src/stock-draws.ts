// What is done to which SKUs, drawn by fast-check, which also finds the shortest sequence that still fails.
import { skuSchema } from "@dropgate/contracts/values";
import * as fc from "fast-check";
import type { Step, StockAct } from "./stock-acts.ts";
import type { StockState } from "./stock-model.ts";
import type { StockHold, StockLine, StockRow } from "./stock-store.ts";

const LOCATIONS = ["east", "west", "-", "_", "A-1_b", "x".repeat(64)];
const RESERVATIONS = ["r0", "r1", "r2", "r3", "-", "_".repeat(64)];
const STOCK_PARTS = ["levels", "pending", "display", "filling"] as const;

// Mostly the first of them, for a hold is only held where something lies.
const locationId = fc.nat(7).map((drawn) => LOCATIONS[Math.max(0, drawn - 2)] ?? "east");
const small = fc.nat(2);
const row: fc.Arbitrary<StockRow> = fc.record({
  locationId,
  rev: fc.nat(6),
  onHand: fc.oneof({ weight: 19, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.constant(1e9) }),
  allocated: small,
  reserved: small,
  safetyStock: fc.nat(2),
  sellable: fc.nat(9).map((drawn) => drawn > 0),
});
const rows = fc.array(row, { maxLength: 8, size: "max" });
const line: fc.Arbitrary<StockLine> = fc.record({
  locationId,
  quantity: fc.oneof(
    { weight: 19, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.constant(1e9) },
  ),
});
const reservationId = fc.nat(7).map((drawn) => RESERVATIONS[Math.max(0, drawn - 2)] ?? "r0");
const hold: fc.Arbitrary<StockHold> = fc.record({
  reservationId,
  lines: fc.array(line, { minLength: 1, maxLength: 2 }),
});
const back = fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) });

const act: fc.Arbitrary<StockAct> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<StockAct>({ act: "look" }) },
  { weight: 3, arbitrary: fc.constant<StockAct>({ act: "readDisplay" }) },
  {
    weight: 8,
    arbitrary: fc.record({ act: fc.constant("hold"), holds: fc.array(hold, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 12, arbitrary: fc.record({ act: fc.constant("load"), back, rows }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("settle"),
      ended: fc.array(reservationId, { maxLength: 2 }),
      rows,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("drop"), shownOnly: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("fillDisplay"), back, text: fc.string({ unit: "binary" }) }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("age"), reservationId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("lose"),
      what: fc.oneof(
        fc.constantFrom(...STOCK_PARTS).map((one) => [one]),
        fc.constant<(keyof StockState)[]>([...STOCK_PARTS]),
      ),
    }),
  },
) as fc.Arbitrary<StockAct>; // fc.constant widens the names

/** Separators of keys and patterns, spaces, other alphabets, and names that begin as another's key goes on. */
const HOSTILE = [
  "a",
  "a:levels",
  "a}:{b",
  "{a}",
  "*",
  "a b",
  " ",
  "|",
  "=",
  ",",
  "靴",
  "é",
  "é",
  "\u202e",
  "%7B",
];
export const threeSkus: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc
    .oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }))
    .filter((sku) => skuSchema.safeParse(sku).success),
  { minLength: 3, maxLength: 3 },
);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  // Mostly the first, for much has to happen to one before it is interesting.
  fc.record({ nth: fc.constantFrom(0, 0, 0, 0, 0, 1, 2), act, twice: fc.nat(5).map((drawn) => drawn === 0) }),
  { minLength: 1, maxLength: 80, size: "max" },
);
