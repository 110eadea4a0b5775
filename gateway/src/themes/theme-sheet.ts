// An operator's colours as a style sheet of their own: the page allows no style within it, and the sheet's address is
// made of what is in it, so that browsers may keep it for ever.
import { createHash } from "node:crypto";
import type { ThemeColors } from "@dropgate/contracts/theme";
import { pageColors, SCHEMES, type Scheme, type SchemeColors } from "@dropgate/contracts/theme-colors";

export interface ThemeSheet {
  /** `/theme/<hash>.css`. */
  path: string;
  css: string;
}

/** Null where there are no colours: then the page's own stand. */
export function themeSheet(colors: ThemeColors): ThemeSheet | null {
  const css = SCHEMES.map((scheme) => {
    const given = colors[scheme];
    return given === undefined ? "" : schemeRule(scheme, given);
  }).join("");
  if (css === "") return null;
  const hash = createHash("sha256").update(css).digest("base64url").slice(0, 22);
  return { path: `/theme/${hash}.css`, css };
}

function schemeRule(scheme: Scheme, colors: SchemeColors): string {
  const properties = Object.entries(pageColors(colors)).map(([name, color]) => `--${name}:${color}`);
  // Twice, so that it counts for more than the page's own, whichever of the two comes first.
  return `@media (prefers-color-scheme:${scheme}){:root:root{${properties.join(";")}}}\n`;
}
