// A whole sale: everybody joins the lobby, the draw, offers, claims, checkouts, and the outcome for all at the close.

import { EAGER } from "../plan.ts";
import type { LoadTest } from "./load-test.ts";
import { closeWhenSoldOut, playCrowd } from "./play-crowd.ts";

type Name = "SHOPPERS" | "RATE" | "UNITS" | "OFFERS" | "JOIN_P99_MS";

/** From the last who comes to the draw. */
const LOBBY_SECONDS = 5;
/** What a sale may take beyond its units at its rate: the draw, the first second, the last checkouts. */
const SPARE_SECONDS = 60;

export const SALE: LoadTest<Name> = {
  name: "sale",
  shows: "a whole sale: join, wait for the draw, claim, check out, hear how it ended",
  knobs: {
    SHOPPERS: { otherwise: 2_000, says: "how many come" },
    RATE: { otherwise: 500, says: "how many of them in a second" },
    UNITS: { otherwise: 100, says: "how many units there are" },
    OFFERS: { otherwise: 20, says: "how many offers are made in a second" },
    JOIN_P99_MS: { otherwise: 250, says: "what 99 of 100 joins must not exceed" },
  },
  sale: ({ SHOPPERS, RATE, UNITS, OFFERS }) => {
    const drawIn = SHOPPERS / RATE + LOBBY_SECONDS;
    return {
      quantity: UNITS,
      admission: { ratePerSecond: OFFERS, burst: Math.max(1, Math.ceil(OFFERS / 4)) },
      claimWindowSeconds: 30,
      drawIn,
      opensIn: drawIn,
      closesIn: drawIn + UNITS / OFFERS + 3_600,
    };
  },
  thresholds: ({ UNITS, SHOPPERS, JOIN_P99_MS }) => ({
    joined: [`count==${Math.floor(SHOPPERS)}`],
    join_duration: [`p(99)<=${JOIN_P99_MS}`],
    purchased: [`count==${Math.min(Math.floor(SHOPPERS), UNITS)}`],
    // Whoever claims waits a moment first, as a person does: at most one second, see below.
    offer_to_claim: ["p(99)<=1500"],
    positions_grown: ["count==0"],
    anomalies: ["count==0"],
    oversold: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ SHOPPERS, RATE, UNITS, OFFERS }) =>
    SHOPPERS / RATE + LOBBY_SECONDS + UNITS / OFFERS + SPARE_SECONDS + 120,
  play: async (stage) => {
    const { SHOPPERS, RATE, UNITS, OFFERS } = stage.numbers;
    await playCrowd(stage, {
      shoppers: SHOPPERS,
      perSecond: RATE,
      plan: (random) => ({ ...EAGER, decideAfterMs: random * 1_000, payAfterMs: random * 500 }),
      beside: () => closeWhenSoldOut(stage, SHOPPERS / RATE + LOBBY_SECONDS + UNITS / OFFERS + SPARE_SECONDS),
    });
  },
};
