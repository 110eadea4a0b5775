// Two write the same theme: what one has saved meets what the other is still writing. Fields that only one has touched are
// theirs; where both have, the draft stays and it is said. Pure.
import { LANGUAGES, type Language } from "@dropgate/contracts/languages";
import { SCHEMES, type Scheme } from "@dropgate/contracts/theme-colors";
import type { ThemeText } from "@dropgate/contracts/theme-texts";
import { TEXTS, type ThemeDraft } from "./theme-draft.ts";

/** A scheme's colours are one field: which stands on which is chosen together. */
export type ThemeField =
  | { kind: "address"; name: "logoUrl" | "pictureUrl" }
  | { kind: "colors"; scheme: Scheme }
  | { kind: "text"; language: Language; text: ThemeText };

const FIELDS: readonly ThemeField[] = [
  { kind: "address", name: "logoUrl" },
  { kind: "address", name: "pictureUrl" },
  ...SCHEMES.map((scheme) => ({ kind: "colors" as const, scheme })),
  ...LANGUAGES.flatMap((language) => TEXTS.map((text) => ({ kind: "text" as const, language, text }))),
];

function valueOf(draft: ThemeDraft, field: ThemeField): string {
  switch (field.kind) {
    case "address":
      return draft[field.name];
    case "colors":
      return JSON.stringify(draft.colors[field.scheme]);
    case "text":
      return draft.texts[field.language][field.text];
  }
}

function withField(draft: ThemeDraft, field: ThemeField, from: ThemeDraft): ThemeDraft {
  switch (field.kind) {
    case "address":
      return { ...draft, [field.name]: from[field.name] };
    case "colors":
      return { ...draft, colors: { ...draft.colors, [field.scheme]: from.colors[field.scheme] } };
    case "text": {
      const { language, text } = field;
      const ofLanguage = { ...draft.texts[language], [text]: from.texts[language][text] };
      return { ...draft, texts: { ...draft.texts, [language]: ofLanguage } };
    }
  }
}

/**
 * @param before what both began with
 * @returns the draft with theirs where only they changed it, and the fields that both changed to different things
 */
export function meet(
  before: ThemeDraft,
  mine: ThemeDraft,
  theirs: ThemeDraft,
): { draft: ThemeDraft; both: ThemeField[] } {
  let draft = mine;
  const both: ThemeField[] = [];
  for (const field of FIELDS) {
    const [was, my, their] = [before, mine, theirs].map((each) => valueOf(each, field));
    if (their === was || their === my) continue;
    if (my === was) draft = withField(draft, field, theirs);
    else both.push(field);
  }
  return { draft, both };
}
