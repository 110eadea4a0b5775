// `tick`: what one admission tick costs when a thousand wait, and when a million do.
import { Redis } from "ioredis";
import { Lab } from "../lab.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { ratio } from "../targets.ts";
import { keepHeartBeating, wholeTick } from "../whole-tick.ts";

const OFFERS = 20;

/** The plain way tells each who waits their rank. A script of many look-ups is kinder to it than a call for each. */
const RANKS = `for n = tonumber(ARGV[1]), tonumber(ARGV[2]) do redis.call('ZRANK', KEYS[1], n) end`;
const JOINED = `for n = tonumber(ARGV[1]), tonumber(ARGV[2]) do redis.call('ZADD', KEYS[1], n, n) end`;
const RANKS_AT_ONCE = 5_000;

export const row: Row = {
  name: "tick",
  measures:
    "One admission tick of twenty offers, from the winners to the message that names their cards, with 1,000, 100,000 and 1,000,000 waiting (a tenth of each of the larger two in a quick run); `redisUs` is the time that Redis spends in its scripts. The plain way looks up the rank of each who waits.",
  unit: "tick",
  variants: [
    { key: "thousand", role: "ours", label: "1 k waiting" },
    { key: "hundred-thousand", role: "ours", label: "100 k waiting" },
    { key: "million", role: "ours", label: "1 M waiting" },
    { key: "plain", role: "plain", label: "ZRANK for each of 1 M" },
  ],
  rounds: { full: 4, quick: 2 },
  shown: ["redisUs", "cpu.postgres", "rate"],
  units: { redisUs: "µs" },
  targets: [
    ratio("redisUs", "million", "thousand", { atMost: 1.1 }),
    ratio("cpu.postgres", "million", "thousand", { atMost: 1.5 }),
  ],

  async open(bench) {
    const lab = await Lab.open(bench);
    const ticks = bench.pick(40, 15);
    const quantity = 4 * OFFERS * ticks * 2;
    const crowds = {
      thousand: quantity + 1_000,
      "hundred-thousand": bench.pick(100_000, 10_000),
      million: bench.pick(1_000_000, 100_000),
    };
    const heart = keepHeartBeating(lab);
    bench.atEnd(async () => heart.stop());
    const sales = new Map<string, string>();
    for (const [name, crowd] of Object.entries(crowds)) {
      sales.set(name, (await lab.drawn(crowd, { quantity, poolCount: 4 })).id);
    }
    await lab.truth.query("VACUUM ANALYZE");
    const redis = new Redis(lab.stores.redis.url);
    bench.atEnd(async () => redis.disconnect());
    for (let n = 1; n <= crowds.million; n += RANKS_AT_ONCE) {
      await redis.eval(JOINED, 1, "ranks", n, n + RANKS_AT_ONCE - 1);
    }

    return {
      async round(variant, { warmUp }) {
        const before = await lab.scriptMicroseconds();
        if (variant === "plain") {
          const began = performance.now();
          for (let n = 1; n <= crowds.million; n += RANKS_AT_ONCE) {
            await redis.eval(RANKS, 1, "ranks", n, n + RANKS_AT_ONCE - 1);
          }
          const ms = performance.now() - began;
          return { units: 1, seconds: ms / 1_000, figures: { redisUs: ms * 1_000 } };
        }
        const saleId = sales.get(variant) ?? "";
        const lanes = await lab.lanes(saleId);
        const count = warmUp ? 3 : ticks;
        const sample = await measure(lab.processes, async () => {
          for (let tick = 0; tick < count; tick++) {
            if ((await wholeTick(lab, saleId, lanes, OFFERS)) !== OFFERS)
              throw new Error("a tick made fewer offers");
          }
          return { units: count };
        });
        return { ...sample, figures: { redisUs: ((await lab.scriptMicroseconds()) - before) / count } };
      },
      async close() {},
    };
  },
};
