import { expect, test } from "vitest";
import { EAGER, type Plan, planFrom } from "./plan.ts";

test("a mixture gives each plan its share", () => {
  const lapse: Plan = { ...EAGER, atOffer: "lapse" };
  const mixture = [
    { weight: 3, plan: EAGER },
    { weight: 1, plan: lapse },
  ];
  const drawn = Array.from({ length: 100 }, (_, index) => planFrom(mixture, index / 100));
  expect(drawn.filter((plan) => plan === lapse)).toHaveLength(25);
});
