import { expect, test } from "vitest";
import { draftOf, faultsOfDraft, ratioInWords, themeOf } from "./theme-draft.ts";

const LIGHT = { background: "#ffffff", card: "#ffffff", text: "#767676", accent: "#0b6b49" };

test("what was read and not touched is sent as it was, and what is empty is left out", () => {
  const theme = {
    logoUrl: "/logo.svg",
    colors: { light: LIGHT },
    texts: { ar: { brand: "فخار" } },
  };
  expect(themeOf(draftOf(theme))).toEqual(theme);
  expect(themeOf(draftOf({}))).toEqual({});
});

test("a colour that people could not read is named in words, with its contrast", () => {
  const draft = draftOf({ colors: { light: { ...LIGHT, text: "#777777" } } });
  const said = faultsOfDraft(draft).get("/colors/light/text");
  expect(said).toContain("Too near to the card: its contrast is 4.47 to 1, and 4.5 to 1 is needed.");
  expect(faultsOfDraft(draftOf({ colors: { light: LIGHT } })).size).toBe(0);
  expect(ratioInWords(LIGHT, "text")).toBe("4.54 to 1 on the background, 4.54 to 1 on the card.");
});

test("what is no colour, and a text that is too long, is told", () => {
  const draft = draftOf({
    colors: { dark: { ...LIGHT, card: "red" } },
    texts: { de: { brand: "x".repeat(61) } },
  });
  expect([...faultsOfDraft(draft).keys()]).toEqual(["/colors/dark/card", "/texts/de/brand"]);
});
