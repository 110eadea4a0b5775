// The themes as this gateway shows them: read again when they are a second old and somebody wants them, so that a change
// by any gateway is on the pages of all at once, and a crowd costs PostgreSQL one small look a second.
import { THEME_MS, THEME_SHEETS_MAX } from "@dropgate/contracts/room-limits";
import type { Theme } from "@dropgate/contracts/theme";
import type { Truth } from "@dropgate/sql";
import { readThemes, readThemesVersion } from "@dropgate/sql/themes/theme-changes";
import { type ThemeSheet, themeSheet } from "./theme-sheet.ts";

export interface ShownTheme {
  theme: Theme;
  sheet: ThemeSheet | null;
}

const SHEET_PATH = /^\/theme\/[A-Za-z0-9_-]{22}\.css$/;

const NO_THEME: ShownTheme = { theme: {}, sheet: null };

/** What is absent of the sale's own is as for all sales: a scheme's colours together, each text by itself. */
export function mergeThemes(all: Theme, own: Theme): Theme {
  const colors = { ...all.colors, ...defined(own.colors) };
  const texts = { ...all.texts };
  for (const [language, said] of Object.entries(own.texts ?? {}) as [keyof typeof texts, object][])
    texts[language] = { ...texts[language], ...defined(said) };
  return { ...all, ...defined(own), colors, texts };
}

function defined<Value extends object>(value: Value | undefined): Partial<Value> {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, each]) => each !== undefined),
  ) as Partial<Value>;
}

export class ShownThemes {
  readonly #truth: Truth;
  readonly #onError: (error: unknown) => void;
  /** By sale; under null what all others have. */
  #shown = new Map<string | null, ShownTheme>();
  /** By address; those that were shown lately too, for their pages still want them. */
  readonly #sheets = new Map<string, ThemeSheet>();
  #version = 0;
  #freshUntilMs = 0;
  #looking: Promise<void> | null = null;

  constructor(truth: Truth, onError: (error: unknown) => void) {
    this.#truth = truth;
    this.#onError = onError;
  }

  /** The theme of a sale's page. While PostgreSQL is away the one that was known last. */
  async of(saleId: string): Promise<ShownTheme> {
    if (performance.now() >= this.#freshUntilMs) await this.#look();
    return this.#shown.get(saleId) ?? this.#shown.get(null) ?? NO_THEME;
  }

  /**
   * The sheet at an address. One that is not known may be of a change that another gateway shows already, so it is
   * looked for: one small look at a time, however many strange addresses are asked for.
   */
  async sheetAt(path: string): Promise<ThemeSheet | null> {
    if (!SHEET_PATH.test(path)) return null;
    // A look that is under way may have begun before the change.
    for (let looks = 0; !this.#sheets.has(path) && looks < 2; looks += 1) await this.#look();
    return this.#sheets.get(path) ?? null;
  }

  /** A theme was changed here: the next page shows it. */
  forget(): void {
    this.#freshUntilMs = 0;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    // A change that comes while this reads is read by the next.
    this.#freshUntilMs = performance.now() + THEME_MS;
    try {
      const version = await readThemesVersion(this.#truth);
      if (version === this.#version) return;
      const rows = await readThemes(this.#truth);
      this.#take(new Map(rows.flatMap(({ saleId, theme }) => (theme === null ? [] : [[saleId, theme]]))));
      this.#version = version;
    } catch (error) {
      this.#onError(error);
    }
  }

  #take(themes: ReadonlyMap<string | null, Theme>): void {
    const all = themes.get(null) ?? {};
    this.#shown = new Map();
    for (const saleId of new Set([null, ...themes.keys()])) {
      const theme = mergeThemes(all, (saleId === null ? undefined : themes.get(saleId)) ?? {});
      const sheet = themeSheet(theme.colors ?? {});
      this.#shown.set(saleId, { theme, sheet });
      if (sheet === null) continue;
      this.#sheets.delete(sheet.path);
      this.#sheets.set(sheet.path, sheet);
    }
    // The oldest first; those that are shown were never the oldest of so many.
    for (const path of this.#sheets.keys()) {
      if (this.#sheets.size <= THEME_SHEETS_MAX + this.#shown.size) break;
      this.#sheets.delete(path);
    }
  }
}
