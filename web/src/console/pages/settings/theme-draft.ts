// A theme while somebody writes it: every field a text, and what is wrong with which of them, judged as the server does.
import { LANGUAGES, type Language } from "@dropgate/contracts/languages";
import type { Theme } from "@dropgate/contracts/theme";
import {
  contrast,
  contrastFaults,
  SCHEMES,
  type Scheme,
  type SchemeColors,
} from "@dropgate/contracts/theme-colors";
import { THEME_TEXTS, type ThemeText } from "@dropgate/contracts/theme-texts";

export const TEXTS = Object.keys(THEME_TEXTS) as ThemeText[];
export const COLORS = ["background", "card", "text", "accent"] as const;

export interface ThemeDraft {
  logoUrl: string;
  pictureUrl: string;
  /** Null: as they are without this theme. */
  colors: Record<Scheme, SchemeColors | null>;
  texts: Record<Language, Record<ThemeText, string>>;
}

export function draftOf({ logoUrl = "", pictureUrl = "", colors, texts }: Theme): ThemeDraft {
  const ofLanguage = (language: Language) =>
    Object.fromEntries(TEXTS.map((text) => [text, texts?.[language]?.[text] ?? ""]));
  return {
    logoUrl,
    pictureUrl,
    colors: { light: colors?.light ?? null, dark: colors?.dark ?? null },
    texts: Object.fromEntries(
      LANGUAGES.map((language) => [language, ofLanguage(language)]),
    ) as ThemeDraft["texts"],
  };
}

/** What is empty is left out. */
export function themeOf({ logoUrl, pictureUrl, colors, texts }: ThemeDraft): Theme {
  const filled = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
  const said = LANGUAGES.map((language) => [language, filled(texts[language])] as const).filter(
    ([, of]) => Object.keys(of).length > 0,
  );
  return {
    ...filled({ logoUrl: logoUrl.trim(), pictureUrl: pictureUrl.trim() }),
    ...((colors.light ?? colors.dark) !== null && {
      colors: Object.fromEntries(
        SCHEMES.flatMap((scheme) => (colors[scheme] ? [[scheme, colors[scheme]]] : [])),
      ),
    }),
    ...(said.length > 0 && { texts: Object.fromEntries(said) }),
  };
}

export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** By JSON pointer of the theme, each a sentence. */
export function faultsOfDraft({ colors, texts }: ThemeDraft): Map<string, string> {
  const faults = new Map<string, string>();
  for (const scheme of SCHEMES) {
    const given = colors[scheme];
    if (given === null) continue;
    const unread = COLORS.filter((color) => !isColor(given[color]));
    for (const color of unread) faults.set(`/colors/${scheme}/${color}`, "A colour is written as #a84300.");
    if (unread.length > 0) continue;
    for (const { color, on, ratio, needed } of contrastFaults(scheme, given)) {
      const pointer = `/colors/${scheme}/${color}`;
      const says = `Too near to the ${on}: its contrast is ${ratio} to 1, and ${needed} to 1 is needed.`;
      faults.set(pointer, [faults.get(pointer), says].filter(Boolean).join(" "));
    }
  }
  for (const language of LANGUAGES) {
    for (const text of TEXTS) {
      if (texts[language][text].length > THEME_TEXTS[text]) {
        faults.set(`/texts/${language}/${text}`, `At most ${THEME_TEXTS[text]} characters.`);
      }
    }
  }
  return faults;
}

/** What stands below a colour that has to be told from the two grounds. */
export function ratioInWords(colors: SchemeColors, color: keyof SchemeColors): string | undefined {
  if (color !== "text" && color !== "accent") return undefined;
  if (!COLORS.every((each) => isColor(colors[each]))) return undefined;
  const to = (on: "background" | "card") => Math.floor(contrast(colors[color], colors[on]) * 100) / 100;
  return `${to("background")} to 1 on the background, ${to("card")} to 1 on the card.`;
}
