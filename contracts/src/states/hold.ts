// One unit's way from an offer to an order, told as a total table: a cell left out does not compile, and
// the statements of PostgreSQL, the page's buttons and the console are tested against it.
//
// `offered` waits for the shopper's claim; `active` is the purchase window; `pending` has a payment under
// way (and was extended once); `confirmed` has an order; `allocated` has a place in a warehouse. From there
// it can only be cancelled, until it is picked. `void` is the refusal of a hold that Redis invented and
// PostgreSQL never knew: it is written so that a late inserter meets the primary key.

export const HOLD_STATES = [
  "offered",
  "active",
  "pending",
  "confirmed",
  "allocated",
  "released",
  "expired",
  "cancelled",
  "void",
] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export type HoldAct = "claim" | "startPayment" | "confirm" | "allocate" | "release" | "expire" | "cancel";

/**
 * `to`: the act moves the hold there. `same`: it has already happened, the answer is the same again.
 * `refused`: the code in the catalogue of refusals.
 */
export type HoldOutcome =
  | { to: HoldState }
  | { same: true }
  | { refused: "WRONG_STATE" | "HOLD_EXPIRED" | "HOLD_NOT_FOUND" };

const wrong = { refused: "WRONG_STATE" } as const;
const late = { refused: "HOLD_EXPIRED" } as const;
const same = { same: true } as const;
const none = { refused: "HOLD_NOT_FOUND" } as const;

const nothing: Record<HoldAct, HoldOutcome> = {
  claim: none,
  startPayment: none,
  confirm: none,
  allocate: none,
  release: none,
  expire: none,
  cancel: none,
};

/**
 * A hold whose time is up but that nobody has swept yet still stands here as what it was; whether its time
 * is up is PostgreSQL's to say (`claim_by`, `expires_at` against `clock_timestamp()`), before this table is
 * asked. A confirm of an `expired` hold is refused here; the one exception (the very unit is still free)
 * makes a new hold that `replaces` the old one.
 */
export const HOLD_TABLE: Record<HoldState, Record<HoldAct, HoldOutcome>> = {
  offered: {
    claim: { to: "active" },
    startPayment: wrong,
    confirm: wrong,
    allocate: wrong,
    release: { to: "released" },
    expire: { to: "expired" },
    cancel: wrong,
  },
  active: {
    claim: same,
    startPayment: { to: "pending" },
    confirm: { to: "confirmed" },
    allocate: wrong,
    release: { to: "released" },
    expire: { to: "expired" },
    cancel: wrong,
  },
  pending: {
    claim: same,
    startPayment: same,
    confirm: { to: "confirmed" },
    allocate: wrong,
    release: { to: "released" },
    expire: { to: "expired" },
    cancel: wrong,
  },
  confirmed: {
    claim: wrong,
    startPayment: wrong,
    confirm: same,
    allocate: { to: "allocated" },
    release: wrong,
    expire: wrong,
    cancel: { to: "cancelled" },
  },
  allocated: {
    claim: wrong,
    startPayment: wrong,
    confirm: same,
    allocate: same,
    release: wrong,
    expire: wrong,
    cancel: { to: "cancelled" },
  },
  released: {
    claim: wrong,
    startPayment: wrong,
    confirm: wrong,
    allocate: wrong,
    release: same,
    expire: wrong,
    cancel: wrong,
  },
  expired: {
    claim: late,
    startPayment: late,
    confirm: late,
    allocate: wrong,
    release: late,
    expire: same,
    cancel: wrong,
  },
  cancelled: {
    claim: wrong,
    startPayment: wrong,
    confirm: wrong,
    allocate: wrong,
    release: wrong,
    expire: wrong,
    cancel: same,
  },
  void: nothing,
};

/** A hold that has its unit in its hands: nobody else may have it. */
export const LIVE_HOLD_STATES = ["offered", "active", "pending"] as const satisfies readonly HoldState[];
/** A hold whose unit is sold. */
export const SOLD_HOLD_STATES = ["confirmed", "allocated"] as const satisfies readonly HoldState[];

export function isLiveHold(state: HoldState): boolean {
  return (LIVE_HOLD_STATES as readonly HoldState[]).includes(state);
}
export function isSoldHold(state: HoldState): boolean {
  return (SOLD_HOLD_STATES as readonly HoldState[]).includes(state);
}
