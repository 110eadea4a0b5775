import { expect, test } from "vitest";
import { meaningOf } from "./shortcuts.tsx";

const free = { isTyping: false, hasModifier: false };

test("g and a letter go to a place, and the letter alone does nothing", () => {
  expect(meaningOf({ key: "g", ...free }, false)).toEqual({ does: "lead" });
  expect(meaningOf({ key: "s", ...free }, true)).toEqual({ does: "go", to: "/sales" });
  expect(meaningOf({ key: "s", ...free }, false)).toBeNull();
});

test("nothing is a shortcut while somebody types, or with a modifier", () => {
  for (const key of ["?", "/", "g"]) {
    expect(meaningOf({ key, isTyping: true, hasModifier: false }, false)).toBeNull();
    expect(meaningOf({ key, isTyping: false, hasModifier: true }, false)).toBeNull();
    expect(meaningOf({ key, ...free }, false)).not.toBeNull();
  }
});
