// Sockets that stay: a lobby full of people who wait for the draw. None may be lost, and each must be cheap.

import type { LoadTest } from "./load-test.ts";
import { playCrowd } from "./play-crowd.ts";

export const WAITING_ROOM: LoadTest<"SHOPPERS" | "RATE" | "STAY_SECONDS"> = {
  name: "waiting-room",
  shows: "people who wait: how many sockets the gateways hold, without losing one",
  knobs: {
    SHOPPERS: { otherwise: 20_000, says: "how many wait" },
    RATE: { otherwise: 1_000, says: "how many come in a second" },
    STAY_SECONDS: { otherwise: 60, says: "how long all of them wait together" },
  },
  sale: () => ({ quantity: 100, drawIn: 3_600, opensIn: 3_600, closesIn: 7_200 }),
  thresholds: ({ SHOPPERS }) => ({
    joined: [`count==${Math.floor(SHOPPERS)}`],
    // One socket each, and never a second one.
    connect_duration: [`count==${Math.floor(SHOPPERS)}`],
    anomalies: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ SHOPPERS, RATE, STAY_SECONDS }) => SHOPPERS / RATE + STAY_SECONDS + 120,
  play: async (stage) => {
    const { SHOPPERS, RATE, STAY_SECONDS } = stage.numbers;
    await playCrowd(stage, {
      shoppers: SHOPPERS,
      perSecond: RATE,
      staySeconds: STAY_SECONDS,
      moments: [{ moment: "full", afterSeconds: STAY_SECONDS * 0.8, says: "all should be there" }],
    });
  },
};
