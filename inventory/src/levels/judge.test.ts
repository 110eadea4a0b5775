// The judgement of changes: by example, and for any levels and changes.
import { QUANTITIES, type Quantity } from "@dropgate/contracts/inventory";
import { STOCK_MAX } from "@dropgate/contracts/limits";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { availableOf, judgeChanges, type LevelChange, NOTHING, nameOf } from "./judge.ts";

const level = (over: Partial<LevelRow> = {}): LevelRow => ({
  sku: "a:b",
  locationId: "east",
  ...NOTHING,
  reorderPoint: 0,
  safetyStock: 0,
  maxStock: null,
  sellable: true,
  receivingBlocked: false,
  lastCountedAt: null,
  lastUpdatedAt: new Date(0),
  lastOrderedAt: null,
  rev: 0,
  ...over,
});
const change = (deltas: LevelChange["deltas"], over: Partial<LevelChange> = {}): LevelChange => ({
  sku: "a:b",
  locationId: "east",
  deltas,
  type: "adjustment",
  actor: "somebody",
  ...over,
});
const gist = (levels: LevelRow[], changes: LevelChange[]): (number | string)[] =>
  judgeChanges(levels, [], changes).outcomes.map((outcome) =>
    outcome.ok ? availableOf(outcome.value) : outcome.refusal,
  );

describe("what is available", () => {
  test("is what lies there less what is promised and kept back", () => {
    expect(availableOf(level({ onHand: 10, allocated: 2, reserved: 3, safetyStock: 1 }))).toBe(4);
    expect(availableOf(level({ onHand: 1, reserved: 3 }))).toBe(-2);
    expect(availableOf(level({ onHand: 10, sellable: false }))).toBe(0);
  });

  test("a guarded change takes it to nothing and not below", () => {
    const take = change({ reserved: 2 }, { guarded: true });
    expect(gist([level({ onHand: 5 })], [take, take, take])).toEqual([3, 1, "INSUFFICIENT_STOCK"]);
    expect(gist([level({ onHand: 5, safetyStock: 4 })], [take])).toEqual(["INSUFFICIENT_STOCK"]);
    expect(gist([level({ onHand: 5, sellable: false })], [take])).toEqual(["INSUFFICIENT_STOCK"]);
  });

  test("a count may take it below, and what is then confirmed or given back goes on", () => {
    const counted = change({ onHand: -4 });
    const confirmed = change({ reserved: -1, allocated: 1 }, { guarded: true });
    const released = change({ reserved: -1 }, { guarded: true });
    expect(gist([level({ onHand: 5, reserved: 4 })], [counted, confirmed, released])).toEqual([-3, -3, -2]);
  });
});

test("no quantity goes below nothing, or beyond what a level counts", () => {
  for (const name of QUANTITIES) {
    const there = level({ [name]: 3 });
    const [less, none] = [change({ [name]: -4 }), change({ [name]: -3 })];
    expect(judgeChanges([there], [], [less, none]).outcomes).toMatchObject([
      { ok: false, refusal: "INSUFFICIENT_STOCK", detail: expect.stringContaining("a:b at east") },
      { ok: true, value: { [name]: 0 } },
    ]);
    const full = change({ [name]: STOCK_MAX });
    expect(judgeChanges([there], [], [full]).outcomes).toMatchObject([{ refusal: "STOCK_TOO_LARGE" }]);
  }
});

test("of a group all happen or none, where its first stands, and the others go on", () => {
  const west = { locationId: "west" };
  const group = { groupId: "order 1", guarded: true };
  const changes = [
    change({ reserved: 2 }, group),
    change({ reserved: 4 }, { guarded: true }),
    change({ reserved: 1 }, { ...group, ...west }),
  ];
  const east = level({ onHand: 5 });
  expect(gist([east, level({ ...west })], changes)).toEqual(["INSUFFICIENT_STOCK", 1, "INSUFFICIENT_STOCK"]);
  expect(gist([east, level({ ...west, onHand: 1 })], changes)).toEqual([3, "INSUFFICIENT_STOCK", 0]);
});

