// A line of up to a million played through the gateway's own cadence, with topics that only count: how many writes a
// second its sockets would get. In a process of its own, for a million visitors need their memory.
import { BEAT_MS } from "@dropgate/gateway/realtime/cadence";
import { Outlet } from "@dropgate/gateway/realtime/outlet";
import { ServingCadence } from "@dropgate/gateway/realtime/serving-cadence";
import { Visitor, type VisitorSocket } from "@dropgate/gateway/realtime/visitor";
import type { KnownSale } from "@dropgate/gateway/sales/known-sale";
import { announce } from "./announce.ts";

export interface LineWanted {
  waiting: number;
  ratePerSecond: number;
  /** Of the line's own time. */
  seconds: number;
}

function play({ waiting, ratePerSecond, seconds }: LineWanted): { writes: number; cpuSeconds: number } {
  let writes = 0;
  const subscribers = new Map<string, number>();
  const count = (topic: string, by: number): void =>
    void subscribers.set(topic, (subscribers.get(topic) ?? 0) + by);
  const outlet = new Outlet(
    {
      subscribers: (topic) => subscribers.get(topic) ?? 0,
      publish: (topic) => {
        writes += subscribers.get(topic) ?? 0;
      },
    },
    () => {},
  );
  // The cadence asks no more of its sale, nor of a socket.
  const sale = { id: "s", serving: 0, waiting, ratePerSecond, toldAtMs: 0 } as KnownSale;
  const cadence = new ServingCadence(sale, outlet);
  const socket: Partial<VisitorSocket> = {
    subscribe: (topic) => count(topic, 1),
    unsubscribe: (topic) => count(topic, -1),
    sendState: () => {
      writes++;
    },
  };
  for (let ticket = 1; ticket <= waiting; ticket++) {
    const visitor = new Visitor();
    visitor.slot = ticket;
    visitor.socket = socket as VisitorSocket;
    cadence.enter(visitor);
    cadence.place(visitor, ticket);
  }
  const cpu = process.cpuUsage();
  const beats = (seconds * 1_000) / BEAT_MS;
  for (let beat = 1; beat <= beats; beat++) {
    sale.serving = Math.floor((beat * BEAT_MS * ratePerSecond) / 1_000);
    cadence.beat(beat, waiting);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { writes, cpuSeconds: (user + system) / 1e6 };
}

announce({}, { play: (wanted) => play(wanted as LineWanted) });
