// Every text, figure, button and ring of the waiting room against what it stands on, in each tone of the card, in light
// and dark, and in whatever colours an operator may choose. Read from the sheets themselves.
import { readFileSync } from "node:fs";
import {
  contrastFaults,
  pageColors,
  SCHEMES,
  type Scheme,
  SHAPE_CONTRAST_MIN as SHAPE,
  TEXT_CONTRAST_MIN as TEXT,
} from "@dropgate/contracts/theme-colors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { colorOf, type Pair, rootTokens, shortPairs, type Tokens, tokensWithin } from "./sheet-colors.ts";
import { themeHead } from "./theme-parts.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const tokensSheet = read("tokens.css");
const cardSheet = read("../card/card.module.css");
/** Everything that the page loads. */
const SHEETS = [
  "shell.css",
  "room.css",
  "facts.css",
  "../card/card.module.css",
  "../page/page.module.css",
  "../notify/notify.module.css",
  "../telling/announcer.module.css",
];

/** Outside the card, and what stands in it whatever its tone. */
const PAGE: Pair[] = [
  ["ink", "paper", TEXT],
  ["soft", "paper", TEXT],
  // The code and headings of what is below the card, and the bar of a check of the draw.
  ["ink", "card", TEXT],
  ["soft", "card", TEXT],
  ["ink", "faint", TEXT],
  ["turn-text", "paper", TEXT],
  ["turn-text", "turn-soft", TEXT],
  ["red", "paper", TEXT],
  ["red", "red-soft", TEXT],
  // What is fixed above everything: the rehearsal's line, and that nothing reaches us.
  ["paper", "ink", TEXT],
  // A dialog, with its field and what it says of it.
  ["red", "card", TEXT],
  ["line", "card", SHAPE],
  ["line", "paper", SHAPE],
  ["focus", "card", SHAPE],
  ["focus", "paper", SHAPE],
  // What was refused stands on a ground of its own.
  ["amber", "amber-soft", TEXT],
];

interface Tone {
  /** Of the card; `calm` is the one without a name. */
  name: string;
  ground: string;
  /** The big figure and the bar: 3 to 1, for the one is large and the other a shape. */
  figure: string;
}
const TONES: Tone[] = [
  { name: "calm", ground: "card", figure: "ink" },
  { name: "turn", ground: "turn", figure: "ink" },
  { name: "held", ground: "card", figure: "turn" },
  { name: "amber", ground: "amber-soft", figure: "amber" },
  { name: "red", ground: "red-soft", figure: "red" },
];

/** What the card says in any tone. */
const ofTone = ({ ground, figure }: Tone): Pair[] => [
  ["ink", ground, TEXT],
  ["soft", ground, TEXT],
  ["on-fill", "fill", TEXT],
  ["on-fill", "fill-hover", TEXT],
  ["fill", ground, SHAPE],
  ["fill-hover", ground, SHAPE],
  [figure, ground, SHAPE],
  [figure, "faint", SHAPE],
  // Edges of what can be pressed, the switch, and figures that are only the last we heard.
  ["line", ground, SHAPE],
  ["focus", ground, SHAPE],
];

function tokensOf(base: Tokens, { name }: Tone): Tokens {
  return name === "calm" ? base : tokensWithin(base, cardSheet, `.card[data-tone="${name}"]`);
}

/** All that cannot be read of a page in these colours. */
function faultsOf(base: Tokens): string[] {
  return [
    ...shortPairs(base, PAGE),
    ...TONES.flatMap((tone) =>
      shortPairs(tokensOf(base, tone), ofTone(tone)).map((fault) => `${tone.name}: ${fault}`),
    ),
  ];
}

test.each(SCHEMES)("in %s everything that is read has the contrast that it needs", (scheme) => {
  expect(faultsOf(rootTokens(tokensSheet, scheme))).toEqual([]);
});

