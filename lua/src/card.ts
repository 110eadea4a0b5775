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
  const field = (index: number): string => match[index] ?? "";
  const number = (index: number): number => Number(field(index));
  const optional = (index: number): number | null => (field(index) === "" ? null : number(index));
  const leaveUnstored = field(3) === LEAVE_UNSTORED;
  return {
    attempt: number(1),
    rev: number(2),
    state: leaveUnstored ? "left" : stateOf(field(3)),
    leaveUnstored,
    misses: number(4),
    bought: number(5),
    bucket: number(6),
    seq: number(7),
    ticket: optional(8),
    holdId: field(9) === "" ? null : (field(9) as HoldId),
    claimBy: optional(10),
    expiresAt: optional(11),
  };
}

function stateOf(letter: string): StoredEntryState {
  const state = ENTRY_STATES.find((state) => state !== "sold_out" && STATE_LETTERS[state] === letter);
  if (state === undefined || state === "sold_out") throw new Error(`no state: ${letter}`);
  return state;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no whole number: ${value}`);
  return String(value);
}
