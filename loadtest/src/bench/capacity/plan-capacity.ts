// What a crowd needs in machines: each cost measured for one shopper, multiplied. Pure, and no more than a page of
// multiplications: what it leaves out is said in docs/capacity.md.
import { BEAT_MS, CADENCE_BANDS } from "@dropgate/gateway/realtime/cadence";

/** Of one unit of work, on the machine that was measured. CPU in µs, sizes in bytes. */
export interface Costs {
  joinGatewayCpu: number;
  joinRedisCpu: number;
  connectGatewayCpu: number;
  deliveryGatewayCpu: number;
  socketBytes: number;
  storeWorkerCpu: number;
  storePostgresCpu: number;
  shopperRedisBytes: number;
  shopperPostgresBytes: number;
  joinRequestBytes: number;
  joinAnswerBytes: number;
}

export interface Crowd {
  waiting: number;
  /** Over how long they come. */
  joinSeconds: number;
  /** Offers a second. */
  ratePerSecond: number;
}

/** What of a core, and of a gateway's memory, may be planned with: the rest is for what was not foreseen. */
export const CORE_SHARE = 0.6;
const GATEWAY_SOCKET_BYTES = 1024 ** 3;
/** One `serving` frame with its WebSocket, TCP and IP headers; TLS adds some thirty. */
export const SERVING_FRAME_BYTES = 90 + 4 + 40;
/** The page with its script and styles, compressed, without the picture. */
const PAGE_BYTES = 95_000;

export interface Capacity {
  joinsPerSecond: number;
  writesPerSecond: number;
  gateways: { count: number; cores: number; memoryBytes: number; limitedBy: "CPU" | "memory" };
  redis: { masters: number; cores: number; memoryBytes: number };
  postgres: { cores: number; diskBytes: number };
  workers: { count: number; cores: number };
  /** Bits a second at the busiest: while all come, and while all wait. */
  network: { joiningBits: number; waitingBits: number; pageBits: number };
}

/** Socket writes a second with so many waiting at this rate: each cadence band's crowd at its pace. */
export function writesPerSecond(waiting: number, ratePerSecond: number): number {
  let writes = 0;
  let from = 0;
  for (const { waitSecondsUnder, everyBeats } of CADENCE_BANDS) {
    const to = Math.min(waiting, waitSecondsUnder * ratePerSecond);
    writes += (Math.max(0, to - from) * 1_000) / (everyBeats * BEAT_MS);
    from = Math.max(from, to);
  }
  return writes;
}

export function planCapacity({ waiting, joinSeconds, ratePerSecond }: Crowd, costs: Costs): Capacity {
  const joins = waiting / joinSeconds;
  const writes = writesPerSecond(waiting, ratePerSecond);
  const seconds = (micros: number): number => micros / 1_000_000;
  // Whoever joins connects as well; the line drains after that.
  const joining = joins * seconds(costs.joinGatewayCpu + costs.connectGatewayCpu);
  const gatewayCores = Math.max(joining, writes * seconds(costs.deliveryGatewayCpu));
  const socketBytes = waiting * costs.socketBytes;
  const byCpu = Math.ceil(gatewayCores / CORE_SHARE);
  const byMemory = Math.ceil(socketBytes / GATEWAY_SOCKET_BYTES);
  const redisCores = joins * seconds(costs.joinRedisCpu);
  const workerCores = joins * seconds(costs.storeWorkerCpu);
  return {
    joinsPerSecond: joins,
    writesPerSecond: writes,
    gateways: {
      count: Math.max(1, byCpu, byMemory),
      cores: gatewayCores,
      memoryBytes: socketBytes,
      limitedBy: byCpu >= byMemory ? "CPU" : "memory",
    },
    redis: {
      masters: Math.max(1, Math.ceil(redisCores / CORE_SHARE)),
      cores: redisCores,
      memoryBytes: waiting * costs.shopperRedisBytes,
    },
    postgres: {
      cores: joins * seconds(costs.storePostgresCpu),
      diskBytes: waiting * costs.shopperPostgresBytes,
    },
    workers: { count: Math.max(1, Math.ceil(workerCores / CORE_SHARE)), cores: workerCores },
    network: {
      joiningBits: joins * (costs.joinRequestBytes + costs.joinAnswerBytes) * 8,
      waitingBits: writes * SERVING_FRAME_BYTES * 8,
      pageBits: joins * PAGE_BYTES * 8,
    },
  };
}
