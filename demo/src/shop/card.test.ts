import { expect, test } from "vitest";
import { charge, DECLINED_CARD, GOOD_CARD, judgeCard } from "./card.ts";

test("the good card is charged and the other is declined, typed with blanks, dashes or neither", async () => {
  for (const typed of [GOOD_CARD, GOOD_CARD.replaceAll(" ", "-"), GOOD_CARD.replaceAll(" ", "")]) {
    const card = judgeCard(typed);
    expect(card.ok && (await charge(card.digits, 0))).toBe(true);
  }
  const declined = judgeCard(DECLINED_CARD);
  expect(declined.ok && (await charge(declined.digits, 0))).toBe(false);
});

test("a card that cannot be one is refused before a bank is asked", () => {
  expect(judgeCard("4242 4242")).toEqual({ ok: false, refusal: "CARD_INCOMPLETE" });
  expect(judgeCard("4242 4242 4242 4243")).toEqual({ ok: false, refusal: "CARD_MISTYPED" });
  expect(judgeCard("5555 5555 5555 4444")).toEqual({ ok: false, refusal: "CARD_UNKNOWN" });
  expect(judgeCard("４２４２ ４２４２ ４２４２ ４２４２")).toEqual({ ok: false, refusal: "CARD_INCOMPLETE" });
});
