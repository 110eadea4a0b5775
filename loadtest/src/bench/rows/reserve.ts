// `reserve`: ordinary checkouts of three lines at five locations, 64 at a time, with one SKU in all of them and without.
import { House } from "../house.ts";
import { cpuOfRound } from "../http-round.ts";
import { HttpLoad } from "../load/http-load.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { HOT_SKU, PLENTY, SPREAD_SKUS, stockUp } from "../stocked.ts";
import { figure, ratio } from "../targets.ts";

const AT_ONCE = 64;
/** As many of ours as of theirs would be over in 1.7 s, and one pause be their slowest hundredth. */
const OURS_TIMES = 3;
const LINES = 3;

export const row: Row = {
  name: "reserve",
  measures: `POST reservations of ${LINES} lines, ${AT_ONCE} at a time, each answered once it is durable, with 100,000 SKUs and 200 locations in PostgreSQL (4,000 and 50 in a quick run). Hot: one SKU is in every order, at five locations; spread: three of 2,000 SKUs each, at the same five. Ours chooses the locations as for any order, writes the ledger and answers with the plan; the plain way takes the first location that has enough.`,
  unit: "reservation",
  variants: [
    { key: "hot", role: "ours", label: "gateway, one hot SKU" },
    { key: "spread", role: "ours", label: "gateway, spread" },
    { key: "bare-hot", role: "ceiling", label: "script and grouped statement alone, hot" },
    { key: "plain-hot", role: "plain", label: "Fastify, SELECT … FOR UPDATE, hot" },
    { key: "plain-spread", role: "plain", label: "Fastify, SELECT … FOR UPDATE, spread" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["rate", "cpu.server", "cpu.postgres", "cpu.redis", "p99"],
  targets: [ratio("rate", "hot", "plain-hot", { atLeast: 5 }), figure("p99", "hot", { atMost: 50 }, "ms")],

  async open(bench) {
    const each = bench.pick(4_000, 1_500);
    const house = await House.open(bench);
    const { postgres, redis } = house.stores;
    await stockUp(bench, postgres.url);
    const plain = await bench.start({
      script: "loadtest/src/bench/servers/plain-reserve.ts",
      args: [postgres.url, String(PLENTY)],
    });
    const bare = await bench.start({
      script: "loadtest/src/bench/servers/bare-reserve.ts",
      args: [postgres.url, redis.url],
    });
    const ours = await HttpLoad.open(house.port, AT_ONCE);
    const theirs = await HttpLoad.open(Number(plain.ready.port), AT_ONCE);
    let orders = 0;

    function request(hot: boolean): string {
      const n = ++orders;
      const items = Array.from({ length: LINES }, (_, line) => ({
        sku: hot && line === 0 ? HOT_SKU : SPREAD_SKUS[(n * 7 + line * 331) % SPREAD_SKUS.length],
        quantity: 1,
      }));
      const shipTo = { country: "US", postalCode: "98101" };
      const body = JSON.stringify({ orderId: `order ${n}`, items, shipTo });
      return `POST /api/v1/reservations HTTP/1.1\r\nhost: a\r\nauthorization: ${house.authorization}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    }

    return {
      async round(variant, { warmUp }) {
        const isOurs = !variant.startsWith("plain");
        const whole = isOurs ? each * OURS_TIMES : each;
        const count = warmUp ? Math.floor(whole / 3) : whole;
        const hot = variant.endsWith("hot");
        if (variant.startsWith("bare")) {
          const processes = { server: bare.pid, postgres: postgres.pid, redis: redis.pid };
          return measure(processes, async () => {
            const [allMs = 0, ...latenciesMs] = (await bare.ask("reserve", {
              count,
              group: AT_ONCE,
              hot,
            })) as number[];
            return { units: count, seconds: allMs / 1_000, latenciesMs };
          });
        }
        let left = count;
        return cpuOfRound(isOurs ? ours : theirs, {
          processes: {
            server: isOurs ? house.gateway.pid : plain.pid,
            postgres: postgres.pid,
            redis: redis.pid,
          },
          expected: 201,
          secondsMax: 60,
          next: () => (left-- > 0 ? request(hot) : null),
        });
      },
      async close() {
        ours.close();
        theirs.close();
      },
    };
  },
};
