import { expect, test } from "vitest";
import { countRepeats } from "./repeats.ts";

test("the same words are shown once in ten seconds, then with how often they were left out", () => {
  const show = countRepeats();
  expect(show("a", 0)).toBe("a");
  expect(show("a", 1)).toBeUndefined();
  expect(show("b", 2)).toBe("b");
  expect(show("a", 9_999)).toBeUndefined();
  expect(show("a", 10_000)).toBe("a (and 2 times before)");
  expect(show("a", 20_000)).toBe("a");
});

test("what is remembered stays bounded", () => {
  const show = countRepeats();
  for (let n = 0; n < 501; n += 1) show(`line ${n}`, 0);
  expect(show("line 0", 1)).toBe("line 0");
});
