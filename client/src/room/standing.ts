// Where the shopper stands: one of the states that the page can show, read from everything that is known. Pure.

import { isSoldHold } from "@dropgate/contracts/states/hold";
import { isJoinable } from "@dropgate/contracts/states/phase";
import { type RoomState, timeOf } from "./room-state.ts";

/** Times are ms by the server's clock. */
export type Standing =
  | { kind: "loading" }
  | { kind: "unknown" }
  | { kind: "scheduled" }
  | { kind: "lobby"; hasJoined: boolean }
  | { kind: "drawing"; hasJoined: boolean }
  /** The order is drawn, the sale opens a little later. */
  | { kind: "drawn"; ticket: number }
  /** The sale is on, and this shopper is not in line. */
  | { kind: "open"; isSoldOut: boolean }
  /** Joined after the draw: the number comes in a moment. */
  | { kind: "numbering" }
  | { kind: "waiting"; ticket: number; hasReturned: boolean }
  | { kind: "offered"; holdId: string; claimBy: number }
  | { kind: "held"; holdId: string; until: number; isPaying: boolean; pass: string | null }
  | { kind: "missed"; at: number; ticket: number | null; canReturn: boolean; canJoinAgain: boolean }
  | { kind: "purchased"; orderId: string | null; unit: number | null; canJoinAgain: boolean }
  /** `isOver`: the sale has closed, so no unit can come back. */
  | { kind: "soldOut"; ticket: number | null; isOver: boolean }
  | { kind: "paused"; hasJoined: boolean; ticket: number | null }
  | { kind: "left" | "released" | "cancelled"; ticket: number | null; canJoinAgain: boolean }
  | { kind: "expired"; at: number; ticket: number | null; canJoinAgain: boolean }
  | { kind: "closed"; ticket: number | null; isSoldOut: boolean };

/** @param serverNow ms by the server's clock, or our own while that is unknown */
export function standingOf(state: RoomState, serverNow: number): Standing {
  const { sale, entry, hold } = state;
  if (sale === null) return { kind: state.isUnknown ? "unknown" : "loading" };
  if (entry === null) return watching(state);
  const { ticket } = entry;
  const canJoinAgain = isJoinable(sale.phase);
  const ourHold = hold !== null && (entry.holdId === undefined || entry.holdId === hold.holdId) ? hold : null;

  // The hold may be told before the entry that it changes.
  if (entry.state === "purchased" || (ourHold !== null && isSoldHold(ourHold.state) && isLive(entry.state))) {
    const orderId = ourHold?.orderId ?? state.order?.orderId ?? null;
    const unit = ourHold?.unit ?? state.order?.unit ?? null;
    return { kind: "purchased", orderId, unit, canJoinAgain: canJoinAgain && sale.limitPerShopper > 1 };
  }
  const isClaimed = ourHold?.state === "active" || ourHold?.state === "pending";
  if (entry.state === "held" || (entry.state === "offered" && isClaimed)) {
    const holdId = entry.holdId ?? ourHold?.holdId ?? "";
    const until = Math.max(timeOf(ourHold?.expiresAt), entry.state === "held" ? timeOf(entry.expiresAt) : 0);
    const pass = state.pass?.holdId === holdId ? state.pass.pass : null;
    return { kind: "held", holdId, until, isPaying: ourHold?.state === "pending", pass };
  }
  if (entry.state === "offered") {
    const holdId = entry.holdId ?? state.offer?.holdId ?? "";
    const offered = state.offer?.holdId === holdId ? timeOf(state.offer.claimBy) : 0;
    return { kind: "offered", holdId, claimBy: Math.max(offered, timeOf(entry.claimBy)) };
  }
  switch (entry.state) {
    case "missed": {
      const at = timeOf(entry.claimBy ?? hold?.claimBy ?? state.offer?.claimBy);
      const canReturn = entry.rejoinable === true && sale.phase !== "closed";
      return { kind: "missed", at, ticket, canReturn, canJoinAgain: canJoinAgain && !canReturn };
    }
    case "left":
      return { kind: "left", ticket, canJoinAgain };
    case "released":
      return { kind: hold?.state === "cancelled" ? "cancelled" : "released", ticket, canJoinAgain };
    case "expired":
      return { kind: "expired", at: timeOf(hold?.expiresAt ?? entry.expiresAt), ticket, canJoinAgain };
    case "sold_out":
      return { kind: "soldOut", ticket, isOver: true };
    case "waiting":
      return waiting(state, ticket, serverNow);
  }
}

function isLive(entryState: string): boolean {
  return entryState === "offered" || entryState === "held";
}

function watching({ sale }: RoomState): Standing {
  switch (sale?.phase) {
    case undefined:
      return { kind: "loading" };
    case "scheduled":
      return { kind: "scheduled" };
    case "lobby":
    case "drawing":
      // Nobody joins a rush before it opens.
      return sale.kind === "rush" ? { kind: "scheduled" } : { kind: sale.phase, hasJoined: false };
    case "paused":
      return { kind: "paused", hasJoined: false, ticket: null };
    case "live":
    case "sold_out":
      return { kind: "open", isSoldOut: sale.phase === "sold_out" };
    case "closed":
      return { kind: "closed", ticket: null, isSoldOut: sale.stock.status === "out_of_stock" };
  }
}

function waiting(state: RoomState, ticket: number | null, serverNow: number): Standing {
  const offer = state.offer;
  // An offer may come before its entry, or the entry's frame be lost; one whose time is over is an old one.
  if (offer !== null && timeOf(offer.claimBy) > serverNow && offer.holdId !== state.hold?.holdId) {
    return { kind: "offered", holdId: offer.holdId, claimBy: timeOf(offer.claimBy) };
  }
  const { phase, stock } = state.sale as NonNullable<RoomState["sale"]>; // the caller looked
  if (phase === "closed") {
    const isSoldOut =
      state.ending === "sold_out" || (state.ending === null && stock.status === "out_of_stock");
    return isSoldOut ? { kind: "soldOut", ticket, isOver: true } : { kind: "closed", ticket, isSoldOut };
  }
  if (phase === "sold_out") return { kind: "soldOut", ticket, isOver: false };
  if (phase === "paused") return { kind: "paused", hasJoined: true, ticket };
  if (phase === "lobby" || phase === "scheduled") return { kind: "lobby", hasJoined: true };
  if (ticket === null)
    return phase === "drawing" ? { kind: "drawing", hasJoined: true } : { kind: "numbering" };
  if (phase === "drawing") return { kind: "drawn", ticket };
  return { kind: "waiting", ticket, hasReturned: ticket <= (state.serving?.serving ?? 0) };
}
