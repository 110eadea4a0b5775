import { readdirSync, readFileSync } from "node:fs";
import { LANGUAGES as OF_CONTRACT } from "@dropgate/contracts/languages";
import { REFUSALS, type RefusalCode } from "@dropgate/contracts/refusals";
import { describe, expect, test } from "vitest";
import { SHELL_TEXTS } from "../shell/shell-texts.ts";
import { formatsFor, type PluralForms } from "./formats.ts";
import { LANGUAGES, type Language } from "./languages.ts";

describe("times and numbers", () => {
  const { countdown, count, duration, money, span } = formatsFor("en");
  test.each([
    [8_049_000, "02:14:09"],
    [299_000, "04:59"],
    [44_200, "00:45"],
    [0, "00:00"],
    [-5_000, "00:00"],
    [3 * 86_400_000 + 3_600_000, "3d 01:00:00"],
  ])("%i ms are %s", (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });

  test("a range is short, and no range when both ends are the same", () => {
    expect(duration(6, 8, "minute")).toBe("6–8 min");
    expect(duration(2, 2, "hour")).toBe("2 hr");
    expect(formatsFor("ar").duration(6, 8, "minute")).toBe("6–8 دقائق");
    expect(formatsFor("ja").duration(6, 8, "minute")).toBe("6～8 分");
  });

  test("one is one and the rest are many", () => {
    const units = { one: "{n} unit", other: "{n} units" };
    expect([0, 1, 1_200].map((each) => count(each, units))).toEqual(["0 units", "1 unit", "1,200 units"]);
    expect(span(45, "second")).toBe("45 seconds");
  });

  test("a form that a language has and a text has not is the plain plural", () => {
    expect(formatsFor("ar").count(2, { other: "{n} x" })).toBe("2 x");
  });

  test("money has as many decimals as its currency", () => {
    expect(money({ amount: 18_000, currency: "EUR" })).toBe("€180.00");
    expect(money({ amount: 18_000, currency: "JPY" })).toBe("¥18,000");
  });

  test("another language writes its own digits", () => {
    expect(formatsFor("ar-EG").countdown(299_000)).toBe("٠٤:٥٩");
  });
});

/** By part. */
type Words = Record<string, object>;

/** All words of a language, whichever part of the page they belong to. */
async function wordsOf(language: Language): Promise<Words> {
  const { page, shell } = SHELL_TEXTS[language];
  const { formats: _formats, press, draw, away, ...rest } = page;
  return { page: rest, shell, press: await press(), draw: await draw(), away: await away() };
}

type Message = string | ((...values: never[]) => string);

/** Where words for counts stand: their forms differ by language. One check of the draw has that name, too. */
const COUNTS = /^\/\w+\/counts$/;

/** Each message by its path, without the words for counts. */
function messagesOf(words: unknown, path = ""): Map<string, Message> {
  if (typeof words === "string" || typeof words === "function") return new Map([[path, words as Message]]);
  const found = new Map<string, Message>();
  for (const [name, value] of Object.entries(words as object)) {
    if (COUNTS.test(`${path}/${name}`)) continue;
    for (const [each, message] of messagesOf(value, `${path}/${name}`)) found.set(each, message);
  }
  return found;
}

/** The words for counts of every part that has some, by part and name. */
function countsOf(words: Words): Map<string, PluralForms> {
  const found = new Map<string, PluralForms>();
  for (const [part, its] of Object.entries(words)) {
    const counts = "counts" in its ? (its.counts as Record<string, PluralForms>) : {};
    for (const [name, forms] of Object.entries(counts)) found.set(`${part}/${name}`, forms);
  }
  return found;
}

/** The forms of a language that stand for more than one number, which the text must therefore name. */
function formsOfMany(language: Language): Set<string> {
  const plurals = new Intl.PluralRules(language);
  const met = new Map<string, number>();
  for (const n of [...Array(200).keys(), 1_000_000, 2_000_000]) {
    const form = plurals.select(n);
    met.set(form, (met.get(form) ?? 0) + 1);
  }
  return new Set([...met].filter(([, times]) => times > 1).map(([form]) => form));
}

