// `confirm`: shops say that they were paid, 64 at a time, and each answer means that its order is on the disk.
import { holdMany } from "../held.ts";
import { House } from "../house.ts";
import { cpuOfRound } from "../http-round.ts";
import { HttpLoad } from "../load/http-load.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { figure, ratio } from "../targets.ts";

const AT_ONCE = 64;

export const row: Row = {
  name: "confirm",
  measures: `POST confirm, ${AT_ONCE} at a time, each answered once its order is durable (synchronous_commit on).`,
  unit: "confirm",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "bare", role: "ceiling", label: "grouped statement alone" },
    { key: "plain", role: "plain", label: "Fastify, a transaction each" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["rate", "cpu.server", "cpu.postgres", "p99"],
  targets: [ratio("rate", "ours", "plain", { atLeast: 3 }), figure("p99", "ours", { atMost: 50 }, "ms")],

  async open(bench) {
    const each = bench.pick(2_000, 1_000);
    const house = await House.open(bench);
    const { postgres } = house.stores;
    const plain = await bench.start({
      script: "loadtest/src/bench/servers/plain-confirm.ts",
      args: [postgres.url],
    });
    const bare = await bench.start({
      script: "loadtest/src/bench/servers/bare-confirm.ts",
      args: [postgres.url],
    });
    const holds = await holdMany(house, each * (bench.pick(row.rounds.full, row.rounds.quick) + 1));
    const ours = await HttpLoad.open(house.port, AT_ONCE);
    const theirs = await HttpLoad.open(Number(plain.ready.port), AT_ONCE);
    let orders = 0;
    const next = (ids: string[]) => (): string | null => {
      const holdId = ids.pop();
      if (holdId === undefined) return null;
      const body = `{"orderId":"order ${++orders}"}`;
      return `POST /api/v1/holds/${holdId}/confirm HTTP/1.1\r\nhost: a\r\nauthorization: ${house.authorization}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    };

    return {
      async round(variant) {
        if (variant === "bare") {
          const processes = { server: bare.pid, postgres: postgres.pid };
          return measure(processes, async () => {
            const [allMs = 0, ...latenciesMs] = (await bare.ask("confirm", {
              count: each,
              group: AT_ONCE,
            })) as number[];
            return { units: each, seconds: allMs / 1_000, latenciesMs };
          });
        }
        const isOurs = variant === "ours";
        const ids = isOurs ? holds.splice(0, each) : ((await plain.ask("prepare", each)) as string[]);
        return cpuOfRound(isOurs ? ours : theirs, {
          processes: { server: isOurs ? house.gateway.pid : plain.pid, postgres: postgres.pid },
          expected: 200,
          secondsMax: 60,
          next: next(ids),
        });
      },
      async close() {
        ours.close();
        theirs.close();
      },
    };
  },
};
