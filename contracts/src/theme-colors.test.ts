// Contrast as WCAG counts it. That whatever an operator chooses within it is readable everywhere on the page is tried
// beside the page's sheets (web/src/shell/room-contrast.test.ts).
import { describe, expect, test } from "vitest";
import { contrast, contrastFaults } from "./theme-colors.ts";

describe("contrast", () => {
  test.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#777777", "#ffffff", 4.478],
    ["#767676", "#ffffff", 4.542],
    ["#ff0000", "#ffffff", 3.998],
    ["#0000ff", "#ffffff", 8.592],
  ])("of %s and %s is %f, whichever is which", (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  test("a pair that just misses it is refused, and never shown as if it had it", () => {
    const colors = { background: "#ffffff", card: "#ffffff", text: "#777777", accent: "#949494" };
    expect(contrastFaults("light", colors)).toEqual([
      { scheme: "light", color: "text", on: "background", ratio: 4.47, needed: 4.5 },
      { scheme: "light", color: "text", on: "card", ratio: 4.47, needed: 4.5 },
    ]);
    expect(contrastFaults("light", { ...colors, text: "#767676", accent: "#959595" })).toEqual([
      { scheme: "light", color: "accent", on: "background", ratio: 2.99, needed: 3 },
      { scheme: "light", color: "accent", on: "card", ratio: 2.99, needed: 3 },
    ]);
  });
});
