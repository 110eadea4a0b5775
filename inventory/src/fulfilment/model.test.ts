import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes } from "./model.ts";

const text = fc.string({ unit: "binary", maxLength: 6 });
const near = fc.tuple(text, text, text).map(([before, a, b]) => [before + a, before + b] as const);

test("texts are ordered as their UTF-8 bytes are, beyond U+FFFF too", () => {
  fc.assert(
    fc.property(near, ([a, b]) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  // By code units the smiley would come before the letter of full width.
  expect(compareBytes("\u{1F600}", "\uFF21")).toBeGreaterThan(0);
});