test("a level that cannot be says which half of it is unknown, and takes its group along", () => {
  const impossible = [
    { sku: "none", locationId: "east", lacks: "product" as const },
    { sku: "a:b", locationId: "none", lacks: "location" as const },
  ];
  const changes = [
    change({ onHand: 1 }, { sku: "none" }),
    change({ onHand: 1 }, { groupId: "g" }),
    change({ onHand: 1 }, { locationId: "none", groupId: "g" }),
  ];
  const { outcomes, transactions } = judgeChanges([level()], impossible, changes);
  expect(outcomes.map((outcome) => !outcome.ok && outcome.refusal)).toEqual([
    "PRODUCT_NOT_FOUND",
    "LOCATION_NOT_FOUND",
    "LOCATION_NOT_FOUND",
  ]);
  expect(transactions).toEqual([]);
});

const places = [
  { sku: "a", locationId: "b" },
  { sku: "a:b", locationId: "c" },
  { sku: "a", locationId: "c" },
];
const stock = fc.record({
  onHand: fc.nat(20),
  allocated: fc.nat(10),
  reserved: fc.nat(10),
  damaged: fc.nat(3),
  safetyStock: fc.nat(3),
  sellable: fc.boolean(),
});
const anyChange = fc
  .record({
    place: fc.nat(2),
    name: fc.constantFrom(...QUANTITIES),
    delta: fc.integer({ min: -8, max: 8 }).filter((delta) => delta !== 0),
    guarded: fc.boolean(),
    group: fc.option(fc.nat(3), { nil: undefined }),
  })
  .map(({ place, name, delta, guarded, group }) =>
    change({ [name]: delta } as Partial<Record<Quantity, number>>, {
      ...places[place],
      guarded,
      ...(group !== undefined && { groupId: String(group) }),
    }),
  );

test("whatever is asked: what is written is what was let through, and nothing becomes impossible", () => {
  fc.assert(
    fc.property(
      fc.tuple(stock, stock, stock),
      fc.array(anyChange, { minLength: 1, maxLength: 30 }),
      (stocks, changes) => {
        const levels = places.map((place, i) => level({ ...place, ...stocks[i] }));
        const { outcomes, moves, transactions } = judgeChanges(levels, [], changes);
        expect(outcomes).toHaveLength(changes.length);
        expect(transactions).toHaveLength(outcomes.filter(({ ok }) => ok).length);
        for (const { level: before, deltas } of moves) {
          const own = transactions.filter((transaction) => nameOf(transaction) === nameOf(before));
          for (const name of QUANTITIES) {
            expect(deltas[name]).toBe(own.reduce((sum, transaction) => sum + transaction.deltas[name], 0));
            expect(before[name] + deltas[name]).toBeGreaterThanOrEqual(0);
          }
        }
        for (const group of new Set(changes.map(({ groupId }) => groupId))) {
          if (group === undefined) continue;
          const fates = outcomes.filter((_, i) => changes[i]?.groupId === group).map(({ ok }) => ok);
          expect(new Set(fates).size).toBe(1);
        }
      },
    ),
  );
});

test("whatever is asked under guard: nothing is promised that is not there", () => {
  fc.assert(
    fc.property(
      fc.tuple(stock, stock, stock),
      fc.array(
        anyChange.map((each) => ({ ...each, guarded: true })),
        { minLength: 1, maxLength: 30 },
      ),
      (stocks, changes) => {
        const levels = places.map((place, i) => level({ ...place, ...stocks[i] }));
        for (const { level: before, deltas } of judgeChanges(levels, [], changes).moves) {
          const after = { ...before, sellable: true };
          const was = availableOf(after);
          for (const name of QUANTITIES) after[name] += deltas[name];
          expect(availableOf(after)).toBeGreaterThanOrEqual(Math.min(was, 0));
          if (!before.sellable) expect(availableOf(after)).toBeGreaterThanOrEqual(was);
        }
      },
    ),
  );
});
