// `connect`: a crowd comes (back). Each socket shakes hands, proves its entry, hears its first `entry`, and is gone.
import { House } from "../house.ts";
import { helloOf, joinMany } from "../joined.ts";
import { isEvent, SocketLine } from "../load/socket-line.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { ratio } from "../targets.ts";

const AT_ONCE = 64;

export const row: Row = {
  name: "connect",
  measures: `Handshake with an entry token to the first \`entry\` frame, ${AT_ONCE} at once, then a reset.`,
  unit: "connection",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "bare", role: "ceiling", label: "µWS, one frame" },
    { key: "ws", role: "plain", label: "socket.io on ws" },
    { key: "uws", role: "plain", label: "socket.io on µWS" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["cpu.server", "rate", "p99"],
  targets: [
    ratio("cpu.server", "ours", "bare", { atMost: 1.6 }),
    ratio("cpu.server", "ours", "ws", { atMost: 0.25 }),
  ],

  async open(bench) {
    const house = await House.open(bench);
    const sale = await house.sale();
    const hellos = (await joinMany(house, sale.id, 3_000)).map(helloOf);
    const { redis } = house.stores;
    const plain = "loadtest/src/bench/servers/plain-socket.ts";
    const servers = {
      bare: await bench.start({ script: "loadtest/src/bench/servers/bare-socket.ts" }),
      ws: await bench.start({ script: plain, args: ["ws", redis.url] }),
      uws: await bench.start({ script: plain, args: ["uws", redis.url] }),
    };
    const at = new Map([
      ["ours", { port: house.port, pid: house.gateway.pid }],
      ...Object.entries(servers).map(
        ([key, { ready, pid }]) =>
          [key, { port: Number(ready.port), pid }] as [string, { port: number; pid: number }],
      ),
    ]);
    return {
      round: (variant, { warmUp }) => {
        const { port = 0, pid = 0 } = at.get(variant) ?? {};
        return measure({ server: pid, redis: redis.pid }, () =>
          connectAgainAndAgain({
            port,
            hellos,
            greets: variant !== "bare",
            seconds: warmUp ? 1.5 : bench.pick(2, 1),
          }),
        );
      },
      close: async () => {},
    };
  },
};

function connectAgainAndAgain(options: {
  port: number;
  hellos: readonly string[];
  greets: boolean;
  seconds: number;
}): Promise<{ units: number; latenciesMs: number[] }> {
  const { port, hellos, greets, seconds } = options;
  const latenciesMs: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  return new Promise((resolve, reject) => {
    let next = 0;
    let busy = AT_ONCE;
    const go = (): void => {
      const beganMs = performance.now();
      if (beganMs > endMs) {
        if (--busy === 0) resolve({ units: latenciesMs.length, latenciesMs });
        return;
      }
      const line = new SocketLine({
        port,
        greets,
        hello: hellos[next++ % hellos.length] ?? "",
        onFrame: (payload) => {
          if (!isEvent(payload, "entry")) return;
          latenciesMs.push(performance.now() - beganMs);
          line.cut();
          go();
        },
        onEnd: (error) => reject(error ?? new Error("a socket ended")),
      });
    };
    for (let i = 0; i < AT_ONCE; i++) go();
  });
}
