// The opening seconds: everybody comes at once, gets a place and a socket. Joins are to stay quick, and none to fail.

import type { LoadTest } from "./load-test.ts";
import { playCrowd } from "./play-crowd.ts";

export const JOIN_STORM: LoadTest<"SHOPPERS" | "RATE" | "STAY_SECONDS" | "JOIN_P99_MS"> = {
  name: "join-storm",
  shows: "the opening seconds of a sale: how quick a place is given when all come at once",
  knobs: {
    SHOPPERS: { otherwise: 10_000, says: "how many come" },
    RATE: { otherwise: 5_000, says: "how many of them in a second" },
    STAY_SECONDS: { otherwise: 10, says: "how long they stay after the last has come" },
    JOIN_P99_MS: { otherwise: 250, says: "what 99 of 100 joins must not exceed" },
  },
  sale: () => ({ quantity: 100, drawIn: 3_600, opensIn: 3_600, closesIn: 7_200 }),
  thresholds: ({ SHOPPERS, JOIN_P99_MS }) => ({
    joined: [`count==${Math.floor(SHOPPERS)}`],
    join_duration: [`p(99)<=${JOIN_P99_MS}`],
    refused: ["count==0"],
    anomalies: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ SHOPPERS, RATE, STAY_SECONDS }) => SHOPPERS / RATE + STAY_SECONDS + 120,
  play: async (stage) => {
    const { SHOPPERS, RATE, STAY_SECONDS } = stage.numbers;
    await playCrowd(stage, { shoppers: SHOPPERS, perSecond: RATE, staySeconds: STAY_SECONDS });
  },
};
