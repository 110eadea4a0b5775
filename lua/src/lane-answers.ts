// What is said to a lane and what it answers, as types; lane-store.ts has the methods and lane-replies.ts
// reads these from what the scripts return.
import type { EntryId, HoldId, Shopper, ShopperKey } from "@dropgate/contracts/ids";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Card } from "./card.ts";
import type { EpochPlace } from "./keys.ts";

/** Where a lane is, as its row in PostgreSQL says. `runId` names the Redis server that holds the epoch. */
export interface LaneAddress extends EpochPlace {
  runId: string | null;
}

/** `epoch`: the one the lane has, where it has one. */
export type Fenced = { ok: false; fenced: true; epoch?: number };
export type LaneAnswer<Value> = { ok: true; value: Value } | Fenced;

// Aliases, not interfaces: only these fit the index by which arguments are packed.
export type JoinOffer = {
  key: ShopperKey;
  entryId: EntryId;
  shopper: Shopper;
  attempt: number;
};
/**
 * `new` and `same` carry the card; `again` names the right attempt; `limit`: bought all they may;
 * `notOpen`, `closed`: the phase lets nobody join.
 */
export type JoinOutcome =
  | { outcome: "new" | "same"; card: Card }
  | { outcome: "again"; attempt: number }
  | { outcome: "limit" | "notOpen" | "closed" };

export type LeaveRequest = {
  key: ShopperKey;
  entryId: EntryId;
  attempt: number;
};
/**
 * `left` carries the arrival's number; `same`: had left already; `hold`: offered or held, so PostgreSQL's to
 * do; `wrong`: ended otherwise, or another attempt; `none`: the lane has no such card.
 */
export type LeaveOutcome = { outcome: "left"; seq: number } | { outcome: "same" | "hold" | "wrong" | "none" };

/** `early`: the lane's open bucket is a lower one. `settling`: a new epoch still waits for journals. */
export type CloseOutcome =
  | { outcome: "closed"; seq: number }
  | { outcome: "same" }
  | { outcome: "early"; bucket: number }
  | { outcome: "settling"; waitMs: number };

/** One record of the ordered log. */
export type Arrival =
  | {
      kind: "join";
      seq: number;
      bucket: number;
      ms: number;
      entryId: EntryId;
      key: ShopperKey;
      shopper: Shopper;
      attempt: number;
    }
  | {
      kind: "leave";
      seq: number;
      bucket: number;
      ms: number;
      entryId: EntryId;
      key: ShopperKey;
      attempt: number;
    }
  | { kind: "close"; seq: number; bucket: number; ms: number };

export interface CardWrite {
  key: ShopperKey;
  card: Card;
}
/** `old`: Redis has this revision or a later one. `left`: the shopper left meanwhile, release the offer. */
export type CardOutcome = "written" | "old" | "left";

export type TicketWrite = {
  key: ShopperKey;
  attempt: number;
  ticket: number;
};

/** Who has a unit: a hold's id, or an act that names itself (`move:…`, `withdrawal:…`). No `|`, not `-`. */
export type Holder = string;
/** `FREE` in the pool, `ABSENT` in neither, else taken by that holder. */
export type UnitState = Holder;
export const FREE = "";
export const ABSENT = "-";

export type UnitHolder = {
  unit: number;
  holder: Holder;
};
export type UnitMark = {
  unit: number;
  seen: UnitState;
  becomes: UnitState;
};
/** `ms`: when it was taken by Redis' clock; null unless taken. */
export interface UnitRecord {
  state: UnitState;
  ms: number | null;
}

export interface PhaseCopy {
  phase: Phase;
  /** The sale's version; a lower one than the lane's is ignored. */
  version: number;
  limitPerShopper: number;
}

export interface Pulse {
  phase: Phase;
  version: number;
  limitPerShopper: number;
  /** The open bucket, and when its first arrival came by Redis' clock; null when none has. */
  bucket: number;
  openedMs: number | null;
  /** The last number given, and up to where PostgreSQL has stored. */
  seq: number;
  stored: number;
  /** The newest message's number. */
  msg: number;
  waiting: number;
  nowMs: number;
  free: number;
  /** Takes whose fate was not reported by `settle`: at most PENDING_MAX of them, any. */
  pending: { unit: number; holdId: HoldId; ms: number }[];
}
/** A shopper's try in a rush, under an id of its own. */
export type Attempt = { key: ShopperKey; tryId: string };
/**
 * `begun`: no other try of this shopper is under way; `attempt` is the number of the entry it would make.
 * `held`: the card of an entry that is not final. `limit`: bought all they may. `busy`: another try is under way.
 * `shut`: the lane's phase sells nothing.
 */
export type AttemptOutcome =
  | { outcome: "begun"; attempt: number }
  | { outcome: "held"; card: Card }
  | { outcome: "limit" | "busy" }
  | { outcome: "shut"; phase: Phase };

/** How many pending takes one pulse shows. */
export const PENDING_MAX = 200;

export interface FlipState extends PhaseCopy {
  /** The bucket that is open: `closed_to + 1`. */
  bucket: number;
  /** Whether arrivals of that bucket are stored already; then it counts as opened now. */
  bucketHasArrivals: boolean;
  /** `last_seq`: numbers go on from here. */
  seq: number;
  /** Loaded cards that are `waiting`. */
  waiting: number;
  /** Closing is refused for this long, so that the journals arrive in time. */
  settleMs: number;
}
