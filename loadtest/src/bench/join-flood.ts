// Joins as gateways send them to the lanes, without gateways: batches of the join script, each lane's own, at a rate
// or as fast as they are answered. Remembers when each arrival was taken, to tell how long PostgreSQL is behind.
import { randomBytes } from "node:crypto";
import type { JoinOffer, LaneAddress } from "@dropgate/lua/lane-answers";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import type { Lab } from "./lab.ts";

const BATCH = 200;
const BEAT_MS = 5;

/** One shopper's first join. The ids are of the right shape and nobody's; no part of intake looks behind them. */
export function someJoin(tag: string, lane: number): JoinOffer {
  const key = randomBytes(16).toString("base64url");
  const join = {
    key,
    entryId: `${tag}${lane.toString(16).padStart(2, "0")}-${key}`,
    shopper: `c:${key}`,
    attempt: 1,
  };
  return join as JoinOffer;
}

export class JoinFlood {
  readonly latenciesMs: number[] = [];
  sent = 0;
  readonly #lab: Lab;
  readonly #sale: SaleRow;
  readonly #lanes: ReadonlyMap<number, LaneAddress>;
  /** By lane: `[last sequence number of a batch, when it was answered]`, not stored yet. */
  readonly #waiting = new Map<number, [seq: number, ms: number][]>();
  /** How long the oldest arrival that was not stored had waited, at the worst look. */
  worstLagMs = 0;

  private constructor(lab: Lab, sale: SaleRow, lanes: ReadonlyMap<number, LaneAddress>) {
    this.#lab = lab;
    this.#sale = sale;
    this.#lanes = lanes;
  }

  static async begin(lab: Lab, sale: SaleRow): Promise<JoinFlood> {
    return new JoinFlood(lab, sale, await lab.lanes(sale.id));
  }

  /** So many, as fast as they are answered. */
  async pour(count: number): Promise<void> {
    const each = Math.ceil(count / this.#lanes.size);
    await Promise.all(
      [...this.#lanes.values()].map(async (address) => {
        for (let from = 0; from < each; from += BATCH)
          await this.#batch(address, Math.min(BATCH, each - from));
      }),
    );
  }

  /** So many a second, for so long; meanwhile looks how far PostgreSQL is. */
  async run(perSecond: number, seconds: number): Promise<void> {
    const began = performance.now();
    const sentBefore = this.sent;
    const under = new Set<Promise<void>>();
    const lanes = [...this.#lanes.values()];
    let lane = 0;
    let looked = began;
    for (;;) {
      const now = performance.now();
      if (now - began > seconds * 1_000) break;
      const due = Math.floor(((now - began) / 1_000) * perSecond) - (this.sent - sentBefore);
      for (let left = due; left > 0; left -= BATCH) {
        const call = this.#batch(lanes[lane++ % lanes.length] as LaneAddress, Math.min(BATCH, left));
        under.add(call);
        void call.finally(() => under.delete(call));
      }
      if (now - looked > 50) {
        looked = now;
        await this.look();
      }
      await new Promise((again) => setTimeout(again, BEAT_MS));
    }
    await Promise.all(under);
  }

  /** @returns whether everything sent is stored */
  async look(): Promise<boolean> {
    const rows = await readLanes(this.#lab.truth, [this.#sale.id]);
    const now = performance.now();
    for (const { lane, lastSeq } of rows) {
      const waiting = this.#waiting.get(lane) ?? [];
      while (waiting[0] !== undefined && waiting[0][0] <= lastSeq) waiting.shift();
      if (waiting[0] !== undefined) this.worstLagMs = Math.max(this.worstLagMs, now - waiting[0][1]);
    }
    return [...this.#waiting.values()].every((waiting) => waiting.length === 0);
  }

  async #batch(address: LaneAddress, count: number): Promise<void> {
    this.sent += count;
    const joins = Array.from({ length: count }, () => someJoin(this.#sale.tag, address.lane));
    const began = performance.now();
    const answer = await this.#lab.hotStore.lane(address).join(joins);
    const now = performance.now();
    if (!answer.ok) throw new Error(`lane ${address.lane} is fenced`);
    this.latenciesMs.push(now - began);
    const seqs = answer.value.map((outcome) => {
      if (outcome.outcome !== "new") throw new Error(`a join was answered ${outcome.outcome}`);
      return outcome.card.seq;
    });
    const waiting = this.#waiting.get(address.lane) ?? [];
    waiting.push([Math.max(...seqs), now]);
    waiting.sort(([a], [b]) => a - b);
    this.#waiting.set(address.lane, waiting);
  }
}
