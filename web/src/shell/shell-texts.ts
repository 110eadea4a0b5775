// Both halves of the server's words, by language. The server has all of them at hand; a browser loads its own alone.
import { ar } from "../texts/ar.ts";
import { arShell } from "../texts/ar-shell.ts";
import { de } from "../texts/de.ts";
import { deShell } from "../texts/de-shell.ts";
import { en, type Texts } from "../texts/en.ts";
import { enShell, type ShellTexts } from "../texts/en-shell.ts";
import { es } from "../texts/es.ts";
import { esShell } from "../texts/es-shell.ts";
import { ja } from "../texts/ja.ts";
import { jaShell } from "../texts/ja-shell.ts";
import type { Language } from "../texts/languages.ts";

export const SHELL_TEXTS: Record<Language, { page: Texts; shell: ShellTexts }> = {
  en: { page: en, shell: enShell },
  de: { page: de, shell: deShell },
  es: { page: es, shell: esShell },
  ja: { page: ja, shell: jaShell },
  ar: { page: ar, shell: arShell },
};
