// What a crowd has seen so far, counted: made from the journeys' events alone, so that anybody who runs journeys can
// make one.

import type { Entry } from "@dropgate/contracts/entry";
import { beginLatencies, type Latencies, type LatencySummary } from "./latencies.ts";
import type { JourneyEvent } from "./sightings.ts";

export interface TallyView {
  /** Shoppers by what was last heard of their entries; `coming` have none yet. */
  states: Record<Entry["state"] | "coming", number>;
  counts: Record<JourneyEvent["kind"], number>;
  /** Shoppers whose connection is up. */
  connected: number;
  /** Checkouts by their result; failed ones by `failed <code>`. */
  checkouts: Record<string, number>;
  /** Refusals by `<during> <code>`. */
  refusals: Record<string, number>;
  reconnects: number;
  /** The first few; `counts.anomaly` says how many there were. */
  anomalies: string[];
  /** ms: POST that joined; connection to namespace; claim to acknowledgement; the shop's checkout. */
  latencies: Record<"join" | "connect" | "claim" | "checkout", LatencySummary>;
}

export type Standing = Pick<TallyView, "states" | "connected" | "anomalies" | "refusals">;

export interface Tally {
  /** `shopper` is its number from 0. */
  take(shopper: number, event: JourneyEvent): void;
  /** Who is where, without what takes time or is not known to k6. */
  standing(): Standing;
  view(): TallyView;
}

const STATES: readonly (Entry["state"] | "coming")[] = [
  "coming",
  "waiting",
  "offered",
  "held",
  "purchased",
  "left",
  "missed",
  "released",
  "expired",
  "sold_out",
];
const ANOMALIES_SHOWN = 20;

export function beginTally(shoppers: number): Tally {
  const state = new Uint8Array(shoppers);
  const isUp = new Uint8Array(shoppers);
  const counts: TallyView["counts"] = {
    refused: 0,
    joined: 0,
    attempted: 0,
    up: 0,
    down: 0,
    entry: 0,
    serving: 0,
    offer: 0,
    claimed: 0,
    hold: 0,
    checkedOut: 0,
    released: 0,
    left: 0,
    rejoined: 0,
    outcome: 0,
    ended: 0,
    anomaly: 0,
  };
  const checkouts = new Map<string, number>();
  const refusals = new Map<string, number>();
  const anomalies: string[] = [];
  const latencies: Record<keyof TallyView["latencies"], Latencies> = {
    join: beginLatencies(),
    connect: beginLatencies(),
    claim: beginLatencies(),
    checkout: beginLatencies(),
  };
  let reconnects = 0;
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

  function take(shopper: number, event: JourneyEvent): void {
    counts[event.kind]++;
    if (event.kind === "up") isUp[shopper] = 1;
    else if (event.kind === "down" || event.kind === "ended") isUp[shopper] = 0;
    if (event.kind === "joined" || event.kind === "entry") state[shopper] = STATES.indexOf(event.entry.state);
    if (event.kind === "joined") latencies.join.add(event.tookMs);
    else if (event.kind === "up") {
      latencies.connect.add(event.tookMs);
      if (event.reconnects > 0) reconnects++;
    } else if (event.kind === "claimed") latencies.claim.add(event.tookMs);
    else if (event.kind === "checkedOut") {
      latencies.checkout.add(event.tookMs);
      const { result } = event;
      count(checkouts, result.result === "failed" ? `failed ${result.code}` : result.result);
    } else if (event.kind === "refused") count(refusals, `${event.during} ${event.code}`);
    else if (event.kind === "anomaly" && anomalies.length < ANOMALIES_SHOWN) {
      anomalies.push(`shopper ${shopper}: ${event.what}`);
    }
  }

  function standing(): Standing {
    const states: TallyView["states"] = {
      coming: 0,
      waiting: 0,
      offered: 0,
      held: 0,
      purchased: 0,
      left: 0,
      missed: 0,
      released: 0,
      expired: 0,
      sold_out: 0,
    };
    for (const index of state) states[STATES[index] ?? "coming"]++;
    return {
      states,
      connected: isUp.reduce((sum, up) => sum + up, 0),
      anomalies: [...anomalies],
      refusals: Object.fromEntries(refusals),
    };
  }

  function view(): TallyView {
    return {
      ...standing(),
      counts: { ...counts },
      checkouts: Object.fromEntries(checkouts),
      reconnects,
      latencies: {
        join: latencies.join.summary(),
        connect: latencies.connect.summary(),
        claim: latencies.claim.summary(),
        checkout: latencies.checkout.summary(),
      },
    };
  }

  return { take, standing, view };
}
