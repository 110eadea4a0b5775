// A rush: no line, everybody tries for a unit at once. As many get one as there are, and the others are told soon.

import { beginRush } from "../rush.ts";
import type { LoadTest } from "./load-test.ts";
import { playCrowd } from "./play-crowd.ts";

type Name = "SHOPPERS" | "RATE" | "UNITS" | "OFFERS" | "POOLS" | "ATTEMPT_P99_MS";

export const RUSH: LoadTest<Name> = {
  name: "rush",
  shows: "a rush: as many get a unit as there are, all others are told so",
  knobs: {
    SHOPPERS: { otherwise: 10_000, says: "how many come" },
    RATE: { otherwise: 2_000, says: "how many of them in a second" },
    UNITS: { otherwise: 100, says: "how many units there are" },
    OFFERS: { otherwise: 1_000, says: "how many units may go in a second" },
    POOLS: { otherwise: 10, says: "over how many pools the units are spread" },
    ATTEMPT_P99_MS: { otherwise: 250, says: "what 99 of 100 tries that got a unit must not exceed" },
  },
  sale: ({ UNITS, OFFERS, POOLS }) => ({
    kind: "rush",
    quantity: UNITS,
    poolCount: Math.min(POOLS, UNITS),
    admission: { ratePerSecond: OFFERS, burst: Math.max(1, Math.ceil(OFFERS / 10)) },
    drawIn: 0,
    opensIn: 0,
    closesIn: 3_600,
  }),
  thresholds: ({ SHOPPERS, UNITS, ATTEMPT_P99_MS }) => ({
    attempts: [`count==${Math.min(Math.floor(SHOPPERS), UNITS)}`],
    attempt_duration: [`p(99)<=${ATTEMPT_P99_MS}`],
    purchased: [`count==${Math.min(Math.floor(SHOPPERS), UNITS)}`],
    got_in: ["rate==1"],
    oversold: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ SHOPPERS, RATE }) => SHOPPERS / RATE + 300,
  play: async (stage) => {
    const { SHOPPERS, RATE } = stage.numbers;
    await playCrowd(stage, {
      shoppers: SHOPPERS,
      perSecond: RATE,
      walk: ({ joinTriesMax, ...options }) =>
        beginRush({ ...options, ...(joinTriesMax !== undefined && { triesMax: joinTriesMax }) }),
      joinTriesMax: 200,
    });
  },
};
