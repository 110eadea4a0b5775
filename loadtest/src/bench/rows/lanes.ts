// `lanes`: offers by 500 a tick out of one pool, two, four, eight: what spreading a sale over hash slots costs where
// all of them lie on one Redis. (What it brings shows on a cluster of several machines.)
import { Lab } from "../lab.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { ratio } from "../targets.ts";
import { keepHeartBeating, wholeTick } from "../whole-tick.ts";

const OFFERS = 500;

export const row: Row = {
  name: "lanes",
  measures:
    "Whole admission ticks of 500 offers whose units lie in one lane, two, four or eight, each a hash slot of one Redis.",
  unit: "offer",
  variants: [
    { key: "lanes-1", role: "plain", label: "one lane" },
    { key: "lanes-2", role: "ours", label: "2 lanes" },
    { key: "lanes-4", role: "ours", label: "4 lanes" },
    { key: "lanes-8", role: "ours", label: "8 lanes" },
  ],
  rounds: { full: 4, quick: 2 },
  shown: ["rate", "cpu.redis", "cpu.load", "cpu.postgres"],
  targets: [
    ratio("rate", "lanes-4", "lanes-1", { atLeast: 0.9 }),
    ratio("rate", "lanes-8", "lanes-1", { atLeast: 0.9 }),
  ],

  async open(bench) {
    const lab = await Lab.open(bench);
    const heart = keepHeartBeating(lab);
    bench.atEnd(async () => heart.stop());
    return {
      async round(variant, { warmUp }) {
        const poolCount = Number(variant.split("-")[1]);
        const ticks = warmUp ? 1 : bench.pick(6, 3);
        const quantity = OFFERS * ticks;
        const { id } = await lab.drawn(quantity + 100, { quantity, poolCount });
        const lanes = await lab.lanes(id);
        return measure(lab.processes, async () => {
          let units = 0;
          for (let tick = 0; tick < ticks; tick++) units += await wholeTick(lab, id, lanes, OFFERS);
          if (units !== quantity) throw new Error(`${units} offers of ${quantity}`);
          return { units };
        });
      },
      async close() {},
    };
  },
};
