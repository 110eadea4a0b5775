import { readFileSync } from "node:fs";
import {
  SCHEMES,
  SHAPE_CONTRAST_MIN as SHAPE,
  TEXT_CONTRAST_MIN as TEXT,
} from "@dropgate/contracts/theme-colors";
import { expect, test } from "vitest";
import { type Pair, rootTokens, shortPairs } from "../shell/sheet-colors.ts";

const sheet = readFileSync(new URL("console.css", import.meta.url), "utf8");

/** What is read on what; beside it how much it needs. */
const PAIRS: Pair[] = [
  ...["paper", "card", "inset"].flatMap((ground): Pair[] => [
    ["ink", ground, 7],
    ["soft", ground, TEXT],
    ["accent", ground, TEXT],
    ["bad", ground, TEXT],
    ["warning", ground, TEXT],
    ["good", ground, TEXT],
    ["focus", ground, SHAPE],
    ["line", ground, SHAPE],
  ]),
  ["on-accent", "accent", TEXT],
  ["accent", "accent-soft", TEXT],
  ["ink", "accent-soft", TEXT],
  ["good", "good-soft", TEXT],
  ["warning", "warning-soft", TEXT],
  ["bad", "bad-soft", TEXT],
  ["chart-text", "card", TEXT],
  ...[1, 2, 3, 4, 5, 6].map((curve): Pair => [`curve-${curve}`, "card", SHAPE]),
];

test.each(SCHEMES)("in %s everything that is read has the contrast that it needs", (scheme) => {
  expect(shortPairs(rootTokens(sheet, scheme), PAIRS)).toEqual([]);
});
