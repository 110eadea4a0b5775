// Which passwords will do, by examples and by what must hold of all.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  normalPassword,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
  passwordFault,
} from "./password-rules.ts";

const ann = { email: "ann.miller@shop.example", name: "Ann Miller" };
const fault = (text: string): string | null => passwordFault(text, ann);

describe("a password", () => {
  it.each([
    ["some words", "seven grey herons"],
    ["letters alone", "pqlkrmwnvtzu"],
    ["any script", "十二文字以上の長い合言葉です"],
    ["a name among other things", "Miller eats nine plums"],
    ["the longest", "ab1".repeat(41) + "nopqr"],
  ])("of %s will do", (_what, text) => {
    expect(fault(text)).toBeNull();
  });

  it.each([
    ["too short by one", "pqlkrmwnvtz", "At least 12"],
    ["too short in characters, whatever it takes in bytes", "🦩".repeat(6), "At least 12"],
    ["too long by one", "pqlkrmwnvtzu".repeat(11).slice(0, 129), "At most 128"],
    ["one that attackers try first", "PasswordPassword", "attackers"],
    ["one of those in full-width letters", "ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ", "attackers"],
    ["one letter again and again", "aaaaaaaaaaaaaaa", "repeats"],
    ["a short piece again and again", "abcabcabcabcab", "repeats"],
    ["the alphabet", "efghijklmnopq", "counts"],
    ["counting down", "98765432109876", "counts"],
    ["their own address", "ann.miller@shop.example", "known"],
    ["their name and a year", "AnnMiller2026!", "known"],
    ["ours and a number", "dropgate-123456", "known"],
  ])("that is %s is refused", (_what, text, why) => {
    expect(fault(text)).toContain(why);
  });

  it("is refused for its length exactly when it has too few or too many characters in their normal form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 0, maxLength: 200 }), (text) => {
        const length = Array.from(normalPassword(text)).length;
        const isLengthWrong = length < PASSWORD_CHARACTERS_MIN || length > PASSWORD_CHARACTERS_MAX;
        expect(/^At (least|most)/.test(fault(text) ?? "")).toBe(isLengthWrong);
      }),
    );
  });

  it("is judged alike however it is composed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        expect(fault(text.normalize("NFD"))).toBe(fault(text.normalize("NFC")));
      }),
    );
  });

  it("of random letters is never refused but for its length", () => {
    const letters = fc.array(fc.constantFrom(..."bcdfghjkmnpqrstvwxz"), { minLength: 24, maxLength: 128 });
    fc.assert(
      fc.property(letters, (text) => {
        fc.pre(new Set(text).size > 6);
        expect(fault(text.join(""))).toBeNull();
      }),
    );
  });
});
