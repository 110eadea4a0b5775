import { readFileSync } from "node:fs";
import { pageColors, SCHEMES } from "@dropgate/contracts/theme-colors";
import { expect, test } from "vitest";
import { ownColors, tokensOf } from "./room-tokens.ts";
import { isColor } from "./theme-draft.ts";

const tokens = tokensOf(readFileSync(new URL("../../../shell/tokens.css", import.meta.url), "utf8"));

test("every colour that a theme sets is one that the page has, in both schemes, and the four are plain colours", () => {
  for (const scheme of SCHEMES) {
    const own = ownColors(tokens[scheme]);
    for (const color of Object.values(own)) expect(isColor(color), color).toBe(true);
    for (const name of Object.keys(pageColors(own))) expect(tokens[scheme]).toHaveProperty(`--${name}`);
  }
});

test("the dark values replace the light ones, and measures are the same", () => {
  expect(tokens.light["--paper"]).not.toBe(tokens.dark["--paper"]);
  expect(tokens.dark["--round"]).toBe(tokens.light["--round"]);
  expect(tokens.light["--round"]).toBeDefined();
});
