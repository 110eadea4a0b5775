// `sold-out`: a rush of which nothing is left, and everybody still tries. Most of what a rush's gateway ever says.
import { House } from "../house.ts";
import { cpuOfRound } from "../http-round.ts";
import { HttpLoad } from "../load/http-load.ts";
import type { Row } from "../row.ts";
import { servedBy } from "../served.ts";
import { ratio } from "../targets.ts";

const CONNECTIONS = 256;
const ATTEMPTS_PER_SECOND_MAX = 45_000;
/** As long as the refusal of ours. */
const REFUSAL = JSON.stringify({
  code: "SOLD_OUT",
  title: "Sold out",
  detail: "d".repeat(180),
  retryAfterMs: 1_234,
});

export const row: Row = {
  name: "sold-out",
  measures: `POST attempts at a rush of which nothing is left, a new shopper each, over ${CONNECTIONS} connections.`,
  unit: "attempt",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "fixed", role: "ceiling", label: "µWS, fixed answer" },
    { key: "plain", role: "plain", label: "Fastify, Lua call" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["rate", "cpu.server", "cpu.redis", "p99"],
  targets: [ratio("rate", "ours", "fixed", { atLeast: 0.5 })],

  async open(bench) {
    const house = await House.open(bench);
    const { redis } = house.stores;
    const now = new Date().toISOString();
    const { id } = await house.sale({
      kind: "rush",
      quantity: 4,
      admission: { ratePerSecond: 1_000_000, burst: 1_000_000 },
      schedule: { drawAt: now, opensAt: now },
    });
    await house.until("the rush is open", async () =>
      (await house.call<{ phase: string }>("GET", `/sales/${id}`)).phase === "live" ? true : null,
    );
    const request = (cookie: string): string =>
      `POST /api/v1/sales/${id}/attempts HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncookie: ${cookie}\r\n\r\n{}`;
    // Until the gateway says so itself.
    const buyers = await HttpLoad.open(house.port, 1);
    await house.until("all is taken", async () => {
      const [cookie = ""] = house.cookies(1);
      let left = 1;
      const { statuses } = await buyers.run({
        next: () => (left-- > 0 ? request(cookie) : null),
        secondsMax: 5,
      });
      return statuses.has(409) ? true : null;
    });
    buyers.close();
    const served = servedBy({
      ours: { ...house.gateway, ready: { port: house.port } },
      fixed: await bench.start({
        script: "loadtest/src/bench/servers/fixed-http.ts",
        args: ["409 Conflict", REFUSAL],
      }),
      plain: await bench.start({ script: "loadtest/src/bench/servers/plain-attempt.ts", args: [redis.url] }),
    });
    const loads = new Map<string, HttpLoad>();
    for (const { key } of row.variants) loads.set(key, await HttpLoad.open(served(key).port, CONNECTIONS));
    const seconds = bench.pick(2, 1);
    let cookies: string[] = [];
    let cookiesOf = -1;
    return {
      round(variant, { warmUp, round }) {
        const number = warmUp ? 0 : round + 1;
        if (number !== cookiesOf) cookies = house.cookies(seconds * ATTEMPTS_PER_SECOND_MAX);
        cookiesOf = number;
        let next = 0;
        return cpuOfRound(loads.get(variant), {
          processes: { server: served(variant).pid, redis: redis.pid },
          expected: 409,
          secondsMax: seconds,
          next: () => {
            const cookie = cookies[next++];
            return cookie === undefined ? null : request(cookie);
          },
        });
      },
      async close() {
        for (const load of loads.values()) load.close();
      },
    };
  },
};