test.each(SCHEMES)(
  "whatever four colours of %s an operator may choose, all of it can be read",
  (scheme: Scheme) => {
    const color = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, "0")}`);
    const base = rootTokens(tokensSheet, scheme);
    let passed = 0;
    fc.assert(
      fc.property(fc.record({ background: color, card: color, text: color, accent: color }), (colors) => {
        if (contrastFaults(scheme, colors).length > 0) return;
        passed++;
        const faults = faultsOf(new Map([...base, ...Object.entries(pageColors(colors))]));
        if (faults.length > 0) throw new Error(`${faults.join("; ")} of ${JSON.stringify(colors)}`);
      }),
      { numRuns: 10_000 },
    );
    expect(passed).toBeGreaterThan(150);
  },
);

test("every tone that the card has is tried, and so is every colour of the sheets", () => {
  const tones = new Set([...cardSheet.matchAll(/data-tone="(\w+)"/g)].map(([, name]) => name));
  expect([...tones, "calm"].filter((name) => name !== "done").toSorted()).toEqual(
    TONES.map(({ name }) => name).toSorted(),
  );
  const tried = new Set([...PAGE, ...TONES.flatMap(ofTone)].flat());
  // Of the picture's ground nothing is read: the letter on it is no more than a pattern.
  const grounds = new Set(["picture"]);
  for (const path of SHEETS) {
    const sheet = read(path)
      .replace(/\/\*.*?\*\//gs, "")
      .replace(/@media \(forced-colors.*/s, "");
    const colors = [
      ...sheet.matchAll(
        /[^-\w](?:color|background|border|border-color|fill|outline|text-decoration-color|box-shadow):\s*([^;]+);/g,
      ),
    ];
    for (const [, value = ""] of colors) {
      for (const [, name = ""] of value.matchAll(/var\(--([\w-]+)\)/g)) {
        if (name === "shade") continue;
        expect(tried.has(name) || grounds.has(name) || name.startsWith("on-turn"), `${path}: --${name}`).toBe(
          true,
        );
      }
      // A colour that is no token has no dark half. The code is black on white for its readers; the rest is shade.
      if (/#[0-9a-f]{3,8}\b/i.test(value))
        expect([path, value]).toEqual(["../notify/notify.module.css", "#ffffff"]);
    }
  }
});

test("nothing that is read is dimmed: what shows through changes every contrast", () => {
  const dimmed = SHEETS.flatMap((path) =>
    [...read(path).matchAll(/([^{}]+)\{[^{}]*\bopacity: (?!1;)[^;]+;/g)].map(([, head = ""]) => head.trim()),
  );
  // The pattern in a picture's place, and the dots where a number will come.
  expect(dimmed).toEqual([".dg-monogram", "50%"]);
});

test("a phone's own frame has the page's ground", () => {
  for (const scheme of SCHEMES) {
    const paper = colorOf(rootTokens(tokensSheet, scheme), "paper");
    expect(themeHead({ sheet: null })).toContain(`scheme: ${scheme})" content="${paper}"`);
  }
});

test("a colour that is too near, a ring, a name that there is not and a strange spelling are found", () => {
  const tokens = new Map([
    ["a", "#777777"],
    ["b", "#ffffff"],
    ["c", "var(--d)"],
    ["d", "var(--c)"],
    ["e", "rgb(0 0 0)"],
  ]);
  expect(
    shortPairs(tokens, [
      ["a", "b", TEXT],
      ["a", "b", SHAPE],
    ]),
  ).toEqual(["a on b: 4.48 of 4.5"]);
  expect(() => colorOf(tokens, "c")).toThrow("a ring: c → d → c");
  expect(() => colorOf(tokens, "f")).toThrow("no such token: f");
  expect(() => colorOf(tokens, "e")).toThrow("rgb(0 0 0)");
  expect(() => tokensWithin(tokens, cardSheet, ".nowhere")).toThrow(".nowhere");
});
