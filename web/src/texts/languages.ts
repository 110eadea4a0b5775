// The languages of the page, and which one a reader gets: the one asked for in the address, else the one kept from
// an earlier visit, else the first of the browser's that we have, else English.

/** The contract's (a test compares them): the build's own settings read this file, and cannot read another package. */
export const LANGUAGES = ["en", "de", "es", "ja", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words, for who reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  ja: "日本語",
  ar: "العربية",
};

/** The counts' forms that each language has, by Unicode's plural rules; a test compares them with `Intl`. */
export interface FormsOf {
  en: "one" | "other";
  de: "one" | "other";
  es: "one" | "many" | "other";
  ja: "other";
  ar: "zero" | "one" | "two" | "few" | "many" | "other";
}

/** Words for counts, complete in a language's forms. */
export type CountsIn<Of extends Language> = Record<string, Record<FormsOf[Of], string>>;

export const LANGUAGE_COOKIE = "dropgate_lang";

export function isLanguage(text: string | undefined): text is Language {
  return (LANGUAGES as readonly (string | undefined)[]).includes(text);
}

/**
 * @param asked `?lang=` of the address
 * @param kept what was chosen before
 * @param accepted the header `Accept-Language`
 */
export function languageFor(asked: string | null, kept: string | null, accepted: string): Language {
  const wanted = [asked, kept].map((text) => text?.toLowerCase().split("-", 1)[0]);
  return [...wanted, ...acceptedLanguages(accepted)].find(isLanguage) ?? "en";
}

/** "de-CH, fr;q=0.5" → de, fr: without their regions, the dearest first, the refused ones left out. */
function acceptedLanguages(header: string): string[] {
  return header
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const weight = parameters
        .map((each) => /^\s*q=(.*)$/.exec(each)?.[1])
        .find((each) => each !== undefined);
      return { language: tag.split("-", 1)[0] ?? "", quality: qualityOf(weight) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ language }) => language);
}

/** 0 to 1, of three decimals at most (RFC 9110, 12.4.2); what is none weighs nothing. */
function qualityOf(weight: string | undefined): number {
  if (weight === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)\s*$/.test(weight) ? Number(weight) : 0;
}
