// `join`: the opening second. New shoppers come as fast as they are answered, over 256 connections that stay open.

import { House } from "../house.ts";
import { cpuOfRound } from "../http-round.ts";
import { HttpLoad } from "../load/http-load.ts";
import type { Row } from "../row.ts";
import { figure, ratio } from "../targets.ts";

const CONNECTIONS = 256;
/** Fewer than the gateway keeps in its journal, for the worker stands still meanwhile. */
const JOINS_PER_SECOND_MAX = 35_000;

export const row: Row = {
  name: "join",
  measures:
    "POST entries, a new shopper each, over 256 connections to one gateway with all checks on and Redis syncing its log every second; the worker stands still meanwhile (`intake` measures it).",
  unit: "join",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "bare", role: "ceiling", label: "µWS + bare script" },
    { key: "fixed", role: "ceiling", label: "µWS, fixed answer" },
    { key: "plain", role: "plain", label: "Fastify, 3 calls" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["rate", "cpu.server", "cpu.redis", "p99"],
  targets: [
    ratio("rate", "ours", "bare", { atLeast: 0.8 }),
    ratio("rate", "ours", "plain", { atLeast: 2.5 }),
    figure("p99", "ours", { atMost: 25 }, "ms"),
  ],

  async open(bench) {
    const house = await House.open(bench);
    const { redis } = house.stores;
    const sale = await house.sale();
    const servers = {
      bare: await bench.start({ script: "loadtest/src/bench/servers/bare-join.ts", args: [redis.url] }),
      fixed: await bench.start({ script: "loadtest/src/bench/servers/fixed-http.ts" }),
      plain: await bench.start({ script: "loadtest/src/bench/servers/plain-join.ts", args: [redis.url] }),
    };
    const targets = new Map<string, { port: number; pid: number }>([
      ["ours", { port: house.port, pid: house.gateway.pid }],
      ...Object.entries(servers).map(([key, { ready, pid }]): [string, { port: number; pid: number }] => [
        key,
        { port: Number(ready.port), pid },
      ]),
    ]);
    const loads = new Map<string, HttpLoad>();
    for (const [key, { port }] of targets) loads.set(key, await HttpLoad.open(port, CONNECTIONS));
    const head = `POST /api/v1/sales/${sale.id}/entries HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncookie: `;

    const seconds = bench.pick(2.2, 1);
    let cookies: string[] = [];
    let cookiesOf = -1;

    return {
      async round(variant, { warmUp, round }) {
        const number = warmUp ? 0 : round + 1;
        if (number !== cookiesOf) cookies = house.cookies(seconds * JOINS_PER_SECOND_MAX);
        cookiesOf = number;
        let next = 0;
        await house.until("the journal is empty", async () =>
          (await house.metric("dropgate_journal_records")) === 0 ? true : null,
        );
        house.pauseWorkers();
        try {
          const { pid } = targets.get(variant) ?? { pid: 0 };
          return await cpuOfRound(loads.get(variant), {
            processes: { server: pid, redis: redis.pid },
            expected: 201,
            secondsMax: warmUp ? 1 : seconds,
            next: () => {
              const cookie = cookies[next++];
              return cookie === undefined ? null : `${head}${cookie}\r\n\r\n{}`;
            },
          });
        } finally {
          house.resumeWorkers();
        }
      },
      async close() {
        for (const load of loads.values()) load.close();
      },
    };
  },
};
