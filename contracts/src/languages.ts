// The languages in which shoppers are spoken to, by page and by mail. No schemas here, so that pages may have it.

/** The first is the one that is spoken where nothing is known of the shopper's. */
export const LANGUAGES = ["en", "de", "es", "ja", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Written from right to left. */
export const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set<Language>(["ar"]);
