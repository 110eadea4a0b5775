// What is worth telling of two looks at a room, one after the other. Pure: the library's events and those of the
// element in a merchant's page are these.
import type { OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Estimate } from "./line/estimate.ts";
import { checkoutAddress } from "./room/checkout-address.ts";
import type { Link } from "./room/room-state.ts";
import type { Snapshot } from "./room/room-store.ts";
import type { Standing } from "./room/standing.ts";

/** Where the shopper stands. */
export interface QueueState {
  state: Standing["kind"];
  /** The number that was drawn; null before. */
  ticket: number | null;
  /** 1 is next, 0: the line has passed this number; null while there is no line to wait in. */
  position: number | null;
  /** How long it may still take; null when nothing honest can be said. */
  estimate: Estimate | null;
}

/** It is the shopper's turn. */
export interface OfferMade {
  holdId: string;
  /** Until when it can be claimed: RFC 3339, by the server's clock. */
  claimBy: string;
}

/** A unit is the shopper's while they pay. */
export interface UnitHeld {
  holdId: string;
  /** RFC 3339, by the server's clock. */
  expiresAt: string;
  /** The signed pass: verify it on the merchant's server. */
  pass: string;
  /** The sale's checkout with the pass in the fragment; null for a sale without one. */
  checkoutUrl: string | null;
}

export interface QueueEvents {
  /** The state, the position or the estimate is another. */
  state: QueueState;
  offer: OfferMade;
  held: UnitHeld;
  /** How it ended for this entry, once. */
  outcome: OutcomeOfEntry;
  /** How the news comes: `live` by socket, `polling` by asking, `away` not at all just now. */
  link: Link;
}

export type Happening = {
  [Name in keyof QueueEvents]: { name: Name; detail: QueueEvents[Name] };
}[keyof QueueEvents];

export function stateOf({ moment, room }: Snapshot): QueueState {
  const { standing, line } = moment;
  return {
    state: standing.kind,
    ticket: line?.ticket ?? room.entry?.ticket ?? null,
    position: line?.position ?? null,
    estimate: line?.estimate ?? null,
  };
}

/**
 * @param before the look before, or null at the first one
 * @param url the gateway's origin: a checkout may be a path of its host
 */
export function happeningsOf(before: Snapshot | null, after: Snapshot, url: string): Happening[] {
  const happenings: Happening[] = [];
  const state = stateOf(after);
  if (before === null || !isSame(stateOf(before), state)) happenings.push({ name: "state", detail: state });
  if (before?.room.link !== after.room.link) happenings.push({ name: "link", detail: after.room.link });
  const offer = offerOf(after);
  if (offer !== null && (before === null ? null : offerOf(before))?.holdId !== offer.holdId)
    happenings.push({ name: "offer", detail: offer });
  const held = heldOf(after, url);
  if (held !== null && (before === null ? null : heldOf(before, url))?.holdId !== held.holdId)
    happenings.push({ name: "held", detail: held });
  const outcome = outcomeOf(after);
  if (outcome !== null && (before === null ? null : outcomeOf(before))?.result !== outcome.result)
    happenings.push({ name: "outcome", detail: outcome });
  return happenings;
}

function isSame(one: QueueState, other: QueueState): boolean {
  return (
    one.state === other.state &&
    one.ticket === other.ticket &&
    one.position === other.position &&
    one.estimate?.unit === other.estimate?.unit &&
    one.estimate?.low === other.estimate?.low &&
    one.estimate?.high === other.estimate?.high
  );
}

function offerOf({ moment: { standing } }: Snapshot): OfferMade | null {
  if (standing.kind !== "offered") return null;
  return { holdId: standing.holdId, claimBy: new Date(standing.claimBy).toISOString() };
}

function heldOf({ room, moment: { standing } }: Snapshot, url: string): UnitHeld | null {
  if (standing.kind !== "held" || standing.pass === null) return null;
  const { holdId, pass, until } = standing;
  const address = checkoutAddress(room.sale?.checkoutUrl, pass);
  return {
    holdId,
    expiresAt: new Date(until).toISOString(),
    pass,
    checkoutUrl: address === null ? null : new URL(address, url).href,
  };
}

function outcomeOf({ room, moment: { standing } }: Snapshot): OutcomeOfEntry | null {
  if (standing.kind === "purchased") {
    // An entry may be told before its order: told once, it is told whole.
    const { orderId, unit } = standing;
    return orderId === null ? null : { result: "purchased", orderId, ...(unit !== null && { unit }) };
  }
  return room.entry !== null && room.ending !== null ? { result: room.ending } : null;
}
