// What becomes of a hold when somebody asks something of it: a pure function over the total table of
// contracts/src/states/hold.ts, the hold as it was locked, and the moment by which windows are judged.
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { ENTRY_TABLE, type EntryAct, type StoredEntryState } from "@dropgate/contracts/states/entry";
import { HOLD_TABLE, type HoldAct, type HoldState, isLiveHold } from "@dropgate/contracts/states/hold";
import type { Judge, LockedHold } from "@dropgate/sql/holds/lock-holds";
import type { HoldMove } from "@dropgate/sql/holds/write-moves";
import type { SaleOrder } from "@dropgate/sql/reservations/sale-orders";

/** What may be asked of a hold from outside, or by the sweeper (`expire`). */
export type AskedAct = "claim" | "startPayment" | "confirm" | "release" | "leave" | "cancel" | "expire";

export interface Ask {
  act: AskedAct;
  /** Who does it, for the ledger. */
  actor: "shopper" | "merchant" | "operator" | "worker" | "gateway";
  /** The entry that the caller proved to be; null for a merchant or worker, who may act on any. */
  entryId: string | null;
  orderId?: string;
  /** Which hold the order id belongs to already. */
  orderOf?: string | undefined;
  /** How many units of its order have left the shelf. */
  picked?: number;
  reason?: string | undefined;
}

/** `move` null: it had happened before, the answer is the same again. `late`: it has ended (see move). */
export type Decision = { ok: true; move: HoldMove | null } | (Refusal & { move?: HoldMove });

const HOLD_ACT: Record<AskedAct, HoldAct> = {
  claim: "claim",
  startPayment: "startPayment",
  confirm: "confirm",
  release: "release",
  leave: "release",
  cancel: "cancel",
  expire: "expire",
};

const ENTRY_ACT: Record<AskedAct, EntryAct | null> = {
  claim: "claim",
  startPayment: null,
  confirm: "confirm",
  release: "release",
  leave: "leave",
  cancel: "cancel",
  expire: "expire",
};

const LEDGER_ACT: Record<AskedAct, string> = {
  claim: "claimed",
  startPayment: "payment.started",
  confirm: "confirmed",
  release: "released",
  leave: "released",
  cancel: "cancelled",
  expire: "expired",
};

function laterBy(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

/** Whether the hold's window is over by the judge's clock. An offer that nobody was told of never lapses. */
export function isOver(hold: LockedHold, judge: Judge): boolean {
  if (hold.state === "offered") return hold.publishedAt !== null && hold.claimBy <= judge.now;
  return isLiveHold(hold.state) && hold.expiresAt !== null && hold.expiresAt <= judge.now;
}

/** The state an entry is in while its hold is in this one. */
function entryStateOf(hold: HoldState): StoredEntryState {
  if (hold === "offered") return "offered";
  return isLiveHold(hold) ? "held" : "purchased";
}

function moveTo(hold: LockedHold, to: HoldState, ask: Ask, judge: Judge): HoldMove {
  const entryAct = ENTRY_ACT[ask.act];
  const entry = entryAct === null ? null : ENTRY_TABLE[entryStateOf(hold.state)][entryAct];
  const lapse = ask.act === "expire" && hold.state === "offered";
  const base: HoldMove = {
    hold,
    to,
    claimedAt: null,
    expiresAt: null,
    extended: hold.extended,
    orderId: null,
    unitTo: null,
    entryTo: entry !== null && "to" in entry ? entry.to : null,
    missed: lapse,
    act: lapse ? "lapsed" : LEDGER_ACT[ask.act],
    actor: ask.actor,
    data: {
      ...(ask.reason !== undefined && { reason: ask.reason }),
      // The same move as giving a unit back; who tells the story wants to know which it was.
      ...(ask.act === "leave" && { left: true }),
    },
  };
  switch (ask.act) {
    case "claim":
      return { ...base, claimedAt: judge.now, expiresAt: laterBy(judge.now, hold.purchaseWindowSeconds) };
    case "startPayment":
      return {
        ...base,
        extended: true,
        expiresAt: laterBy(hold.expiresAt ?? judge.now, hold.paymentExtensionSeconds),
      };
    case "confirm":
      return { ...base, orderId: ask.orderId ?? null, unitTo: "sold", data: { orderId: ask.orderId } };
    case "cancel":
      return { ...base, unitTo: "free", data: { orderId: hold.orderId, ...base.data } };
    default:
      return { ...base, unitTo: "free" };
  }
}

/** An act that a window limits: what asks for it waits until the service's heartbeat is fresh. */
const JUDGED: ReadonlySet<AskedAct> = new Set(["claim", "startPayment", "confirm", "expire"]);

/**
 * Decides one ask about one locked hold. Time comes first: a live hold whose window is over is ended here
 * and now (the returned move), so that HOLD_EXPIRED is said only of a hold that has ended.
 */
export function decide(hold: LockedHold, ask: Ask, judge: Judge): Decision {
  if (ask.entryId !== null && ask.entryId !== hold.entryId) return refuse("FORBIDDEN");
  if (isLiveHold(hold.state) && JUDGED.has(ask.act)) {
    if (!judge.fresh) return refuse("BUSY");
    if (isOver(hold, judge)) {
      const ended = moveTo(hold, "expired", { act: "expire", actor: "worker", entryId: null }, judge);
      return ask.act === "expire" ? { ok: true, move: ended } : { ...refuse("HOLD_EXPIRED"), move: ended };
    }
    if (ask.act === "expire") return { ok: true, move: null };
  }
  const outcome = HOLD_TABLE[hold.state][HOLD_ACT[ask.act]];
  if ("refused" in outcome) return refuse(outcome.refused);
  if (ask.act === "confirm") {
    if ("same" in outcome && hold.orderId !== ask.orderId) {
      return refuse("WRONG_STATE", { detail: "The hold is confirmed under another order." });
    }
    if ("to" in outcome && ask.orderOf !== undefined && ask.orderOf !== hold.holdId)
      return refuse("ORDER_EXISTS");
  }
  if ("same" in outcome) return { ok: true, move: null };
  if (ask.act === "cancel" && (ask.picked ?? 0) > 0) {
    return refuse("WRONG_STATE", { detail: "The order is already picked." });
  }
  return { ok: true, move: moveTo(hold, outcome.to, ask, judge) };
}

/** The hold as it is after its move. */
export function afterMove(move: HoldMove): LockedHold {
  const hold = move.hold as LockedHold;
  return {
    ...hold,
    state: move.to,
    rev: hold.rev + 1,
    claimedAt: move.claimedAt ?? hold.claimedAt,
    expiresAt: move.expiresAt ?? hold.expiresAt,
    extended: move.extended,
    orderId: move.orderId ?? hold.orderId,
  };
}

/** A hold after what was asked of it; `order` after a confirm in a sale that stands on the inventory. */
export interface ActedHold extends LockedHold {
  order?: SaleOrder;
}

export type HoldOutcome = Outcome<ActedHold>;
