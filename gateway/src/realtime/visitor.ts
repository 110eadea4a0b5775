// One connection's side of a sale: who it is, and what it was told last, so that nothing is told twice and
// nothing older after something newer.
import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import { type HoldState, isLiveHold } from "@dropgate/contracts/states/hold";
import type { Who } from "../callers/callers.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { Socket } from "../socket/connection.ts";
import type { Band } from "./cadence.ts";
import type { SaleRoom } from "./sale-room.ts";

/** What is kept for each connection: one flat object, no closures, no timers. */
export interface Visitor {
  room: SaleRoom | null;
  /** Null for a spectator. */
  own: OwnEntry | null;
  who: Who | null;
  band: Band;
  told: Told | null;
}
export type VisitorSocket = Socket<Visitor>;

/** What this connection has heard of its entry. */
export interface Told {
  rev: number;
  state: Entry["state"];
  ticket: number | null;
  holdId: string | null;
  holdState: HoldState | null;
  holdExpiresAt: string | null;
  outcome: OutcomeOfEntry["result"] | null;
}

/** An entry as it is now, with its hold where there is one to speak of. */
export interface Standing {
  entry: Entry;
  hold: { hold: Hold; pass?: string } | null;
}

/** One event to be sent: its name, its payload, and whether a later one of its name may replace it unread. */
export interface Telling {
  name: "entry" | "offer" | "hold" | "outcome";
  payload: unknown;
}

/**
 * What of a standing a connection has not heard yet: pure.
 * @param told null on connect: then the full state is told
 * @returns the events in their order, and what will have been told; none when it is older than what was told
 */
export function tellingsOf(
  standing: Standing,
  told: Told | null,
  sku: Sale["sku"],
): { tellings: Telling[]; told: Told } | null {
  const { entry, hold } = standing;
  if (told !== null && entry.rev < told.rev) return null;
  const tellings: Telling[] = [];
  const outcome = entry.outcome?.result ?? null;
  const isNew =
    told === null ||
    entry.rev !== told.rev ||
    entry.state !== told.state ||
    entry.ticket !== told.ticket ||
    outcome !== told.outcome;
  if (isNew) tellings.push({ name: "entry", payload: entry });
  if (entry.state === "offered" && entry.holdId !== undefined && isNew) {
    tellings.push({
      name: "offer",
      payload: { holdId: entry.holdId, sku, quantity: 1, claimBy: entry.claimBy },
    });
  }
  if (hold !== null && isHoldNews(hold.hold, told)) tellings.push({ name: "hold", payload: hold });
  if (outcome !== null && outcome !== told?.outcome)
    tellings.push({ name: "outcome", payload: entry.outcome });
  return {
    tellings,
    told: {
      rev: entry.rev,
      state: entry.state,
      ticket: entry.ticket,
      holdId: entry.holdId ?? null,
      holdState: hold?.hold.state ?? told?.holdState ?? null,
      holdExpiresAt: hold?.hold.expiresAt ?? told?.holdExpiresAt ?? null,
      outcome,
    },
  };
}

/** On connect only a claimed hold that lives; later each change of one, its end included. */
function isHoldNews(hold: Hold, told: Told | null): boolean {
  if (hold.state === "offered") return false;
  if (told === null) return isLiveHold(hold.state);
  return hold.state !== told.holdState || hold.expiresAt !== told.holdExpiresAt;
}
