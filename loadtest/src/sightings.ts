// Everything a shopper sees and does on the journey, each with its time: latency tables, counters and the scenario's
// checks are made from these.

import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Offer, Serving } from "@dropgate/contracts/realtime";

/** What came of a checkout. `failed` has the shop's or the gateway's reason. */
export type CheckoutResult =
  | { result: "paid"; orderId: string }
  | { result: "declined" }
  | { result: "failed"; code: string };

/** What was refused, and when it is tried again: never, when `retryMs` is undefined. */
export interface Refused {
  kind: "refused";
  during: "join" | "attempt" | "socket" | "claim" | "release" | "leave" | "rejoin";
  /** The problem's code; NO_ANSWER when none came, which says neither yes nor no. */
  code: string;
  retryMs: number | undefined;
}

export type Sighting =
  | Refused
  /** `tookMs`: of the request that succeeded. */
  | { kind: "joined"; tookMs: number; tries: number; isNew: boolean; entry: Entry }
  /** A rush's unit was got; `tookMs`: of the request that succeeded. */
  | { kind: "attempted"; tookMs: number; tries: number; hold: Hold }
  /** In the namespace; `tookMs` since the connection was begun. `reconnects` is 0 the first time. */
  | { kind: "up"; tookMs: number; reconnects: number }
  | { kind: "down"; retryMs: number }
  | { kind: "entry"; entry: Entry }
  | { kind: "serving"; serving: Serving }
  | { kind: "offer"; offer: Offer }
  /** `tookMs`: from asking to the acknowledgement. */
  | { kind: "claimed"; tookMs: number; hold: Hold }
  | { kind: "hold"; hold: Hold }
  | { kind: "checkedOut"; tookMs: number; hold: Hold; result: CheckoutResult }
  | { kind: "released"; hold: Hold }
  | { kind: "left" }
  | { kind: "rejoined" }
  | { kind: "outcome"; outcome: OutcomeOfEntry }
  /** The last one of a journey. */
  | { kind: "ended"; ending: Ending }
  /** Something that must never be seen; a run in which it was has failed. */
  | { kind: "anomaly"; what: string };

/** A sighting with the time of the surroundings' clock, in ms. */
export type JourneyEvent = Sighting & { at: number };

/** How a journey ended. */
export interface Ending {
  /** The outcome; `final`: the entry had ended and nobody stayed for the outcome; `refused`: never got in. */
  result: OutcomeOfEntry["result"] | "final" | "refused" | "stopped";
  /** The entry's as last heard; null when there was none. */
  state: Entry["state"] | null;
  entryId: string | null;
  ticket: number | null;
  /** What was bought. */
  orderId?: string;
  unit?: number;
  /** `refused` only. */
  refusal?: string;
}
