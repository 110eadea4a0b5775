// Everything the page knows about one sale and one shopper's place in it, and how each piece of news changes that.
// News comes by socket and by polling, late, twice and out of order; whatever the order, the result is the same.
import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Offer, Serving } from "@dropgate/contracts/realtime";
import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { Sale } from "@dropgate/contracts/sale";
import type { HoldState } from "@dropgate/contracts/states/hold";
import { doubtClock, hearOneWay, hearRoundTrip, type ServerClock, unknownClock } from "./server-clock.ts";

/** What this browser keeps of the shopper's entry, so that a reload and a second tab show the same place. */
export interface KeptEntry {
  entryId: string;
  token: string;
  /** `serving` when this browser first saw the ticket: where the way began. */
  startedAt?: number;
}

/** `live`: by socket. `polling`: by asking. `away`: neither works just now. */
export type Link = "connecting" | "live" | "polling" | "away";
export type Act = "join" | "leave" | "claim" | "release" | "rejoin";
/** Why an act was not done: the server's code, or that the server could not be asked. */
export type ActRefusal = RefusalCode | "AWAY";

export interface ServingSeen {
  /** The highest seen: it never goes back. */
  serving: number;
  waiting: number;
  ratePerSecond: number;
  /** When the rate and the count were said, by the server's clock in ms. */
  at: number;
}

export interface RoomState {
  saleId: string;
  sale: Sale | null;
  /** The server knows no such sale. */
  isUnknown: boolean;
  clock: ServerClock;
  link: Link;
  /** Since when, by our own clock in ms. */
  linkSince: number;
  kept: KeptEntry | null;
  entry: Entry | null;
  serving: ServingSeen | null;
  offer: Offer | null;
  hold: Hold | null;
  pass: { holdId: string; pass: string } | null;
  /** What was bought, once it was. */
  order: { orderId: string | null; unit: number | null } | null;
  /** How the sale ended for this entry. */
  ending: "sold_out" | "closed" | null;
  acting: Act | null;
  refusal: ActRefusal | null;
}

export type RoomEvent =
  /** `sentAt`: we asked then. `isCached`: written into a page that may have lain in a cache, so its time is no news. */
  | { type: "sale"; sale: Sale; sentAt?: number; isCached?: boolean }
  | { type: "unknown" }
  | { type: "serving"; serving: Serving }
  | { type: "kept"; kept: KeptEntry | null }
  | { type: "entry"; entry: Entry }
  | { type: "offer"; offer: Offer }
  | { type: "hold"; hold: Hold; pass?: string | undefined }
  | { type: "outcome"; outcome: OutcomeOfEntry }
  | { type: "link"; link: Link }
  | { type: "clockJumped" }
  | { type: "acting"; act: Act }
  | { type: "acted"; refusal: ActRefusal | null };

/** @param now our own clock in ms */
export function emptyRoom(saleId: string, now: number): RoomState {
  return {
    saleId,
    sale: null,
    isUnknown: false,
    clock: unknownClock,
    link: "connecting",
    linkSince: now,
    kept: null,
    ...nobody,
    serving: null,
    acting: null,
    refusal: null,
  };
}

/** RFC 3339 to ms; none is the beginning of time. */
export function timeOf(time: string | null | undefined): number {
  return time ? Date.parse(time) : 0;
}

/** What is known of an entry before anything is. */
const nobody = { entry: null, offer: null, hold: null, pass: null, order: null, ending: null };

/**
 * The state after one piece of news.
 * @param now our own clock in ms, as the news came
 */
export function reduceRoom(state: RoomState, event: RoomEvent, now: number): RoomState {
  switch (event.type) {
    case "sale":
      return takeSale({ ...state, clock: clockAfter(state.clock, event, now) }, event.sale);
    case "unknown":
      return state.sale === null ? { ...state, isUnknown: true } : state;
    case "serving":
      return takeServing(
        {
          ...state,
          clock: hearOneWay(state.clock, { receivedAt: now, serverTime: timeOf(event.serving.at) }),
        },
        { ...event.serving, at: timeOf(event.serving.at) },
      );
    case "kept":
      return event.kept?.entryId === state.kept?.entryId
        ? { ...state, kept: event.kept }
        : { ...state, kept: event.kept, ...nobody };
    case "entry":
      return takeEntry(state, event.entry);
    case "offer":
      return state.offer !== null && timeOf(state.offer.claimBy) >= timeOf(event.offer.claimBy)
        ? state
        : { ...state, offer: event.offer };
    case "hold":
      return takeHold(state, event.hold, event.pass);
    case "outcome":
      return takeOutcome(state, event.outcome);
    case "link":
      return event.link === state.link ? state : { ...state, link: event.link, linkSince: now };
    case "clockJumped":
      return { ...state, clock: doubtClock(state.clock) };
    case "acting":
      return { ...state, acting: event.act, refusal: null };
    case "acted":
      return { ...state, acting: null, refusal: event.refusal };
  }
}

