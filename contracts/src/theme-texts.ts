// What of the waiting room an operator may say in their own words. No schemas here, so that pages may have it.

/** And how many characters of it. */
export const THEME_TEXTS = { brand: 60, intro: 300, paused: 500, soldOut: 500, thanks: 500 } as const;
export type ThemeText = keyof typeof THEME_TEXTS;