/** What each message with values is tried with: it must carry just those of them that the English one carries. */
const TITLE = "Vase 7b";
const TRIED: Record<string, unknown[][]> = {
  "/page/page/title": [[TITLE]],
  "/page/page/terms": [[3_411, 7_322]],
  "/page/figures/inDraw": [[3_411]],
  "/page/figures/inLine": [[3_411]],
  "/page/figures/ahead": [[3_411], [0]],
  "/page/figures/units": [[3_411]],
  "/page/ticket": [[3_411]],
  "/page/progress": [[7]],
  "/page/headlines/held": [["14:03:20"]],
  "/page/headlines/missed": [["14:03:20"]],
  "/page/headlines/expired": [["14:03:20"]],
  "/page/lines/lobby": [[3_411], [0]],
  "/page/lines/drawnIn": [["04:59"]],
  "/page/lines/estimate": [
    [{ unit: "minute", low: 16, high: 18, latestAt: 0, grewBy: null }],
    [{ unit: "hour", low: 2, high: 2.5, latestAt: 0, grewBy: null }],
    [{ unit: "minute", low: 0, high: 1, latestAt: 0, grewBy: null }],
  ],
  "/page/lines/odds": [
    ["sure", 7_322, 3_411],
    ["sure", 7_322, 0],
    ["likely", 7_322, 3_411],
    ["possible", 7_322, 3_411],
    ["unlikely", 7_322, 3_411],
  ],
  "/page/lines/taking": [[6]],
  "/page/lines/offered": [["5 h 7"]],
  "/page/lines/stay": [["14:03:20"]],
  "/page/lines/minutes": [[45], [600]],
  "/page/refusal": [["AWAY"], ["BUSY"], ["INTERNAL"]],
  "/page/spoken/offered": [[44]],
  "/page/spoken/secondsLeft": [[15]],
  "/page/spoken/minutesLeft": [[44]],
  "/page/tab/offered": [["00:44"]],
  "/page/tab/held": [["09:44"]],
  "/page/tab/waiting": [["3,411"]],
  "/shell/sentences/scheduled": [[Date.UTC(2026, 10, 24, 11, 41)]],
  "/shell/sentences/lobby": [[Date.UTC(2026, 10, 24, 11, 41)]],
  "/shell/sentences/rush": [[Date.UTC(2026, 10, 24, 11, 41)]],
  "/press/notification/offered/text": [[TITLE]],
  "/press/notification/back/text": [[TITLE]],
  "/press/calendar/text": [["https://shop.example/s/7"]],
  "/away/mail/on": [[TITLE]],
  "/draw/reading": [[3_411, 7_322]],
  "/draw/verdicts/valid": [[3_411]],
  "/draw/verdicts/open": [[3_411]],
  "/draw/own": [
    [3_411, 7_322],
    [3_411, null],
  ],
  "/draw/more": [[3_411]],
};

/** The values that a text carries, as numbers and marks that are written alike in every language. */
function carried(text: string, language: Language): string[] {
  const plain = text.replace(/\p{Nd}[\p{Nd}.,\u00a0\u202f]*\p{Nd}/gu, (number) =>
    number.replace(/[.,\s]/g, ""),
  );
  const marks = [TITLE, "14:03:20", "04:59", "00:44", "09:44", "5 h 7", "https://shop.example/s/7"];
  const dates = language === "en" || /11:41/.test(text) ? ["11:41"] : [];
  const numbers = ["3411", "7322", "70", "16", "18", "15", "44", "45"];
  return [...marks, ...dates]
    .filter((mark) => text.includes(mark))
    .concat(numbers.filter((n) => plain.includes(n)));
}

const english = await wordsOf("en");
const englishMessages = messagesOf(english);

test("every message with values is tried", () => {
  const withValues = [...englishMessages].filter(([, message]) => typeof message === "function");
  expect(Object.keys(TRIED).toSorted()).toEqual(withValues.map(([path]) => path).toSorted());
});

