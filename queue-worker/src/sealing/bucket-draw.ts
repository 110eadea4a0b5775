// One frozen bucket on its way to told tickets, for a million entries as for one: the list and its order stay
// packed in memory (some 60 bytes an entry), everything else passes through in pages and batches.
import { setImmediate as pause } from "node:timers/promises";
import type { ShopperKey } from "@dropgate/contracts/ids";
import {
  CARD_TICKETS_MAX,
  DRAW_PAGE_IDS,
  STREAM_PAGE_ROWS,
  TICKET_BATCH_MAX,
  TICKET_BATCHES_AT_ONCE,
} from "@dropgate/contracts/limits";
import { DrawList, drawOrder, placesOf } from "@dropgate/inventory/draw-list";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import { appendTickets, wholeBatches } from "@dropgate/sql/sealing/append-tickets";
import type { BucketRow, LaneRange } from "@dropgate/sql/sealing/buckets";
import { listCards, listIds } from "@dropgate/sql/sealing/frozen-list";
import type { WorkerContext } from "../running/context.ts";

/** How much of a bucket is in hand at once. The tests make it small, so that a few entries have many steps. */
export interface Pieces {
  pageIds: number;
  pageCards: number;
  ticketBatch: number;
  ticketBatchesAtOnce: number;
  cardTickets: number;
}
export const USUAL_PIECES: Pieces = {
  pageIds: DRAW_PAGE_IDS,
  pageCards: STREAM_PAGE_ROWS,
  ticketBatch: TICKET_BATCH_MAX,
  ticketBatchesAtOnce: TICKET_BATCHES_AT_ONCE,
  cardTickets: CARD_TICKETS_MAX,
};

export type SealedBucket = BucketRow & { firstTicket: number; seed: Buffer };

/** Another worker has taken the turn: it was silent here for too long, and what is left is done there. */
export class TurnLost extends Error {}

export class BucketDraw {
  readonly #context: WorkerContext;
  readonly #saleId: string;
  readonly #ranges: readonly LaneRange[];
  readonly #pieces: Pieces;
  readonly #keepTurn: () => Promise<void>;
  /** By lane, where its part of the list begins. */
  readonly #beginsAt = new Map<number, number>();
  #list: DrawList | null = null;
  #order: Uint32Array | null = null;

  /** @param keepTurn awaited between pieces; throws TurnLost */
  constructor(
    context: WorkerContext,
    saleId: string,
    ranges: readonly LaneRange[],
    keepTurn: () => Promise<void>,
    pieces = USUAL_PIECES,
  ) {
    this.#context = context;
    this.#saleId = saleId;
    this.#ranges = ranges;
    this.#keepTurn = keepTurn;
    this.#pieces = pieces;
  }

  /** The list as PostgreSQL has it, lane by lane in order of arrival. Read once. */
  async list(): Promise<DrawList> {
    if (this.#list !== null) return this.#list;
    // Leaves have numbers too, so this is a little more than there will be.
    const expected = this.#ranges.reduce((sum, range) => sum + range.toSeq - range.fromSeq, 0);
    const list = new DrawList(expected);
    for (const range of this.#ranges) {
      this.#beginsAt.set(range.lane, list.count);
      for await (const page of listIds(this.#context.truth, this.#saleId, range, this.#pieces.pageIds)) {
        list.addLines(page.ids);
        await this.#keepTurn();
      }
    }
    this.#list = list;
    return list;
  }

  /** @throws when the list is not the one that was frozen: nothing may be drawn from it */
  async #orderOf(bucket: SealedBucket): Promise<Uint32Array> {
    const list = await this.list();
    if (!list.digest().equals(bucket.digest)) {
      throw new Error(`bucket ${bucket.bucket} of ${bucket.saleId} has another list than was frozen`);
    }
    this.#order ??= await drawOrder(list, bucket.seed, () => pause());
    return this.#order;
  }

  /** Appends what is not there of the bucket's tickets. */
  async append(bucket: SealedBucket): Promise<void> {
    const { truth } = this.#context;
    const { ticketBatch, ticketBatchesAtOnce } = this.#pieces;
    const [list, order] = [await this.list(), await this.#orderOf(bucket)];
    const whole = await wholeBatches(truth, bucket, ticketBatch);
    let next = 0;
    const appendNext = async (): Promise<void> => {
      for (;;) {
        const batch = next++;
        const from = batch * ticketBatch;
        if (from >= order.length) return;
        if (whole.has(batch)) continue;
        await this.#keepTurn();
        const ids = Array.from(order.subarray(from, from + ticketBatch), (index) => list.idAt(index));
        await appendTickets(truth, bucket, from, ids);
      }
    };
    await Promise.all(Array.from({ length: ticketBatchesAtOnce }, appendNext));
  }

  /**
   * Loads the tickets into the lanes' cards; each lane's last batch says that the bucket is drawn. One lane after
   * the other and a small batch at a time, so that a join waits for a millisecond of it and no more: two lanes at once
   * were no quicker with a million, and joins took up to twice as long meanwhile.
   * @returns false when a lane did not take them: once it is rebuilt it is told again
   */
  async tell(bucket: SealedBucket, lanes: ReadonlyMap<number, LaneAddress>): Promise<boolean> {
    const places = placesOf(await this.#orderOf(bucket));
    let all = true;
    for (const range of this.#ranges) {
      const address = lanes.get(range.lane);
      if (!address || !(await this.#tellLane(bucket, range, address, places))) all = false;
    }
    return all;
  }

  async #tellLane(
    bucket: SealedBucket,
    range: LaneRange,
    address: LaneAddress,
    places: Uint32Array,
  ): Promise<boolean> {
    const { truth, hotStore } = this.#context;
    const { pageCards, cardTickets } = this.#pieces;
    const store = hotStore.lane(address);
    let index = this.#beginsAt.get(range.lane) ?? 0;
    for await (const page of listCards(truth, this.#saleId, range, pageCards)) {
      for (let from = 0; from < page.length; from += cardTickets) {
        const writes = page.slice(from, from + cardTickets).map(({ shopperKey, attempt }) => ({
          key: shopperKey as ShopperKey,
          attempt,
          ticket: bucket.firstTicket + (places[index++] ?? 0),
        }));
        const answer = await store.tickets(writes, null);
        if (!answer.ok) return false;
      }
      await this.#keepTurn();
    }
    return (await store.tickets([], bucket.bucket)).ok;
  }
}
