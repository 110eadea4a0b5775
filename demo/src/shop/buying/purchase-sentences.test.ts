import { REFUSALS } from "@dropgate/contracts/refusals";
import { expect, test } from "vitest";
import { AWAY } from "../following/order-page.ts";
import { purchaseSentenceOf } from "./purchase-sentences.ts";

const OWN = [
  "QUANTITY_WRONG",
  "NAME_MISSING",
  "POSTAL_CODE_WRONG",
  "COUNTRY_UNKNOWN",
  "RESERVATION_OVER",
  "GIVEN_BACK",
  "CANCELLED_TOO_LATE",
  "CANCEL_UNANSWERED",
  "CARD_DECLINED",
  "NO_ANSWER",
  "constructor",
  "",
];

test("every code becomes a sentence for people: no code in it, and it ends", () => {
  for (const code of [...Object.keys(REFUSALS), ...OWN]) {
    expect(purchaseSentenceOf(code), code).toMatch(/^[A-Z][^_]*\.$/);
    expect(purchaseSentenceOf(code), code).not.toMatch(/\b[A-Z]{2,}\b/);
  }
  expect(AWAY).toMatch(/\.$/);
});

test("what can go wrong with an order says what to do, and nothing of a waiting room", () => {
  for (const code of ["INSUFFICIENT_STOCK", "NO_ROUTE", "RESERVATION_OVER", "BUSY", "NO_ANSWER"]) {
    expect(purchaseSentenceOf(code), code).not.toContain("waiting room");
    expect(purchaseSentenceOf(code), code).toMatch(/choose|order them again|try again/i);
    expect(purchaseSentenceOf(code), code).toContain("You have not been charged");
  }
});
