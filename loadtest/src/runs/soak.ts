// A long, even day: people come, wait their turn, and buy, give back, dawdle or leave, for as long as it is told to. What
// leaks, drifts or piles up shows here and nowhere else.

import { EAGER, type Plan } from "../plan.ts";
import type { LoadTest } from "./load-test.ts";
import { playCrowd } from "./play-crowd.ts";

/** Offers go out somewhat faster than people come, or the line would only ever grow. */
const OFFERS_PER_SHOPPER = 1.25;

function mannersOf(random: number): Plan {
  const plan: Plan = { ...EAGER, decideAfterMs: 300 + random * 2_000, payAfterMs: 300 + random * 3_000 };
  // The digits behind decide the rest, so that haste and manners have nothing to do with one another.
  const roll = (random * 1_000) % 1;
  if (roll < 0.05) return { ...plan, atHold: "release" };
  if (roll < 0.1) return { ...plan, leaveAfterMs: 1_500 };
  if (roll < 0.13) return { ...plan, atOffer: "lapse" };
  return plan;
}

export const SOAK: LoadTest<"MINUTES" | "RATE" | "CLAIM_SECONDS"> = {
  name: "soak",
  shows: "a long, even day: nothing leaks, drifts or piles up",
  knobs: {
    MINUTES: { otherwise: 60, says: "how long people come" },
    RATE: { otherwise: 20, says: "how many of them in a second" },
    CLAIM_SECONDS: { otherwise: 10, says: "the claim window, after which a lapsed offer goes on" },
  },
  sale: ({ MINUTES, RATE, CLAIM_SECONDS }) => ({
    // One for everybody, the lapsed and given back included.
    quantity: Math.ceil(MINUTES * 60 * RATE),
    admission: { ratePerSecond: RATE * OFFERS_PER_SHOPPER, burst: Math.ceil(RATE) },
    claimWindowSeconds: Math.ceil(CLAIM_SECONDS),
    drawIn: 0,
    opensIn: 0,
    closesIn: MINUTES * 60 + 3_600,
  }),
  thresholds: () => ({
    got_in: ["rate==1"],
    join_duration: ["p(99)<=100"],
    claim_duration: ["p(99)<=250"],
    checkout_duration: ["p(99)<=500"],
    positions_grown: ["count==0"],
    anomalies: ["count==0"],
    oversold: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ MINUTES }) => MINUTES * 60 + 300,
  play: async (stage) => {
    const { MINUTES, RATE } = stage.numbers;
    await playCrowd(stage, {
      shoppers: MINUTES * 60 * RATE,
      perSecond: RATE,
      plan: mannersOf,
      staysForOutcome: false,
      // The last to come has some rounds of the claim window; who still is there then goes home.
      staySeconds: 60,
    });
  },
};
