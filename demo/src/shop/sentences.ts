// Every code that a shopper could meet at the checkout, as a sentence that says what happened and what it means for the
// money and the unit. Names are checked against the gateway's catalogue.

import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { CardRefusal } from "./card.ts";
import type { PassRefusal } from "./pass.ts";

export type ShopCode = CardRefusal | PassRefusal | "CARD_DECLINED" | "PAYING" | "NOT_YOURS" | "NO_ANSWER";

const UNWELL =
  "Our till and the waiting room did not understand each other. You have not been charged. Please try again.";
const LATER =
  "The waiting room is busy for a moment. You have not been charged, and your unit is still held. Please try again.";

const SENTENCES: Record<ShopCode, string> & Partial<Record<RefusalCode, string>> = {
  CARD_INCOMPLETE: "A card number has 16 digits. Please check it.",
  CARD_MISTYPED: "This card number has a typing mistake. Please check it.",
  CARD_UNKNOWN: "This is a demo: it only knows the two cards below the field.",
  CARD_DECLINED:
    "Your bank declined this card. You have not been charged, and the unit is still held for you: try another card.",
  PAYING: "This order is being paid already, perhaps in another tab. Please wait a moment.",
  NOT_YOURS:
    "This checkout was opened in another browser, or by another customer. Go back to the waiting room where you have your place.",
  NO_ANSWER: LATER,

  PASS_INVALID:
    "This pass is not one that the waiting room gave out. Go back to the waiting room and continue from there.",
  PASS_EXPIRED:
    "The time to buy this unit is over, and it has gone on to the next in line. You have not been charged.",
  PASS_OF_ANOTHER_SALE: "This pass is for something that this shop does not sell.",
  PASS_OF_ANOTHER_CUSTOMER:
    "This unit is held for another customer. A pass only works for the person who waited for it.",
  PASS_USED_ELSEWHERE: "This pass was already opened in another browser, and only works there.",
  SIGN_IN_FIRST:
    "This unit is held for a customer of the shop. Sign in as that customer to go on; your time keeps running.",
  GATEWAY_AWAY:
    "We can't reach the waiting room to check your pass. Your unit is still held: please try again in a moment.",

  HOLD_EXPIRED: "The time to buy this unit was over, and it has gone on to the next in line.",
  HOLD_NOT_FOUND: "The waiting room does not know this unit any more. You have not been charged.",
  WRONG_STATE: "This unit was already given back or bought. You have not been charged for it again.",
  ORDER_EXISTS: "This order number is taken by another unit. You have not been charged.",
  BUSY: LATER,
  RATE_LIMITED: LATER,
  IDEMPOTENCY_IN_PROGRESS: LATER,
  SALE_NOT_FOUND: "There is no such sale any more.",
  SALE_NOT_OPEN: "This sale has not opened yet.",
  SALE_CLOSED: "This sale is closed.",
  SOLD_OUT: "All units are sold or in other people's baskets.",
  ALREADY_PURCHASED: "You have already bought as many as one person can.",
  INSUFFICIENT_STOCK: "There are not that many left.",
  TOKEN_EXPIRED: "Your sign-in has run out. Please sign in again.",
};

const BY_CODE = new Map<string, string>(Object.entries(SENTENCES));

/** The sentence for a code. Those that only a mistake between two servers can bring about share one. */
export function sentenceOf(code: string): string {
  return BY_CODE.get(code) ?? UNWELL;
}
