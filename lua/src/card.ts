// A card is what a gateway shows of a shopper's latest entry. In Redis it is one packed text, because a
// million small hashes would cost five times the memory; Lua unpacks the same text by the same order.
import type { HoldId } from "@dropgate/contracts/ids";
import { ENTRY_STATES, type StoredEntryState } from "@dropgate/contracts/states/entry";

export interface Card {
  attempt: number;
  /** The entry's revision in PostgreSQL; 0 until PostgreSQL has changed it. */
  rev: number;
  state: StoredEntryState;
  /** A leave that PostgreSQL has not stored yet; then `state` is `left`. */
  leaveUnstored: boolean;
  misses: number;
  /** Units this shopper has bought in this sale, over all attempts. */
  bought: number;
  bucket: number;
  /** The arrival by which the entry came. */
  seq: number;
  ticket: number | null;
  holdId: HoldId | null;
  /** Until when the offer may be claimed, ms since 1970. */
  claimBy: number | null;
  /** Until when the unit is held, ms since 1970. */
  expiresAt: number | null;
}

/** One letter a state; `L` besides is a leave that is not stored yet. Lua compares these letters. */
export const STATE_LETTERS: Record<StoredEntryState, string> = {
  waiting: "w",
  offered: "o",
  held: "h",
  purchased: "p",
  left: "l",
  missed: "m",
  released: "r",
  expired: "e",
};
const LEAVE_UNSTORED = "L";

const CARD_PATTERN =
  /^(\d+)\|(\d+)\|([wohplmreL])\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|(\d*)\|([A-Za-z0-9_-]*)\|(\d*)\|(\d*)$/;

/** The text Redis keeps; @throws RangeError when a number is not a whole one or two fields disagree */
export function packCard(card: Card): string {
  if (card.leaveUnstored && card.state !== "left") throw new RangeError("an unstored leave is `left`");
  return [
    whole(card.attempt),
    whole(card.rev),
    card.leaveUnstored ? LEAVE_UNSTORED : STATE_LETTERS[card.state],
    whole(card.misses),
    whole(card.bought),
    whole(card.bucket),
    whole(card.seq),
    card.ticket === null ? "" : whole(card.ticket),
    card.holdId ?? "",
    card.claimBy === null ? "" : whole(card.claimBy),
    card.expiresAt === null ? "" : whole(card.expiresAt),
  ].join("|");
}

/** Reads what Redis keeps; @throws Error when it is no card: then the layout is not the one we speak */
export function parseCard(text: string): Card {
  const match = CARD_PATTERN.exec(text);
  if (!match) throw new Error(`no card: ${JSON.stringify(text)}`);
  // Spelt out: tsx names each inner function at each call, which cost nearly as much as the reading itself.
  const [, attempt, rev, letter = "", misses, bought, bucket, seq, ticket, holdId = "", claimBy, expiresAt] =
    match;
  const leaveUnstored = letter === LEAVE_UNSTORED;
  return {
    attempt: Number(attempt),
    rev: Number(rev),
    state: leaveUnstored ? "left" : stateOf(letter),
    leaveUnstored,
    misses: Number(misses),
    bought: Number(bought),
    bucket: Number(bucket),
    seq: Number(seq),
    ticket: ticket === "" ? null : Number(ticket),
    holdId: holdId === "" ? null : (holdId as HoldId),
    claimBy: claimBy === "" ? null : Number(claimBy),
    expiresAt: expiresAt === "" ? null : Number(expiresAt),
  };
}

const STATES = new Map(
  ENTRY_STATES.flatMap((state) =>
    state === "sold_out" ? [] : [[STATE_LETTERS[state], state] as [string, StoredEntryState]],
  ),
);

function stateOf(letter: string): StoredEntryState {
  const state = STATES.get(letter);
  if (state === undefined) throw new Error(`no state: ${letter}`);
  return state;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no whole number: ${value}`);
  return String(value);
}
