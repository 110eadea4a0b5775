// From a row of PostgreSQL to the card that gateways read: one place, so that applying, rebuilding and a
// gateway's fall-back can never disagree about what a card says.
import type { HoldId, ShopperKey } from "@dropgate/contracts/ids";
import type { Card } from "@dropgate/lua/card";
import type { CardWrite } from "@dropgate/lua/lane-answers";
import type { EntryRow } from "@dropgate/sql/entries/entry-row";

export function cardOf(entry: EntryRow): Card {
  return {
    attempt: entry.attempt,
    rev: entry.rev,
    state: entry.state,
    leaveUnstored: false,
    misses: entry.misses,
    bought: entry.bought,
    bucket: entry.bucket,
    seq: entry.seq,
    ticket: entry.ticket,
    holdId: entry.holdId as HoldId | null,
    claimBy: entry.claimBy?.getTime() ?? null,
    expiresAt: entry.expiresAt?.getTime() ?? null,
  };
}

export function cardWriteOf(entry: EntryRow): CardWrite {
  return { key: entry.shopperKey as ShopperKey, card: cardOf(entry) };
}
