import { expect, test } from "vitest";
import { languageFor } from "./languages.ts";

test.each([
  ["the address before all", "ja", "de", "es", "ja"],
  ["what was kept before the browser's", null, "de", "es", "de"],
  ["the browser's first that we have", null, null, "fr-CH, fr;q=0.9, es-MX;q=0.8, de;q=0.7", "es"],
  ["by its weight and not by its place", null, null, "de;q=0.3, ar-EG;q=0.9", "ar"],
  ["none that is refused", null, null, "de;q=0, fr", "en"],
  ["none whose weight is no number", null, null, "de;q=1.2.3, es;q=-1, ja;q=, ar;q=9, en;q=0.1", "en"],
  ["the first of two that weigh the same", null, null, "fr, ja;q=0.7, de;q=0.7", "ja"],
  ["English where anything will do", null, null, "fr;q=0.9, *;q=0.1", "en"],
  ["the one behind some other parameter", null, null, "de;level=1;q=0.2, ar;q=0.3 ", "ar"],
  ["a region's language", "de-AT", null, "", "de"],
  ["English where nobody asked for one of ours", "tlh", "xx", "fr, it;q=0.5", "en"],
  ["English for a header that is none", null, null, ",;;q=x, \u0000", "en"],
])("a reader gets %s", (_why, asked, kept, accepted, language) => {
  expect(languageFor(asked, kept, accepted)).toBe(language);
});
