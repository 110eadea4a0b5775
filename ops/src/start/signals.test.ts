import { expect, test } from "vitest";
import { wishOf } from "./signals.ts";

test("signals within a second of the first are one wish, a later one ends it at once", () => {
  expect(wishOf(undefined, 5)).toBe("stop");
  expect(wishOf(5, 5)).toBe("same wish");
  expect(wishOf(5, 1_005)).toBe("same wish");
  expect(wishOf(5, 1_006)).toBe("end at once");
});
