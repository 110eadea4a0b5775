// What a style sheet's custom properties are worth, in light and in dark: for the tests that hold each colour that is
// read against what it is read on. It reads the sheets as they stand, so that no second list of colours can be stale.
import { contrast, mix, type Scheme } from "@dropgate/contracts/theme-colors";

/** Custom properties by name (without `--`), as they are written. */
export type Tokens = ReadonlyMap<string, string>;

const DECLARATION = /--([\w-]+):\s*([^;]+);/g;
const PAIR = /^light-dark\(\s*(.+?)\s*,\s*(.+?)\s*\)$/s;

/** The tokens of a sheet's `:root`, with those of its dark block over them, or both halves of `light-dark()`. */
export function rootTokens(sheet: string, scheme: Scheme): Tokens {
  const bare = sheet.replace(/\/\*.*?\*\//gs, "");
  const dark = /@media \(prefers-color-scheme: dark\)\s*\{\s*:root\s*\{(.*?)\}/s.exec(bare)?.[1] ?? "";
  const light = /(?:^|\})\s*:root\s*\{(.*?)\}/s.exec(bare)?.[1] ?? "";
  const tokens = new Map<string, string>();
  for (const block of scheme === "dark" ? [light, dark] : [light]) {
    for (const [, name = "", value = ""] of block.matchAll(DECLARATION)) {
      const [, ofLight = value, ofDark = value] = PAIR.exec(value) ?? [];
      tokens.set(name, (scheme === "dark" ? ofDark : ofLight).trim());
    }
  }
  return tokens;
}

/** The tokens where a rule of this selector applies. @throws when the sheet has no such rule that sets any */
export function tokensWithin(tokens: Tokens, sheet: string, selector: string): Tokens {
  const rules = [...sheet.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, heads = ""]) =>
    heads
      .replace(/\/\*.*?\*\//gs, "")
      .split(",")
      .some((head) => head.trim() === selector),
  );
  const set = rules.flatMap(([, , body = ""]) => [...body.matchAll(DECLARATION)]);
  if (set.length === 0) throw new Error(`no rule ${selector} sets a token`);
  return new Map([...tokens, ...set.map(([, name = "", value = ""]) => [name, value.trim()] as const)]);
}

/**
 * What a token comes to, as `#rrggbb`: through `var()` and `color-mix()`.
 * @throws for a name that there is not, a ring of them, or a way of writing that this does not know
 */
export function colorOf(tokens: Tokens, name: string): string {
  return worth(`var(--${name})`, tokens, []);
}

function worth(value: string, tokens: Tokens, through: readonly string[]): string {
  if (/^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase();
  const name = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (name !== undefined) {
    const written = tokens.get(name);
    if (written === undefined) throw new Error(`no such token: ${name}`);
    if (through.includes(name)) throw new Error(`a ring: ${[...through, name].join(" → ")}`);
    return worth(written, tokens, [...through, name]);
  }
  const mixed = /^color-mix\(in srgb, (.+) (\d+)%, (.+)\)$/.exec(value);
  if (mixed === null) throw new Error(`not a colour that is known how to read: ${value}`);
  const [, one = "", share = "", other = ""] = mixed;
  return mix(worth(other, tokens, through), worth(one, tokens, through), Number(share) / 100);
}

/** What is read, on what, and how much it needs. */
export type Pair = readonly [front: string, ground: string, needed: number];

/** Those that fall short, in words: empty, all can be read. */
export function shortPairs(tokens: Tokens, pairs: readonly Pair[]): string[] {
  return pairs.flatMap(([front, ground, needed]) => {
    const is = contrast(colorOf(tokens, front), colorOf(tokens, ground));
    return is >= needed ? [] : [`${front} on ${ground}: ${is.toFixed(2)} of ${needed}`];
  });
}
