// The language in use: the one of the page as the server wrote it. Only its own file is loaded, before anything is
// drawn; modules read `texts` when they draw.
import type { Texts } from "./en.ts";
import type { Language } from "./languages.ts";

export type { Texts } from "./en.ts";

export let texts: Texts;

const LOADED: Record<Language, () => Promise<Texts>> = {
  en: () => import("./en.ts").then((file) => file.en),
  de: () => import("./de.ts").then((file) => file.de),
  es: () => import("./es.ts").then((file) => file.es),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
};

const TRIES_MAX = 10;
const AGAIN_MS = 2_000;

/** Loads the words, and tries again where a weak line lost them. @throws when they never come */
export async function loadTexts(language: string): Promise<void> {
  const load = LOADED[language as Language] ?? LOADED.en;
  for (let tries = 1; ; tries += 1) {
    try {
      texts = await load();
      return;
    } catch (cause) {
      if (tries >= TRIES_MAX) throw cause;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
