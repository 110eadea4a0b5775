import { expect, test } from "vitest";
import { withWord } from "./status.tsx";

test("what went wrong stays, whatever is done after it", () => {
  const bad = { tone: "bad" as const, text: "no" };
  let words: readonly { tone: "good" | "bad"; text: string }[] = [bad];
  for (const text of ["1", "2", "3", "4"]) words = withWord(words, { tone: "good", text });
  expect(words.map(({ text }) => text)).toEqual(["no", "3", "4"]);
});

test("three stand at most, one of what was done beside them, and the newest is always said", () => {
  let words: readonly { tone: "good" | "bad"; text: string }[] = [];
  for (const text of ["1", "2", "3", "4"]) words = withWord(words, { tone: "bad", text });
  expect(words.map(({ text }) => text)).toEqual(["2", "3", "4"]);
  for (const text of ["done", "done too"]) words = withWord(words, { tone: "good", text });
  expect(words.map(({ text }) => text)).toEqual(["2", "3", "4", "done too"]);
});