function clockAfter(
  clock: ServerClock,
  event: Extract<RoomEvent, { type: "sale" }>,
  now: number,
): ServerClock {
  if (event.isCached) return clock;
  const heard = { receivedAt: now, serverTime: timeOf(event.sale.serverTime) };
  return event.sentAt === undefined
    ? hearOneWay(clock, heard)
    : hearRoundTrip(clock, { ...heard, sentAt: event.sentAt });
}

function takeSale(state: RoomState, sale: Sale): RoomState {
  const serverTime = timeOf(sale.serverTime);
  const next = takeServing({ ...state, isUnknown: false }, { ...sale.queue, at: serverTime });
  const known = state.sale;
  const isOlder =
    known !== null &&
    (sale.version < known.version ||
      (sale.version === known.version && serverTime <= timeOf(known.serverTime)));
  return isOlder ? next : { ...next, sale };
}

function takeServing(state: RoomState, heard: ServingSeen): RoomState {
  const known = state.serving;
  if (known === null) return { ...state, serving: heard };
  const newest = heard.at > known.at ? heard : known;
  return { ...state, serving: { ...newest, serving: Math.max(known.serving, heard.serving) } };
}

function takeEntry(state: RoomState, heard: Entry): RoomState {
  if (state.kept === null || heard.entryId !== state.kept.entryId) return state;
  let next = heard.outcome === undefined ? state : takeOutcome(state, heard.outcome);
  if (heard.serving !== undefined) {
    // Says nothing of the rate: as old as can be, so that whoever does say it is believed.
    next = takeServing(next, { waiting: 0, ratePerSecond: 0, at: 0, serving: heard.serving });
  }
  const known = state.entry;
  if (known === null) return { ...next, entry: heard };
  // The ticket is drawn without a change of rev, and never changes after: it is taken from wherever it is told.
  const ticket = heard.ticket ?? known.ticket;
  // `sold_out` is not stored: it is the waiting of the same rev, seen after the close. `left` is told before it is
  // stored, under the rev of the place that was left.
  const isLater = heard.state === "sold_out" || heard.state === "left";
  const isNewer = heard.rev > known.rev || (heard.rev === known.rev && isLater);
  return { ...next, entry: { ...(isNewer ? heard : known), ticket } };
}

// How far along its way a hold is; every hold only goes up.
const HOLD_RANK: Record<HoldState, number> = {
  void: 0,
  offered: 1,
  active: 2,
  pending: 3,
  confirmed: 4,
  allocated: 5,
  released: 6,
  expired: 6,
  cancelled: 7,
};

function takeHold(state: RoomState, heard: Hold, pass: string | undefined): RoomState {
  if (state.kept === null || heard.entryId !== state.kept.entryId) return state;
  const known = state.hold;
  const isOther = known !== null && known.holdId !== heard.holdId;
  if (isOther && timeOf(heard.offeredAt) <= timeOf(known.offeredAt)) return state;
  const isNewer = known === null || isOther || HOLD_RANK[heard.state] > HOLD_RANK[known.state];
  const isLonger = known?.state === heard.state && timeOf(heard.expiresAt) > timeOf(known.expiresAt); // extended
  const next = isNewer || isLonger ? { ...state, hold: heard } : state;
  return pass === undefined ? next : { ...next, pass: { holdId: heard.holdId, pass } };
}

function takeOutcome(state: RoomState, outcome: OutcomeOfEntry): RoomState {
  if (outcome.result !== "purchased") return { ...state, ending: outcome.result };
  const { orderId = state.order?.orderId ?? null, unit = state.order?.unit ?? null } = outcome;
  return { ...state, order: { orderId, unit } };
}
