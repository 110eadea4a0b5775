import { REFUSALS } from "@dropgate/contracts/refusals";
import { expect, test } from "vitest";
import { sentenceOf } from "./sentences.ts";

test("every code becomes a sentence for people: no code in it, and it ends", () => {
  for (const code of [
    ...Object.keys(REFUSALS),
    "CARD_DECLINED",
    "PASS_INVALID",
    "constructor",
    "",
    "NEVER_HEARD_OF",
  ]) {
    expect(sentenceOf(code), code).toMatch(/^[A-Z][^_]*\.$/);
    expect(sentenceOf(code), code).not.toMatch(/\b[A-Z]{2,}\b/);
  }
});
