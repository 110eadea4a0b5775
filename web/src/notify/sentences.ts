// What a refused call of these dialogs is in words: what happened, what it means for the place, what can be done.
import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { AwayTexts } from "../texts/en-away.ts";

export function sentenceFor(refusal: RefusalCode | "AWAY", { refusals }: AwayTexts): string {
  switch (refusal) {
    case "INVALID_REQUEST":
      return refusals.email;
    case "TOO_MANY_NOTIFICATIONS":
      return refusals.tooMany;
    case "WRONG_STATE":
    case "SALE_CLOSED":
      return refusals.over;
    case "NOTIFICATIONS_OFF":
      return refusals.off;
    case "LINK_USED":
      return refusals.used;
    case "LINK_EXPIRED":
      return refusals.expired;
    case "LINK_NOT_FOUND":
    case "ENTRY_NOT_FOUND":
      return refusals.notFound;
    default:
      return refusals.away;
  }
}
