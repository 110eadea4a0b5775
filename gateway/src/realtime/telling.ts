// What of an entry's standing a connection has not heard yet: pure, so that two tabs, a reconnect, a lost message
// and a late reading all come to the same end.
import type { Entry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Offer } from "@dropgate/contracts/realtime";
import { isLiveHold } from "@dropgate/contracts/states/hold";

/** What a connection has heard of its entry. */
export interface Told {
  rev: number;
  state: Entry["state"];
  ticket: number | null;
  /** The offer or hold that it believes to live; null when none. */
  holdId: string | null;
  /** Of that hold as it was told by `hold`; null while only the offer was. */
  hold: Pick<Hold, "state" | "expiresAt"> | null;
  /** An outcome is told once. */
  outcome: boolean;
}

/** A hold with its pass while it lives and is claimed. */
export interface HoldNews {
  hold: Hold;
  pass?: string;
}

/** An entry as it is now, with the holds that `holdsWanted` named, as far as they could be read. */
export interface Standing {
  entry: Entry;
  holds: ReadonlyMap<string, HoldNews>;
}

export type Telling =
  | { name: "entry"; payload: Entry }
  | { name: "offer"; payload: Offer }
  | { name: "hold"; payload: HoldNews }
  | { name: "outcome"; payload: NonNullable<Entry["outcome"]> };

/** Whether a reading is older than what was told: readings by different roads may overtake each other. */
function isStale(entry: Pick<Entry, "rev" | "state" | "ticket">, told: Told): boolean {
  if (entry.rev !== told.rev) return entry.rev < told.rev;
  // Within one rev a ticket comes and never goes.
  return told.ticket !== null && entry.ticket === null;
}

function isChanged(entry: Pick<Entry, "rev" | "state" | "ticket">, told: Told | null): boolean {
  if (told === null) return true;
  return entry.rev !== told.rev || entry.state !== told.state || entry.ticket !== told.ticket;
}

/** The holds that must be read before `tellingsOf` can tell everything. */
export function holdsWanted(
  entry: Pick<Entry, "rev" | "state" | "ticket" | "holdId">,
  told: Told | null,
): string[] {
  if (told !== null && isStale(entry, told)) return [];
  const wanted: string[] = [];
  const { holdId, state } = entry;
  const changed = isChanged(entry, told);
  const ended = told?.holdId ?? null;
  if (ended !== null && ended !== holdId) wanted.push(ended);
  if (holdId === undefined) return wanted;
  if (state === "held" && (changed || told?.hold === null)) wanted.push(holdId);
  if (state === "purchased" && (changed || told?.outcome === false)) wanted.push(holdId);
  return wanted;
}

/**
 * @param told null on connect: then the full state is told
 * @returns the events in their order and what will have been told; null when the reading is older than that
 */
export function tellingsOf(
  { entry, holds }: Standing,
  told: Told | null,
  sku: string,
): { tellings: Telling[]; told: Told } | null {
  if (told !== null && isStale(entry, told)) return null;
  const tellings: Telling[] = [];
  const changed = isChanged(entry, told);
  if (changed) tellings.push({ name: "entry", payload: entry });

  let holdId = told?.holdId ?? null;
  let heldAs = told?.hold ?? null;
  if (holdId !== null && holdId !== entry.holdId) {
    // It has ended; until its row can be read it is remembered, so that its end is told by a later reading.
    const ended = holds.get(holdId);
    if (ended !== undefined) {
      tellings.push({ name: "hold", payload: ended });
      holdId = null;
      heldAs = null;
    }
  }
  if (entry.state === "offered" && entry.holdId !== undefined && entry.claimBy !== undefined && changed) {
    const { claimBy } = entry;
    tellings.push({ name: "offer", payload: { holdId: entry.holdId, sku, quantity: 1, claimBy } });
    holdId = entry.holdId;
    heldAs = null;
  }
  const current = entry.holdId === undefined ? undefined : holds.get(entry.holdId);
  if (current !== undefined && (entry.state === "held" || entry.state === "purchased")) {
    const { state, expiresAt } = current.hold;
    const isNews =
      holdId !== current.hold.holdId || heldAs?.state !== state || heldAs.expiresAt !== expiresAt;
    // Of an old purchase the outcome is told on connect; its hold only to whoever saw it live.
    if (isNews && (told !== null || isLiveHold(state))) tellings.push({ name: "hold", payload: current });
    holdId = isLiveHold(state) ? current.hold.holdId : null;
    heldAs = isLiveHold(state) ? { state, expiresAt } : null;
  }
  if (entry.state === "held" && current === undefined && changed) {
    // What became of it could not be read: wanted until it can.
    holdId = entry.holdId ?? holdId;
    heldAs = null;
  }
  const outcomeDue = entry.outcome !== undefined && told?.outcome !== true;
  // A purchase without its order is told once the order can be read.
  const isKnown = entry.outcome?.result !== "purchased" || entry.outcome.orderId !== undefined;
  if (outcomeDue && isKnown && entry.outcome) tellings.push({ name: "outcome", payload: entry.outcome });
  return {
    tellings,
    told: {
      rev: entry.rev,
      state: entry.state,
      ticket: entry.ticket,
      holdId,
      hold: heldAs,
      outcome: told?.outcome === true || (outcomeDue && isKnown),
    },
  };
}
