import { expect, test } from "vitest";
import { newDraft } from "./draft.ts";
import { meetDrafts } from "./draft-merge.ts";

const before = { ...newDraft(0), title: "Vase", message: "" };

test("what only the other has changed is taken over, what is being typed stays", () => {
  const mine = { ...before, title: "Vessel" };
  const theirs = { ...before, quantity: "120", opensAt: "2026-12-01T10:00:00" };
  expect(meetDrafts(before, mine, theirs)).toEqual({
    draft: { ...theirs, title: "Vessel" },
    both: [],
  });
});

test("what both have changed is named and stays as typed, unless both mean the same", () => {
  const mine = { ...before, title: "Vessel", message: "Soon" };
  const theirs = { ...before, title: "Bowl", message: "Soon" };
  expect(meetDrafts(before, mine, theirs)).toEqual({ draft: mine, both: ["title"] });
});
