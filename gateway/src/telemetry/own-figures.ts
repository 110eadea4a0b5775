// What a gateway says of its last seconds, for whoever looks on: how many it refuses and why, how long its answers take,
// who is connected. Each says it with its heartbeat, and any of them can add the words of all together.
import { z } from "zod";

/** Windows of a second that are looked back on. */
const WINDOWS = 5;
/** Upper ends of the buckets in ms: each a quarter wider, which is how exact a percentile is. */
const BOUNDS_MS: readonly number[] = Array.from({ length: 56 }, (_, i) => 0.25 * 1.25 ** i);

/** Of a map or of buckets: only what is not 0. */
const countsSchema = z.record(z.string(), z.number());

export const gatewayFiguresSchema = z.object({
  /** Sockets by sale. */
  clients: countsSchema,
  /** Refusals by code, within `seconds` and since the process began. */
  refused: countsSchema,
  refusedEver: countsSchema,
  /** Answers by bucket of their time, within `seconds`. */
  answered: countsSchema,
  seconds: z.number(),
});
export type GatewayFigures = z.infer<typeof gatewayFiguresSchema>;

interface Window {
  answered: Map<number, number>;
  refused: Map<string, number>;
}

export class OwnFigures {
  readonly #refusedEver = new Map<string, number>();
  #windows: Window[] = [newWindow()];

  answered(ms: number): void {
    const { answered } = this.#now;
    const bucket = bucketOf(ms);
    answered.set(bucket, (answered.get(bucket) ?? 0) + 1);
  }

  refused(code: string): void {
    const { refused } = this.#now;
    refused.set(code, (refused.get(code) ?? 0) + 1);
    this.#refusedEver.set(code, (this.#refusedEver.get(code) ?? 0) + 1);
  }

  /** Called once a second: what comes from now on is another second's. */
  turn(): void {
    this.#windows.unshift(newWindow());
    this.#windows = this.#windows.slice(0, WINDOWS + 1);
  }

  /** @param clients sockets by sale */
  read(clients: Record<string, number>): GatewayFigures {
    // The second that runs is not over: with it the rates would be too low.
    const whole = this.#windows.slice(1);
    return {
      clients,
      refused: sumOf(whole.map(({ refused }) => refused)),
      refusedEver: Object.fromEntries(this.#refusedEver),
      answered: sumOf(whole.map(({ answered }) => answered)),
      seconds: Math.max(1, whole.length),
    };
  }

  get #now(): Window {
    const [now] = this.#windows;
    if (now === undefined) throw new Error("there is always a window that runs");
    return now;
  }
}

export interface FleetFigures {
  /** Of one sale. */
  clients: number;
  gateways: number;
  rejections: { code: string; perSecond: number; total: number }[];
  latency: { requestsPerSecond: number; p50Ms: number | null; p99Ms: number | null };
}

/** Adds the words of gateways together. Pure. */
export function fleetFigures(all: readonly GatewayFigures[], saleId: string): FleetFigures {
  const rejections = new Map<string, { perSecond: number; total: number }>();
  const answered = new Map<number, number>();
  let clients = 0;
  let requestsPerSecond = 0;
  for (const figures of all) {
    clients += figures.clients[saleId] ?? 0;
    for (const [code, total] of Object.entries(figures.refusedEver)) {
      const there = rejections.get(code) ?? { perSecond: 0, total: 0 };
      const perSecond = there.perSecond + (figures.refused[code] ?? 0) / figures.seconds;
      rejections.set(code, { perSecond, total: there.total + total });
    }
    for (const [bucket, count] of Object.entries(figures.answered)) {
      answered.set(Number(bucket), (answered.get(Number(bucket)) ?? 0) + count);
      requestsPerSecond += count / figures.seconds;
    }
  }
  return {
    clients,
    gateways: all.length,
    rejections: [...rejections]
      .map(([code, counts]) => ({ code, ...counts }))
      .toSorted((a, b) => b.perSecond - a.perSecond || b.total - a.total || (a.code < b.code ? -1 : 1)),
    latency: {
      requestsPerSecond,
      p50Ms: percentile(answered, 0.5),
      p99Ms: percentile(answered, 0.99),
    },
  };
}

/** The upper end of the bucket in which so much of all lies; null: there is nothing. */
function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let left = Math.ceil(all * share);
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return Math.round((BOUNDS_MS[bucket] ?? 0) * 100) / 100;
  }
  return null;
}

function bucketOf(ms: number): number {
  const found = BOUNDS_MS.findIndex((bound) => ms <= bound);
  return found === -1 ? BOUNDS_MS.length - 1 : found;
}

function newWindow(): Window {
  return { answered: new Map(), refused: new Map() };
}

function sumOf(maps: readonly ReadonlyMap<string | number, number>[]): Record<string, number> {
  const sums: Record<string | number, number> = {};
  for (const map of maps) for (const [key, count] of map) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
