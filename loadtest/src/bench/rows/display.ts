// `display`: product pages that ask whether there is any, of some hundreds of SKUs that everybody looks at.
import { House } from "../house.ts";
import { cpuOfRound } from "../http-round.ts";
import { HttpLoad } from "../load/http-load.ts";
import type { Row } from "../row.ts";
import { servedBy } from "../served.ts";
import { SPREAD_SKUS, stockUp } from "../stocked.ts";
import { figure, ratio } from "../targets.ts";

const CONNECTIONS = 64;
/** A pause makes all wait whose turn comes meanwhile, where at full load only those that are under way: it is seen longer. */
const HALF_TIMES = 3;
const LOOKED_AT = SPREAD_SKUS.slice(0, 200);

export const row: Row = {
  name: "display",
  measures: `GET availability of ${LOOKED_AT.length} SKUs at five locations each, over ${CONNECTIONS} connections, with 100,000 SKUs and 200 locations in PostgreSQL (4,000 and 50 in a quick run). \`half\` asks half as often as the round before could be answered.`,
  unit: "look",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "half", role: "ours", label: "gateway at half load" },
    { key: "fixed", role: "ceiling", label: "µWS, fixed answer" },
    { key: "plain", role: "plain", label: "Fastify, Redis each time" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["rate", "cpu.server", "cpu.redis", "p99"],
  targets: [
    ratio("rate", "ours", "fixed", { atLeast: 0.4 }),
    figure("p99", "half", { atMost: 5 }, "ms"),
    ratio("rate", "ours", "plain", { atLeast: 1 }),
  ],

  async open(bench) {
    const house = await House.open(bench);
    const { postgres, redis } = house.stores;
    const { locationIds } = await stockUp(bench, postgres.url);
    const path = (sku: string): string => `/api/v1/products/${encodeURIComponent(sku)}/availability`;
    const answer = await (await fetch(`${house.url}${path(LOOKED_AT[0] ?? "")}`)).text();
    const plain = await bench.start({
      script: "loadtest/src/bench/servers/plain-display.ts",
      args: [redis.url],
    });
    await plain.ask("prepare", { skus: LOOKED_AT, locations: locationIds });
    const ours = { ...house.gateway, ready: { port: house.port } };
    const served = servedBy({
      ours,
      half: ours,
      // As long as an answer of ours.
      fixed: await bench.start({
        script: "loadtest/src/bench/servers/fixed-http.ts",
        args: ["200 OK", answer],
      }),
      plain,
    });
    const loads = new Map<string, HttpLoad>();
    for (const { key } of row.variants) loads.set(key, await HttpLoad.open(served(key).port, CONNECTIONS));
    const requests = LOOKED_AT.map((sku) => `GET ${path(sku)} HTTP/1.1\r\nhost: a\r\n\r\n`);
    const seconds = bench.pick(2, 1);
    let full = 1_000;
    return {
      async round(variant) {
        let n = 0;
        const sample = await cpuOfRound(loads.get(variant), {
          processes: { server: served(variant).pid, redis: redis.pid },
          expected: 200,
          secondsMax: variant === "half" ? seconds * HALF_TIMES : seconds,
          ...(variant === "half" && { perSecond: full / 2 }),
          next: () => requests[n++ % requests.length] ?? null,
        });
        if (variant === "ours") full = sample.units / sample.seconds;
        return sample;
      },
      async close() {
        for (const load of loads.values()) load.close();
      },
    };
  },
};
