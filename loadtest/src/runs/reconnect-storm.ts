// A gateway dies under a waiting crowd: all of its sockets come back to the others, spread and soon, and nobody's place
// is worse for it. The line moves meanwhile, slowly, so that positions are told and told again.

import type { LoadTest } from "./load-test.ts";
import { playCrowd } from "./play-crowd.ts";

type Name = "SHOPPERS" | "RATE" | "OFFERS" | "SETTLE_SECONDS" | "STAY_SECONDS" | "BACK_SECONDS";

const LOBBY_SECONDS = 5;

export const RECONNECT_STORM: LoadTest<Name> = {
  name: "reconnect-storm",
  shows: "a gateway dies under a waiting crowd: all are back soon, and nobody's position grew",
  knobs: {
    SHOPPERS: { otherwise: 10_000, says: "how many wait" },
    RATE: { otherwise: 1_000, says: "how many come in a second" },
    OFFERS: { otherwise: 5, says: "how many offers are made in a second" },
    SETTLE_SECONDS: { otherwise: 10, says: "from the draw, when everybody has a ticket, to the strike" },
    STAY_SECONDS: { otherwise: 40, says: "how long they stay after the strike" },
    BACK_SECONDS: { otherwise: 15, says: "within which each must be back" },
  },
  sale: ({ SHOPPERS, RATE, OFFERS }) => {
    const drawIn = SHOPPERS / RATE + LOBBY_SECONDS;
    return {
      // More than can be offered while it lasts: nobody hears that the sale is over.
      quantity: Math.max(1_000, Math.ceil(OFFERS * 600)),
      admission: { ratePerSecond: OFFERS, burst: Math.max(1, Math.ceil(OFFERS)) },
      drawIn,
      opensIn: drawIn,
      closesIn: drawIn + 3_600,
    };
  },
  thresholds: ({ SHOPPERS, BACK_SECONDS }) => ({
    joined: [`count==${Math.floor(SHOPPERS)}`],
    // A storm that did not happen shows nothing.
    reconnects: ["count>0"],
    back_again: ["rate==1"],
    reconnect_duration: [`max<${BACK_SECONDS * 1_000}`],
    positions_grown: ["count==0"],
    anomalies: ["count==0"],
    oversold: ["count==0"],
    report_ok: ["rate==1"],
  }),
  secondsMax: ({ SHOPPERS, RATE, SETTLE_SECONDS, STAY_SECONDS }) =>
    SHOPPERS / RATE + SETTLE_SECONDS + STAY_SECONDS + 180,
  play: async (stage) => {
    const { SHOPPERS, RATE, SETTLE_SECONDS, STAY_SECONDS } = stage.numbers;
    const strikeAfter = LOBBY_SECONDS + SETTLE_SECONDS;
    await playCrowd(stage, {
      shoppers: SHOPPERS,
      perSecond: RATE,
      staySeconds: strikeAfter + STAY_SECONDS,
      moments: [{ moment: "strike", afterSeconds: strikeAfter, says: "now kill or restart a gateway" }],
    });
  },
};
