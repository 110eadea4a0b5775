// Contrast as WCAG counts it, and that whatever an operator chooses within it is readable everywhere on the page.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contrast,
  contrastFaults,
  pageColors,
  type SchemeColors,
  SHAPE_CONTRAST_MIN,
  TEXT_CONTRAST_MIN,
} from "./theme-colors.ts";

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

/** Which text stands on which ground, as the page's style sheets have it. */
const TEXT_ON: Record<string, readonly string[]> = {
  ink: ["paper", "card", "faint", "turn-soft", "amber-soft", "red-soft"],
  soft: ["paper", "card", "amber-soft", "red-soft", "turn-soft"],
  "turn-text": ["paper", "card", "turn-soft"],
  amber: ["card", "amber-soft"],
  red: ["paper", "card", "red-soft"],
  "on-fill": ["fill", "fill-hover"],
  "on-turn": ["turn", "turn-hover"],
  "on-turn-soft": ["turn"],
};
const SHAPE_ON: Record<string, readonly string[]> = {
  line: ["paper", "card"],
  turn: ["paper", "card"],
  focus: ["paper", "card"],
};

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

test("whatever four colours pass, every text of the page is readable on every ground it has", () => {
  const given: fc.Arbitrary<SchemeColors> = fc.record({
    background: color,
    card: color,
    text: color,
    accent: color,
  });
  let passed = 0;
  const isReadable = (colors: SchemeColors): void => {
    if (contrastFaults("dark", colors).length > 0) return;
    passed += 1;
    const page = pageColors(colors);
    for (const [rule, needed] of [
      [TEXT_ON, TEXT_CONTRAST_MIN],
      [SHAPE_ON, SHAPE_CONTRAST_MIN],
    ] as const) {
      for (const [over, grounds] of Object.entries(rule)) {
        for (const ground of grounds) {
          const ratio = contrast(page[over] ?? "", page[ground] ?? "");
          if (ratio < needed) throw new Error(`${over} on ${ground}: ${ratio} of ${JSON.stringify(colors)}`);
        }
      }
    }
  };
  fc.assert(fc.property(given, isReadable), { numRuns: 20_000 });
  expect(passed).toBeGreaterThan(300);
});
