import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sheet = readFileSync(new URL("console.css", import.meta.url), "utf8");
const tokens = new Map(
  [...sheet.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? "", { light: light ?? "", dark: dark ?? "" }],
  ),
);

/** WCAG 2.2's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** What is read on what; beside it how much it needs. */
const PAIRS: [string, string, number][] = [
  ...["paper", "card", "inset"].flatMap((ground): [string, string, number][] => [
    ["ink", ground, 7],
    ["soft", ground, 4.5],
    ["accent", ground, 4.5],
    ["bad", ground, 4.5],
    ["warning", ground, 4.5],
    ["good", ground, 4.5],
    ["focus", ground, 3],
    ["line", ground, 3],
  ]),
  ["on-accent", "accent", 4.5],
  ["accent", "accent-soft", 4.5],
  ["ink", "accent-soft", 4.5],
  ["good", "good-soft", 4.5],
  ["warning", "warning-soft", 4.5],
  ["bad", "bad-soft", 4.5],
  ["chart-text", "card", 4.5],
  ...[1, 2, 3, 4, 5, 6].map((curve): [string, string, number] => [`curve-${curve}`, "card", 3]),
];

test.each(["light", "dark"] as const)(
  "in %s everything that is read has the contrast that it needs",
  (scheme) => {
    const short = PAIRS.flatMap(([front, back, needed]) => {
      const [one, other] = [tokens.get(front)?.[scheme], tokens.get(back)?.[scheme]];
      if (one === undefined || other === undefined) return [`${front} on ${back}: no such token`];
      const is = contrast(one, other);
      return is >= needed ? [] : [`${front} on ${back}: ${is.toFixed(2)} of ${needed}`];
    });
    expect(short).toEqual([]);
  },
);

test("the measure is WCAG's", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
