// What a load test counts, declared once: k6 makes its custom metrics of it, the Node engine its figures, and the
// thresholds speak of these names. Everything is made from what the shoppers see; nothing is asked of the server.

import type { JourneyEvent } from "../sightings.ts";

interface Metric {
  /** `counter`: a sum. `rate`: a share of yes. `trend`: values of which percentiles are told, in ms. */
  kind: "counter" | "rate" | "trend";
  says: string;
}

export const METRICS = {
  joined: { kind: "counter", says: "shoppers who got a place in the line" },
  join_duration: { kind: "trend", says: "POST entries until its answer" },
  got_in: { kind: "rate", says: "of all shoppers, those who were let in (a rush: answered) in the end" },
  refused: { kind: "counter", says: "answers that were a refusal, and calls without one, repeated or not" },
  connect_duration: { kind: "trend", says: "a socket, from its opening to the namespace" },
  position_updates: { kind: "counter", says: "frames that tell of a position: serving, and entry" },
  positions_grown: { kind: "counter", says: "positions that were told greater than before: must be none" },
  offers: { kind: "counter", says: "offers heard" },
  offer_to_claim: { kind: "trend", says: "from hearing an offer to the claim's acknowledgement" },
  claim_duration: { kind: "trend", says: "a claim until its acknowledgement" },
  attempts: { kind: "counter", says: "a rush's units got by a try" },
  attempt_duration: { kind: "trend", says: "POST attempts that got a unit, until its answer" },
  checkout_duration: { kind: "trend", says: "payment and confirm at the gateway" },
  purchased: { kind: "counter", says: "orders confirmed" },
  reconnects: { kind: "counter", says: "sockets that came back after they were lost" },
  reconnect_duration: { kind: "trend", says: "from losing a socket to being in the namespace again" },
  back_again: { kind: "rate", says: "of the sockets lost, those that came back" },
  anomalies: { kind: "counter", says: "what a shopper must never see: another ticket, a serving that falls" },
  report_ok: { kind: "rate", says: "the sale's report at the end" },
  oversold: { kind: "counter", says: "units sold or held beyond those that there are, by the report" },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

export interface Meter {
  /** A count, a time in ms, or 1 (yes) and 0 (no) of a rate. */
  add(metric: MetricName, value: number): void;
}

export interface Recorder {
  /** `shopper` is its number from 0 in this crowd. */
  take(shopper: number, event: JourneyEvent): void;
  /** After the last event: who is still away did not come back. */
  close(): void;
}

/** @param shoppers how many may come */
export function beginRecorder(shoppers: number, meter: Meter): Recorder {
  // Plain arrays by number: a hundred thousand shoppers are a few of these, not as many objects.
  const wasUp = new Uint8Array(shoppers);
  const lostAt = new Float64Array(shoppers);
  const offeredAt = new Float64Array(shoppers);
  const position = new Float64Array(shoppers).fill(Number.POSITIVE_INFINITY);

  function take(shopper: number, event: JourneyEvent): void {
    switch (event.kind) {
      case "joined":
        meter.add("joined", 1);
        meter.add("join_duration", event.tookMs);
        break;
      case "refused":
        meter.add("refused", 1);
        break;
      case "up":
        meter.add("connect_duration", event.tookMs);
        wasUp[shopper] = 1;
        if ((lostAt[shopper] ?? 0) > 0) {
          meter.add("reconnects", 1);
          meter.add("reconnect_duration", event.at - (lostAt[shopper] ?? 0));
          meter.add("back_again", 1);
          lostAt[shopper] = 0;
        }
        break;
      case "down":
        // A try to come back that failed is still the same loss, and who never was there has lost nothing.
        if (wasUp[shopper] === 1 && lostAt[shopper] === 0) lostAt[shopper] = event.at;
        break;
      case "serving":
        meter.add("position_updates", 1);
        break;
      case "entry":
        meter.add("position_updates", 1);
        if (event.entry.state === "missed") offeredAt[shopper] = 0;
        if (event.entry.position === null) break;
        if (event.entry.position > (position[shopper] ?? 0)) meter.add("positions_grown", 1);
        position[shopper] = event.entry.position;
        break;
      case "offer":
        meter.add("offers", 1);
        // Told again on a new connection: it is still the first time that counts.
        if (offeredAt[shopper] === 0) offeredAt[shopper] = event.at;
        break;
      case "claimed":
        meter.add("claim_duration", event.tookMs);
        if ((offeredAt[shopper] ?? 0) > 0) meter.add("offer_to_claim", event.at - (offeredAt[shopper] ?? 0));
        break;
      case "attempted":
        meter.add("attempts", 1);
        meter.add("attempt_duration", event.tookMs);
        break;
      case "checkedOut":
        meter.add("checkout_duration", event.tookMs);
        if (event.result.result === "paid") meter.add("purchased", 1);
        break;
      case "anomaly":
        meter.add("anomalies", 1);
        break;
      case "ended":
        meter.add("got_in", event.ending.result === "refused" ? 0 : 1);
        break;
      default:
    }
  }

  return {
    take,
    close: () => {
      for (const at of lostAt) if (at > 0) meter.add("back_again", 0);
    },
  };
}