describe.each(LANGUAGES)("in %s", async (language) => {
  const words = await wordsOf(language);
  const messages = messagesOf(words);

  test("no message is missing, and none is one too many", () => {
    const optional = (path: string) => path.endsWith("/later");
    expect([...messages.keys()].filter((path) => !optional(path)).toSorted()).toEqual(
      [...englishMessages.keys()].filter((path) => !optional(path)).toSorted(),
    );
    // A check that may have to wait says so in every language.
    expect([...messages.keys()].filter(optional).toSorted()).toEqual(
      [...englishMessages.keys()].filter(optional).toSorted(),
    );
  });

  test("no message is empty, and none is the English one left standing", () => {
    const same: string[] = [];
    for (const [path, message] of messages) {
      if (typeof message !== "string") continue;
      expect(message, path).toMatch(/\S/);
      if (language !== "en" && message === englishMessages.get(path)) same.push(path);
    }
    expect(same).toEqual([]);
  });

  test("each message carries the values that it is given", () => {
    for (const [path, tries] of Object.entries(TRIED)) {
      const [said, inEnglish] = [messages.get(path), englishMessages.get(path)].map(
        (message) => message as (...values: unknown[]) => string,
      );
      for (const values of tries) {
        const text = said?.(...values) ?? "";
        expect(text, path).toMatch(/\S/);
        expect(text, path).not.toMatch(/undefined|NaN|null|\{n\}/);
        expect(carried(text, language).toSorted(), `${path}: ${text}`).toEqual(
          carried(inEnglish?.(...values) ?? "", "en").toSorted(),
        );
      }
    }
  });

  test("each count has the forms that the language has, and its number where English has it", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const many = formsOfMany(language);
    const counts = countsOf(words);
    const inEnglish = countsOf(english);
    expect([...counts.keys()].toSorted()).toEqual([...inEnglish.keys()].toSorted());
    for (const [name, has] of counts) {
      expect(Object.keys(has).toSorted(), name).toEqual([...forms].toSorted());
      const isNamed = inEnglish.get(name)?.other.includes("{n}") === true;
      for (const [form, text] of Object.entries(has)) {
        if (many.has(form)) expect(text.includes("{n}"), `${name}, ${form}: ${text}`).toBe(isNamed);
        expect(text.replace("{n}", ""), name).not.toMatch(/[{}]|^\s*$/);
      }
    }
  });

  test("what English has a sentence of its own for has one here too", () => {
    const codes = [...(Object.keys(REFUSALS) as RefusalCode[]), "AWAY" as const];
    const ownIn = (each: Language) => {
      const { refusal } = SHELL_TEXTS[each].page;
      // What a code that nobody knows is told by.
      return codes.filter((code) => refusal(code) !== refusal("" as RefusalCode));
    };
    expect(ownIn(language)).toEqual(ownIn("en"));
  });

  test.each(Object.keys(REFUSALS) as RefusalCode[])("%s is told without its code", (code) => {
    const told = SHELL_TEXTS[language].page.refusal(code);
    expect(told).toMatch(/[.。]$/);
    expect(told).not.toMatch(/[A-Z]{2,}_|error/i);
    // What English tells apart, every language tells apart.
    const hasOwn = (tongue: Language) =>
      SHELL_TEXTS[tongue].page.refusal(code) !== SHELL_TEXTS[tongue].page.refusal("NOT_FOUND");
    expect(hasOwn(language)).toBe(hasOwn("en"));
  });
});

test("the page speaks the languages of the contract, and no others", () => {
  expect(LANGUAGES).toEqual(OF_CONTRACT);
});

/** All of the page's code, but the words themselves and the tests. */
function codeOfPage(): string {
  const folder = new URL("../", import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (path) =>
        /\.tsx?$/.test(path) && !/\.test\.tsx?$|^(console|embed)\/|^texts\/[a-z]{2}(-\w+)?\.ts$/.test(path),
    )
    .map((path) => readFileSync(new URL(path, folder), "utf8"))
    .join("\n");
}

/** Lists of words that are looked up by what is so: all of them are taken with the list. */
const LOOKED_UP =
  /^\/(draw\/(checks|verdicts|marks)|press\/(questions|notification)|shell\/sentences|page\/(lines\/slowing|acting))\//;

/** Whether the code takes each part of a message's path by its name, directly or taken apart. */
function isTaken(path: string, code: string): boolean {
  const [, , ...names] = path.split("/");
  return names.every((name) => {
    // Of a list.
    if (/^\d+$/.test(name)) return true;
    return new RegExp(`\\.${name}\\b|"${name}"|[{,]\\s*${name}\\b[^{}]*\\}\\s*[=:]`).test(code);
  });
}

test("no message is there that nothing shows", () => {
  const code = codeOfPage();
  expect([...englishMessages.keys()].filter((path) => !LOOKED_UP.test(path) && !isTaken(path, code))).toEqual(
    [],
  );
  for (const path of ["/page/lines/nobodyAsks", "/page/nowhere/title", "/draw/verdictz/valid"])
    expect(isTaken(path, code), path).toBe(false);
});
