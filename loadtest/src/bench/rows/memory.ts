// `memory`: what a connection that only waits keeps of a server's memory, by its resident size from outside.
import { GATEWAY_NODE_ARGS } from "@dropgate/ops/start/node-args";
import { Crowd } from "../crowd.ts";
import { House } from "../house.ts";
import { helloOf, joinMany } from "../joined.ts";
import { residentBytes } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { ratio } from "../targets.ts";

/**
 * V8 makes more room for the young when much of it lives, up to 16 MB twice: in some rounds while the connections came,
 * which looked like a kilobyte of each. Here it has it from the start.
 */
const ROOM_AT_ONCE = "--min-semi-space-size=16";

export const row: Row = {
  name: "memory",
  measures:
    "Resident bytes of the server's process for each connection that waits, each with its entry: by how much it grows from the 3,000th to the 15,000th. The gateway has from its start the room for young objects that V8 would make during some rounds.",
  unit: "connection",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "bare", role: "ceiling", label: "µWS" },
    { key: "ws", role: "plain", label: "socket.io on ws" },
  ],
  rounds: { full: 5, quick: 1 },
  shown: ["bytesPerConnection"],
  units: { bytesPerConnection: "B" },
  targets: [ratio("bytesPerConnection", "ours", "bare", { atMost: 2 })],

  async open(bench) {
    const count = bench.pick(15_000, 6_000);
    const first = count / 5;
    const house = await House.open(bench);
    const sale = await house.sale();
    const hellos = (await joinMany(house, sale.id, count)).map(helloOf);
    const crowd = await Crowd.start(bench, count);
    const { redis } = house.stores;

    return {
      async round(variant, { warmUp }) {
        // A process that has had a crowd keeps its room: each round meets a new one.
        if (warmUp) return { units: 1, seconds: 1 };
        const server =
          variant === "ours"
            ? await house.another(bench, [...GATEWAY_NODE_ARGS, ROOM_AT_ONCE])
            : variant === "bare"
              ? await bench.start({
                  script: "loadtest/src/bench/servers/bare-socket.ts",
                  nodeArgs: ["--expose-gc"],
                })
              : await bench.start({
                  script: "loadtest/src/bench/servers/plain-socket.ts",
                  args: ["ws", redis.url],
                });
        const wanted = {
          port: Number(server.ready.port),
          greets: variant !== "bare",
          atOnce: 64,
          firstEvent: "entry",
          countedEvent: "serving",
        };
        if (variant === "bare") await server.ask("compact");
        // The first take up what a starting process has left over, and bring about what is made once.
        await crowd.open({ ...wanted, hellos: hellos.slice(0, first) });
        const before = await settled(server.pid);
        const beganMs = performance.now();
        await crowd.open({ ...wanted, hellos: hellos.slice(first) });
        const seconds = (performance.now() - beganMs) / 1_000;
        const bytesPerConnection = ((await settled(server.pid)) - before) / (count - first);
        await crowd.close();
        await server.end();
        return { units: count, seconds, figures: { bytesPerConnection } };
      },
      close: async () => {},
    };
  },
};

/** The resident size once it has stopped moving: buffers of what just happened are given back within seconds. */
async function settled(pid: number): Promise<number> {
  let last = Number.NaN;
  for (let look = 0; look < 12; look++) {
    const now = residentBytes(pid);
    if (Math.abs(now - last) < 64 * 1024) return now;
    last = now;
    await new Promise((again) => setTimeout(again, 400));
  }
  return last;
}
