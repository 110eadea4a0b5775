// What may come between a customer and an ordinary product, in sentences that say what to do. No order is lost by any
// of them, and each says what became of the money where somebody would ask.

import type { RefusalCode } from "@dropgate/contracts/refusals";
import { type ShopCode, sentenceOf } from "../sentences.ts";
import type { WantedRefusal } from "./wanted.ts";

export type PurchaseCode =
  | WantedRefusal
  | "RESERVATION_OVER"
  | "GIVEN_BACK"
  | "CANCELLED_TOO_LATE"
  | "CANCEL_UNANSWERED";

const LATER =
  "Our warehouses are hard to reach for a moment. You have not been charged. Please try again in a few seconds.";

const SENTENCES: Record<PurchaseCode, string> & Partial<Record<RefusalCode | ShopCode, string>> = {
  QUANTITY_WRONG: "You can order one to five pieces. Please choose how many.",
  NAME_MISSING: "Please write the name that should stand on the parcel.",
  POSTAL_CODE_WRONG:
    "This is not a postal code of that country. One of the United States has five digits: choose one from the list, or check yours.",
  COUNTRY_UNKNOWN: "Please choose a country from the list.",
  RESERVATION_OVER:
    "The time to pay was over, and the goods went back to the shelf. You have not been charged: order them again.",
  GIVEN_BACK: "You gave these goods back. You have not been charged: order them again if you like.",
  CANCELLED_TOO_LATE:
    "It is too late to cancel: the warehouse has already taken it from the shelf. You can send it back when it has come.",
  CANCEL_UNANSWERED:
    "The warehouse could not be reached, so we don't know yet whether your order is cancelled. Please try again in a moment.",

  NOT_YOURS:
    "This order was begun in another browser, or by another customer. Open it there, or order from here.",
  INSUFFICIENT_STOCK:
    "We don't have that many any more. Choose fewer, or something else. You have not been charged.",
  NO_ROUTE:
    "None of our warehouses delivers to this address. Choose one in the United States. You have not been charged.",
  PRODUCT_NOT_FOUND: "We don't sell this product any more. You have not been charged.",
  HOLD_EXPIRED: "The time to pay was over, and somebody else has bought the last of it.",
  WRONG_STATE: "This order was given back before it was paid.",
  BUSY: LATER,
  RATE_LIMITED: LATER,
  NO_ANSWER: LATER,
  IDEMPOTENCY_IN_PROGRESS: LATER,
};

const BY_CODE = new Map<string, string>(Object.entries(SENTENCES));

/** The sentence for a code at the checkout of an ordinary product, or on the page of any order. */
export function purchaseSentenceOf(code: string): string {
  return BY_CODE.get(code) ?? sentenceOf(code);
}
