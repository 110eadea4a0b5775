// The cadence with topics in memory, so that hundreds of lines can be played through: what the sockets themselves
// do with topics is tested with real ones.
import type { Serving } from "@dropgate/contracts/realtime";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { KnownSale } from "../sales/known-sale.ts";
import type { WireFrame } from "../socket/backlog.ts";
import { CADENCE_BANDS, SMALL_CROWD } from "./cadence.ts";
import { Outlet } from "./outlet.ts";
import { ServingCadence } from "./serving-cadence.ts";
import { Visitor, type VisitorSocket } from "./visitor.ts";

const SLOWEST_BEATS = Math.max(...CADENCE_BANDS.map(({ everyBeats }) => everyBeats));

function servingOf(frame: WireFrame): number {
  const [, payload] = JSON.parse(String(frame).slice(2)) as [string, Serving];
  return payload.serving;
}

/** A sale's line with visitors who write down each `serving` that reaches them, and at which beat. */
class Stand {
  readonly sale = { id: "s", serving: 0, waiting: 0, ratePerSecond: 1, toldAtMs: 0 } as KnownSale;
  readonly heard = new Map<Visitor, { beat: number; serving: number }[]>();
  readonly cadence: ServingCadence;
  beatNumber = 0;
  readonly #topics = new Map<string, Set<Visitor>>();

  constructor() {
    const subscribers = (topic: string): Set<Visitor> => this.#topics.get(topic) ?? new Set();
    const outlet = new Outlet(
      {
        publish: (topic, frame) => {
          for (const visitor of subscribers(topic)) this.#hear(visitor, frame);
        },
        subscribers: (topic) => subscribers(topic).size,
      },
      () => {},
    );
    this.cadence = new ServingCadence(this.sale, outlet);
  }

  come(slot: number): Visitor {
    const visitor = new Visitor();
    visitor.slot = slot;
    const socket: Partial<VisitorSocket> = {
      subscribe: (topic) => {
        const all = this.#topics.get(topic) ?? new Set();
        this.#topics.set(topic, all.add(visitor));
      },
      unsubscribe: (topic) => void this.#topics.get(topic)?.delete(visitor),
      sendState: (_key, frame) => this.#hear(visitor, frame),
    };
    visitor.socket = socket as VisitorSocket; // the cadence asks for no more of it
    this.heard.set(visitor, [{ beat: this.beatNumber, serving: this.sale.serving }]);
    this.cadence.enter(visitor);
    return visitor;
  }

  beat(crowd: number): void {
    this.cadence.beat(++this.beatNumber, crowd);
  }

  #hear(visitor: Visitor, frame: WireFrame): void {
    this.heard.get(visitor)?.push({ beat: this.beatNumber, serving: servingOf(frame) });
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("move" as const), by: fc.integer({ min: 0, max: 90 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("come" as const), ticket: fc.nat(6_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("turn" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rate" as const), to: fc.constantFrom(0.01, 1, 50) }) },
);

it("reaches everybody with the newest, never goes back, and comes at most once a beat", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.constantFrom(1, SMALL_CROWD + 1), (steps, crowd) => {
      const stand = new Stand();
      const visitors: Visitor[] = [];
      for (const each of steps) {
        if (each.do === "come") {
          const visitor = stand.come(visitors.length);
          visitors.push(visitor);
          // 0 stands for one without a ticket.
          if (each.ticket > 0) stand.cadence.place(visitor, each.ticket);
        } else if (each.do === "turn") {
          const visitor = visitors[each.which % Math.max(1, visitors.length)];
          if (visitor) stand.cadence.place(visitor, null);
        } else if (each.do === "rate") {
          stand.sale.ratePerSecond = each.to;
        } else {
          stand.sale.serving += each.by;
        }
        stand.beat(crowd);
      }
      for (let i = 0; i < 2 * SLOWEST_BEATS; i++) stand.beat(crowd);
      for (const heard of stand.heard.values()) {
        const told = heard.map(({ serving }) => serving);
        expect(told.at(-1)).toBe(stand.sale.serving);
        expect(told).toEqual(told.toSorted((a, b) => a - b));
      }
    }),
  );
});

it("tells who is sent from a part that had still to hear to one that has heard already", () => {
  const stand = new Stand();
  const ahead = stand.come(0);
  stand.cadence.place(ahead, 10);
  const far = stand.come(1);
  stand.cadence.place(far, 3_000);
  stand.sale.serving = 1;
  stand.beat(1);
  // Both have heard of 1; of 2 the one far behind will hear in its interval only.
  stand.sale.serving = 2;
  stand.beat(1);
  expect(stand.heard.get(far)?.at(-1)?.serving).toBe(1);
  expect(stand.heard.get(ahead)?.at(-1)?.serving).toBe(2);
  stand.cadence.place(far, 12);
  expect(stand.heard.get(far)?.at(-1)?.serving).toBe(2);
});

it("writes to a crowd far back in turn, and to the head of the line at each beat", () => {
  const stand = new Stand();
  const head = stand.come(0);
  stand.cadence.place(head, 50);
  const far = Array.from({ length: SLOWEST_BEATS }, (_, i) => {
    const visitor = stand.come(i);
    stand.cadence.place(visitor, 1_000_000 + i);
    return visitor;
  });
  const writes: number[] = [];
  for (let i = 0; i < SLOWEST_BEATS; i++) {
    const before = far.reduce((sum, visitor) => sum + (stand.heard.get(visitor)?.length ?? 0), 0);
    stand.sale.serving++;
    stand.beat(SMALL_CROWD + 1);
    writes.push(far.reduce((sum, visitor) => sum + (stand.heard.get(visitor)?.length ?? 0), 0) - before);
  }
  expect(writes).toEqual(Array.from({ length: SLOWEST_BEATS }, () => 1));
  expect(stand.heard.get(head)).toHaveLength(1 + SLOWEST_BEATS);
});

it("forgets who leaves", () => {
  const stand = new Stand();
  const visitor = stand.come(0);
  stand.cadence.place(visitor, 1_000);
  stand.cadence.leave(visitor);
  stand.sale.serving = 999;
  for (let i = 0; i < SLOWEST_BEATS; i++) stand.beat(1);
  expect(visitor.subscribedBand).toBe(-1);
  expect(visitor.ticket).toBe(0);
});
