// `fan-out`: the line moves and everybody near its head is told. The gateway hears it from Redis as from a worker.
import type { SaleId } from "@dropgate/contracts/ids";
import { HotStore } from "@dropgate/lua";
import { Crowd } from "../crowd.ts";
import { House } from "../house.ts";
import { helloOf, joinMany } from "../joined.ts";
import { measure } from "../process-cost.ts";
import type { Row } from "../row.ts";
import { servedBy } from "../served.ts";
import { ratio } from "../targets.ts";

/** So many offers a second that the whole crowd is under a minute from its turn: the nearest band. */
const RATE = 1_000;
/** A little more than the gateway's own beat, so that no two moves are told as one. */
const MOVE_MS = 260;

export const row: Row = {
  name: "fan-out",
  measures:
    "One `serving` frame to each of 5,000 sockets near the head of a line, about four times a second.",
  unit: "delivery",
  variants: [
    { key: "ours", role: "ours", label: "gateway" },
    { key: "bare", role: "ceiling", label: "µWS publish" },
    { key: "ws", role: "plain", label: "socket.io on ws" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: ["cpu.server", "rate"],
  targets: [ratio("cpu.server", "ours", "bare", { atMost: 1.1 })],

  async open(bench) {
    const count = bench.pick(5_000, 2_500);
    const house = await House.open(bench);
    const { redis } = house.stores;
    const sale = await house.sale({ admission: { ratePerSecond: RATE, burst: RATE } });
    const joined = await joinMany(house, sale.id, count);
    await house.call("POST", `/admin/sales/${sale.id}/actions/draw`, {});
    await house.until("everybody has a ticket", async () => {
      const { buckets } = await house.call<{ buckets: { count: number }[] }>("GET", `/sales/${sale.id}/draw`);
      return buckets[0]?.count === count ? true : null;
    });
    const served = servedBy({
      ours: { ...house.gateway, ready: { port: house.port } },
      bare: await bench.start({ script: "loadtest/src/bench/servers/bare-socket.ts" }),
      ws: await bench.start({
        script: "loadtest/src/bench/servers/plain-socket.ts",
        args: ["ws", redis.url],
      }),
    });
    const hellos = joined.map(helloOf);
    const crowds = new Map<string, Crowd>();
    for (const { key } of row.variants) {
      const crowd = await Crowd.start(bench, count);
      crowds.set(key, crowd);
      const { port } = served(key);
      await crowd.open({
        port,
        hellos,
        greets: key !== "bare",
        atOnce: 64,
        firstEvent: "entry",
        countedEvent: "serving",
      });
    }
    const hotStore = new HotStore({ url: redis.url, name: "bench" });
    bench.atEnd(() => hotStore.close());
    await hotStore.whenReady(5_000);
    const store = hotStore.sale(sale.id as SaleId);
    const told = await store.read();
    if (told === null) throw new Error("nobody told the sale's gateways anything");
    // From here on the line moves because we say so.
    house.pauseWorkers();
    bench.atEnd(async () => house.resumeWorkers());
    let serving = 0;

    const moveLine = async (variant: string): Promise<void> => {
      serving++;
      const waiting = count - serving;
      if (variant === "ours") {
        await store.told({ ...told, serving, waiting, ratePerSecond: RATE });
        return;
      }
      const payload = { serving, waiting, ratePerSecond: RATE, at: new Date().toISOString() };
      const { child } = served(variant);
      await child.ask("publish", variant === "bare" ? `42["serving",${JSON.stringify(payload)}]` : payload);
    };

    return {
      async round(variant, { warmUp }) {
        const crowd = crowds.get(variant);
        if (crowd === undefined) throw new RangeError(variant);
        const moves = warmUp ? 8 : bench.pick(16, 8);
        const before = (await crowd.heard()).heard;
        return measure({ server: served(variant).pid }, async () => {
          for (let move = 0; move < moves; move++) {
            await moveLine(variant);
            await new Promise((next) => setTimeout(next, MOVE_MS));
          }
          const { heard, broken } = await crowd.heard();
          if (broken !== null) throw new Error(`a socket broke: ${broken}`);
          return { units: heard - before };
        });
      },
      close: async () => {},
    };
  },
};
