import { expect, test } from "vitest";
import { mannersOf } from "./manners.ts";

test("most of a crowd buys, and every kind of trouble is in it", () => {
  let step = 0;
  const spread = (): number => (step++ * 0.618_033_988_7) % 1;
  const names = new Map<string, number>();
  for (let shopper = 0; shopper < 2_000; shopper++) {
    const { name, plan } = mannersOf(spread);
    names.set(name, (names.get(name) ?? 0) + 1);
    expect(plan.decideAfterMs).toBeLessThan(10_000);
    expect(plan.payAfterMs).toBeLessThan(15_000);
  }
  expect(names.size).toBe(8);
  expect(names.get("buys")).toBeGreaterThan(1_200);
});
