import { createHmac, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { HmacSha256 } from "./hmac.ts";

it("is the HMAC that the crypto library makes, for keys and texts of every length and script", () => {
  const texts = [
    "",
    "a",
    "x".repeat(63),
    "y".repeat(64),
    "z".repeat(341),
    "z".repeat(342),
    "ü€😀".repeat(500),
  ];
  for (const length of [0, 1, 32, 64, 65, 200]) {
    const key = randomBytes(length);
    const hmac = new HmacSha256(key);
    // Long and short in turn: nothing of one text may be left in the next.
    for (const text of [...texts, ...texts.toReversed()]) {
      const right = createHmac("sha256", key).update(text).digest();
      expect(hmac.sign(text)).toBe(right.toString("base64url"));
      expect(hmac.digest(text).equals(right)).toBe(true);
    }
  }
});
