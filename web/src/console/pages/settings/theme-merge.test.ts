import { expect, test } from "vitest";
import { draftOf } from "./theme-draft.ts";
import { meet } from "./theme-merge.ts";

const COLORS = { background: "#ffffff", card: "#ffffff", text: "#111111", accent: "#0b6b49" };
const before = draftOf({ logoUrl: "/a.svg", texts: { en: { brand: "Clay" } } });

test("what only the other has changed is theirs, what only the draft has stays, and neither is told", () => {
  const mine = draftOf({ logoUrl: "/a.svg", texts: { en: { brand: "Clay & Ember" } } });
  const theirs = draftOf({ logoUrl: "/b.svg", colors: { dark: COLORS }, texts: { en: { brand: "Clay" } } });
  expect(meet(before, mine, theirs)).toEqual({
    draft: draftOf({ logoUrl: "/b.svg", colors: { dark: COLORS }, texts: { en: { brand: "Clay & Ember" } } }),
    both: [],
  });
});

test("what both have changed stays as in the draft and is named, unless they mean the same", () => {
  const mine = draftOf({ logoUrl: "/mine.svg", colors: { light: COLORS }, texts: { de: { brand: "Ton" } } });
  const theirs = draftOf({
    logoUrl: "/theirs.svg",
    colors: { light: { ...COLORS, text: "#222222" } },
    texts: { de: { brand: "Ton" } },
  });
  const { draft, both } = meet(before, mine, theirs);
  expect(both).toEqual([
    { kind: "address", name: "logoUrl" },
    { kind: "colors", scheme: "light" },
  ]);
  expect(draft).toEqual(mine);
});

test("a draft in which nothing was written becomes theirs", () => {
  const theirs = draftOf({ pictureUrl: "/p.jpg", texts: { ar: { thanks: "شكرا" } } });
  expect(meet(before, before, theirs)).toEqual({ draft: theirs, both: [] });
});
