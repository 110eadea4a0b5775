// The waiting room's own colours and measures, read from the sheet that it has them from: a preview that had a copy would
// be wrong one day. Pure.
import type { Scheme, SchemeColors } from "@dropgate/contracts/theme-colors";

export type Tokens = Readonly<Record<string, string>>;

/** @param sheet tokens.css: the light values first, and what is another in the dark in a media query */
export function tokensOf(sheet: string): Record<Scheme, Tokens> {
  const [light, rest = ""] = sheet.split(/@media \(prefers-color-scheme: dark\) \{/);
  const own = rootOf(light ?? "");
  return { light: own, dark: { ...own, ...rootOf(rest) } };
}

function rootOf(css: string): Tokens {
  const block = /:root \{([^}]*)\}/.exec(css)?.[1] ?? "";
  const plain = block.replaceAll(/\/\*.*?\*\//gs, "");
  const pairs = [...plain.matchAll(/(--[\w-]+):\s*([^;]+);/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name ?? "", (value ?? "").trim()]));
}

/** The four that an operator may choose, as they are where nobody has chosen: buttons are ink there, and the accent is the turn's. */
export function ownColors(tokens: Tokens): SchemeColors {
  const of = (name: string): string => tokens[name] ?? "#000000";
  return { background: of("--paper"), card: of("--card"), text: of("--ink"), accent: of("--turn") };
}
