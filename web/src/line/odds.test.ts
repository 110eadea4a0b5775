import { describe, expect, test } from "vitest";
import { oddsOf, takingOf } from "./odds.ts";

const early = { quantity: 120, stock: "in_stock", served: 0 } as const;

describe("what a place is worth", () => {
  test.each([
    [1, "sure"],
    [120, "sure"],
    [121, "likely"],
    [156, "likely"],
    [157, "possible"],
    [240, "possible"],
    [241, "unlikely"],
  ] as const)("of 120 units, number %i, before anything was seen: a unit is %s", (ticket, odds) => {
    expect(oddsOf(ticket, early)).toBe(odds);
  });

  test("it is more where few take what they are offered", () => {
    // 300 had their turn, and more than a tenth of 120 units are still there: hardly one in three took theirs.
    const seen = { quantity: 120, stock: "in_stock", served: 300 } as const;
    expect(takingOf(seen)?.most).toBeLessThan(0.5);
    expect(oddsOf(250, seen)).toBe("likely");
    expect(oddsOf(250, early)).toBe("unlikely");
  });

  test("it is less where nearly everybody takes theirs", () => {
    const seen = { quantity: 1_000, stock: "low_stock", served: 950 } as const;
    expect(takingOf(seen)?.least).toBeGreaterThan(0.9);
    expect(oddsOf(1_200, seen)).toBe("unlikely");
    expect(oddsOf(1_200, { ...seen, stock: "in_stock", served: 0 })).toBe("likely");
  });

  test("a handful of turns says nothing", () => {
    expect(takingOf({ quantity: 10, stock: "out_of_stock", served: 12 })).toBeNull();
  });

  test("the share lies between none and all, whatever the figures", () => {
    for (const stock of ["in_stock", "low_stock", "out_of_stock"] as const) {
      for (const served of [30, 120, 5_000]) {
        const { least, most } = takingOf({ quantity: 120, stock, served }) ?? { least: -1, most: 2 };
        expect(least).toBeGreaterThanOrEqual(0);
        expect(most).toBeLessThanOrEqual(1);
        expect(least).toBeLessThanOrEqual(most);
      }
    }
  });
});
