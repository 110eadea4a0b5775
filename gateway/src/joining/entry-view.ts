// An entry as its shopper sees it: made from the card and what is known of the sale, by a pure function, so
// that HTTP and the socket can never say two things.
import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import { type EntryState, MISSES_MAX } from "@dropgate/contracts/states/entry";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Card } from "@dropgate/lua/card";

/** What of its sale an entry's view depends on. */
export interface SaleOfEntry {
  id: string;
  phase: Phase;
  serving: number;
  /** Every unit is sold for good. */
  allSold: boolean;
}

/** What was bought: from the hold, for an entry that is `purchased`. */
export interface Purchase {
  orderId: string;
  unit: number;
}

/** @param purchase of a purchased entry, where it is known */
export function entryView(
  entryId: string,
  card: Card,
  sale: SaleOfEntry,
  purchase: Purchase | null = null,
): Entry {
  const over = sale.phase === "closed" && sale.allSold;
  const state: EntryState = over && card.state === "waiting" ? "sold_out" : card.state;
  const outcome = outcomeOf(card, sale, purchase);
  const hasHold = state === "offered" || state === "held" || state === "purchased";
  return {
    entryId,
    saleId: sale.id,
    state,
    ticket: card.ticket,
    position: card.ticket === null ? null : Math.max(0, card.ticket - sale.serving),
    ...(hasHold && card.holdId !== null && { holdId: card.holdId }),
    ...(state === "offered" && card.claimBy !== null && { claimBy: timeText(card.claimBy) }),
    ...(state === "held" && card.expiresAt !== null && { expiresAt: timeText(card.expiresAt) }),
    ...(state === "missed" && { rejoinable: card.misses < MISSES_MAX && sale.phase !== "closed" }),
    ...(outcome !== null && { outcome }),
    rev: card.rev,
    phase: sale.phase,
    serving: sale.serving,
  };
}

/** How it ended for this shopper; null while it may still go on. */
export function outcomeOf(card: Card, sale: SaleOfEntry, purchase: Purchase | null): OutcomeOfEntry | null {
  if (card.state === "purchased") return { result: "purchased", ...purchase };
  if (sale.phase !== "closed") return null;
  // Closing ends no live hold.
  if (card.state === "offered" || card.state === "held") return null;
  return { result: sale.allSold ? "sold_out" : "closed" };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
