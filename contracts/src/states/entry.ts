// One shopper's place in a sale, told as a total table. `waiting` has no hold; `offered` and `held` have
// one; everything else has ended, though `missed` may come back once and `purchased` below the limit may
// join anew (as a new entry, the next attempt).
//
// `sold_out` is never stored: it is a `waiting` entry seen after the close of a sale whose units are all
// sold, for a million rows need not be written to say what the phase already says.

export const ENTRY_STATES = [
  "waiting",
  "offered",
  "held",
  "purchased",
  "left",
  "missed",
  "released",
  "expired",
  "sold_out",
] as const;
export type EntryState = (typeof ENTRY_STATES)[number];
/** Those that are written down. */
export type StoredEntryState = Exclude<EntryState, "sold_out">;

export type EntryAct =
  | "offer"
  | "claim"
  | "lapse"
  | "release"
  | "expire"
  | "confirm"
  | "cancel"
  | "leave"
  | "rejoin"
  | "restore";
export type EntryOutcome = { to: StoredEntryState } | { same: true } | { refused: "WRONG_STATE" };

const wrong = { refused: "WRONG_STATE" } as const;
const same = { same: true } as const;

/**
 * `rejoin` from `missed` is for the first miss only; the count is not part of the state, so whoever asks
 * looks at `misses` too. `restore` is an operator's, once an entry, for a shopper who left or missed and asks for help.
 * `confirm` from `expired` is the late confirm whose very unit was still free.
 */
export const ENTRY_TABLE: Record<StoredEntryState, Record<EntryAct, EntryOutcome>> = {
  waiting: {
    offer: { to: "offered" },
    claim: wrong,
    lapse: wrong,
    release: wrong,
    expire: wrong,
    confirm: wrong,
    cancel: wrong,
    leave: { to: "left" },
    rejoin: wrong,
    restore: same,
  },
  offered: {
    offer: same,
    claim: { to: "held" },
    lapse: { to: "missed" },
    release: { to: "released" },
    expire: { to: "missed" },
    confirm: wrong,
    cancel: wrong,
    leave: { to: "left" },
    rejoin: wrong,
    restore: wrong,
  },
  held: {
    offer: wrong,
    claim: same,
    lapse: wrong,
    release: { to: "released" },
    expire: { to: "expired" },
    confirm: { to: "purchased" },
    cancel: wrong,
    leave: { to: "left" },
    rejoin: wrong,
    restore: wrong,
  },
  purchased: {
    offer: wrong,
    claim: wrong,
    lapse: wrong,
    release: wrong,
    expire: wrong,
    confirm: same,
    cancel: { to: "released" },
    leave: wrong,
    rejoin: wrong,
    restore: wrong,
  },
  left: {
    offer: wrong,
    claim: wrong,
    lapse: wrong,
    release: wrong,
    expire: wrong,
    confirm: wrong,
    cancel: wrong,
    leave: same,
    rejoin: wrong,
    restore: { to: "waiting" },
  },
  missed: {
    offer: wrong,
    claim: wrong,
    lapse: same,
    release: wrong,
    expire: same,
    confirm: wrong,
    cancel: wrong,
    leave: { to: "left" },
    rejoin: { to: "waiting" },
    restore: { to: "waiting" },
  },
  released: {
    offer: wrong,
    claim: wrong,
    lapse: wrong,
    release: same,
    expire: wrong,
    confirm: wrong,
    cancel: same,
    leave: wrong,
    rejoin: wrong,
    restore: wrong,
  },
  expired: {
    offer: wrong,
    claim: wrong,
    lapse: wrong,
    release: wrong,
    expire: same,
    confirm: { to: "purchased" },
    cancel: wrong,
    leave: wrong,
    rejoin: wrong,
    restore: wrong,
  },
};

/** How often an offer may lapse before the place is gone. */
export const MISSES_MAX = 2;

/** Whether a shopper whose latest entry is this may join anew (below the sale's limit). */
export function isFinalEntry(state: StoredEntryState, misses: number): boolean {
  if (state === "missed") return misses >= MISSES_MAX;
  return state === "left" || state === "released" || state === "expired" || state === "purchased";
}
