// Joins, leaves and looks at cards: each lane has a batch of each under way. What was acknowledged goes into
// the journal before its answer is given.
import type { EntryId, Shopper, ShopperKey } from "@dropgate/contracts/ids";
import { CARD_BATCH_MAX, JOIN_BATCH_MAX, JOIN_QUEUE_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { entryIdFor, placeOfShopper } from "@dropgate/inventory/ids";
import type { HotStore } from "@dropgate/lua";
import type { Card } from "@dropgate/lua/card";
import type { JoinOffer, JoinOutcome, LeaveOutcome, LeaveRequest } from "@dropgate/lua/lane-answers";
import type { Live } from "../live/live.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { Batches } from "./batches.ts";
import { Journal, type JournalRecord } from "./journal.ts";
import { callLane, type InEpoch, type LaneCallParts } from "./lane-call.ts";

export interface Joined {
  /** A new entry; false: the one there was. */
  isNew: boolean;
  entryId: EntryId;
  card: Card;
}

export type JoinAnswer = Outcome<Joined>;

/** How often a join may be told to name another attempt: a shopper who acts in two places at once. */
const AGAIN_MAX = 5;

interface JoinAsk {
  offer: JoinOffer;
  /** How often it was told to name another attempt. */
  again: number;
  resolve: (answer: JoinAnswer) => void;
  reject: (error: unknown) => void;
}
interface LeaveAsk {
  request: LeaveRequest;
  resolve: (outcome: LeaveOutcome) => void;
  reject: (error: unknown) => void;
}
interface LookAsk {
  key: ShopperKey;
  resolve: (card: Card | null) => void;
  reject: (error: unknown) => void;
}

interface LaneDoors {
  joins: Batches<JoinAsk>;
  leaves: Batches<LeaveAsk>;
  looks: Batches<LookAsk>;
}

export interface JoiningParts {
  hotStore: HotStore;
  live: Live;
  refreshLanes: (sale: KnownSale) => Promise<void>;
  onLanes: (listener: (sale: KnownSale) => void) => void;
  /** A journaled leave whose entry has a hold by now: PostgreSQL's to do. */
  leaveHold: (sale: KnownSale, request: LeaveRequest) => Promise<void>;
  onError: (error: unknown) => void;
}

export class Joining {
  readonly journal = new Journal();
  readonly #parts: JoiningParts;
  readonly #calls: LaneCallParts;
  readonly #doors = new Map<KnownSale, LaneDoors[]>();
  readonly #offeringAgain = new Set<string>();
  /** Joins that wait for their batch, in all lanes. */
  #waiting = 0;
  /** Records that were offered again to a new epoch, for the metrics. */
  offeredAgain = 0;

  constructor(parts: JoiningParts) {
    this.#parts = parts;
    this.#calls = { hotStore: parts.hotStore, refreshLanes: parts.refreshLanes };
    parts.live.listen({
      onStored: (sale, lane, epoch, seq) => this.journal.drop(sale, lane, epoch, seq),
    });
    parts.onLanes((sale) => {
      for (const { lane, epoch, address, storedSeq } of sale.lanes) {
        this.journal.drop(sale, lane, epoch, storedSeq);
        if (address !== null && this.journal.holds(sale, lane)) this.#offerAgain(sale, lane, epoch);
      }
    });
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Joins a shopper, or finds the entry they have.
   * @throws LaneShut, HotStoreAway: nothing was acknowledged; a retry names the same entry
   */
  join(sale: KnownSale, shopper: Shopper, attempt = 1): Promise<JoinAnswer> | Refusal {
    if (sale.phase === "closed") return refuse("SALE_CLOSED");
    if (this.#waiting >= JOIN_QUEUE_MAX || this.journal.isFull) {
      return refuse("BUSY", { detail: "So many are joining that we must ask you to come back in a moment." });
    }
    const { shopperKey: key, lane } = placeOfShopper(sale.ids, shopper);
    const entryId = entryIdFor(sale.ids, lane, shopper, attempt);
    this.#waiting++;
    const { joins } = this.#doorsOf(sale, lane);
    return new Promise((resolve, reject) => {
      joins.push({ offer: { key, entryId, shopper, attempt }, again: 0, resolve, reject });
    });
  }

  /** Takes a waiting or missed entry out of the line. @throws LaneShut, HotStoreAway */
  leave(sale: KnownSale, lane: number, request: LeaveRequest): Promise<LeaveOutcome> {
    return new Promise((resolve, reject) => {
      this.#doorsOf(sale, lane).leaves.push({ request, resolve, reject });
    });
  }

  /** A shopper's card; null where there is none. @throws LaneShut, HotStoreAway */
  look(sale: KnownSale, lane: number, key: ShopperKey): Promise<Card | null> {
    return new Promise((resolve, reject) => {
      this.#doorsOf(sale, lane).looks.push({ key, resolve, reject });
    });
  }

  /** Many cards of one lane at once, in order of the keys. @throws LaneShut, HotStoreAway */
  async lookAtMany(sale: KnownSale, lane: number, keys: readonly ShopperKey[]): Promise<(Card | null)[]> {
    const cards: (Card | null)[] = [];
    for (let from = 0; from < keys.length; from += CARD_BATCH_MAX) {
      const batch = keys.slice(from, from + CARD_BATCH_MAX);
      const looked = await callLane(this.#calls, sale, lane, (store) => store.look(batch));
      cards.push(...looked.value);
    }
    return cards;
  }

  #doorsOf(sale: KnownSale, lane: number): LaneDoors {
    let doors = this.#doors.get(sale);
    if (!doors) {
      doors = Array.from({ length: sale.ids.laneCount }, (_, number) => this.#newDoors(sale, number));
      this.#doors.set(sale, doors);
    }
    return doors[lane] as LaneDoors; // lanes of ids lie below laneCount
  }

  #newDoors(sale: KnownSale, lane: number): LaneDoors {
    const joins = new Batches<JoinAsk>(JOIN_BATCH_MAX, (batch) => {
      this.#waiting -= batch.length;
      return this.#settle(
        batch,
        () => callLane(this.#calls, sale, lane, (store) => store.join(batch.map((ask) => ask.offer))),
        (ask, outcome, epoch) => this.#joined(sale, lane, joins, ask, outcome, epoch),
      );
    });
    const leaves = new Batches<LeaveAsk>(CARD_BATCH_MAX, (batch) =>
      this.#settle(
        batch,
        () => callLane(this.#calls, sale, lane, (store) => store.leave(batch.map((ask) => ask.request))),
        (ask, outcome, epoch) => {
          if (outcome.outcome === "left") {
            this.#keep(sale, lane, epoch, outcome.seq, { kind: "leave", request: ask.request });
          }
          ask.resolve(outcome);
        },
      ),
    );
    const looks = new Batches<LookAsk>(CARD_BATCH_MAX, (batch) =>
      this.#settle(
        batch,
        () => callLane(this.#calls, sale, lane, (store) => store.look(batch.map((ask) => ask.key))),
        (ask, card) => ask.resolve(card),
      ),
    );
    return { joins, leaves, looks };
  }

  /** Sends a batch and gives each ask its own outcome; what breaks the call breaks it for all of them. */
  async #settle<Ask extends { reject: (error: unknown) => void }, Answer>(
    batch: readonly Ask[],
    call: () => Promise<InEpoch<Answer[]>>,
    settle: (ask: Ask, answer: Answer, epoch: number) => void,
  ): Promise<void> {
    try {
      const { value, epoch } = await call();
      for (const [i, ask] of batch.entries()) settle(ask, value[i] as Answer, epoch); // one answer each, in order
    } catch (error) {
      for (const ask of batch) ask.reject(error);
    }
  }

  #joined(
    sale: KnownSale,
    lane: number,
    joins: Batches<JoinAsk>,
    ask: JoinAsk,
    outcome: JoinOutcome,
    epoch: number,
  ): void {
    const { offer } = ask;
    switch (outcome.outcome) {
      case "new":
        this.#keep(sale, lane, epoch, outcome.card.seq, { kind: "join", offer });
        ask.resolve({ ok: true, value: { isNew: true, entryId: offer.entryId, card: outcome.card } });
        return;
      case "same":
        ask.resolve({ ok: true, value: { isNew: false, entryId: offer.entryId, card: outcome.card } });
        return;
      case "again": {
        if (++ask.again > AGAIN_MAX) {
          ask.resolve(refuse("BUSY"));
          return;
        }
        const { attempt } = outcome;
        ask.offer = { ...offer, attempt, entryId: entryIdFor(sale.ids, lane, offer.shopper, attempt) };
        this.#waiting++;
        joins.push(ask);
        return;
      }
      case "limit":
        ask.resolve(refuse("ALREADY_PURCHASED"));
        return;
      case "notOpen":
        ask.resolve(refuse("SALE_NOT_OPEN"));
        return;
      case "closed":
        ask.resolve(refuse("SALE_CLOSED"));
        return;
    }
  }

  /** What was acknowledged goes into the journal, and on to the lane's present epoch when that is a later one by now. */
  #keep(sale: KnownSale, lane: number, epoch: number, seq: number, record: JournalRecord): void {
    this.journal.add(sale, lane, epoch, seq, record);
    // The answer of a server that was replaced meanwhile came late: nobody but us has what it says.
    const known = sale.lanes[lane];
    if (known && known.address !== null && known.epoch > epoch) this.#offerAgain(sale, lane, known.epoch);
  }

  /** Offers what earlier epochs held to the present one, once at a time for each lane. */
  #offerAgain(sale: KnownSale, lane: number, epoch: number): void {
    const name = `${sale.id}:${lane}`;
    if (this.#offeringAgain.has(name)) return;
    const records = this.journal.takeBefore(sale, lane, epoch);
    if (records.length === 0) return;
    this.#offeringAgain.add(name);
    this.#offerRecords(sale, lane, epoch, records)
      .catch(this.#parts.onError)
      .finally(() => this.#offeringAgain.delete(name));
  }

  async #offerRecords(
    sale: KnownSale,
    lane: number,
    epoch: number,
    records: readonly JournalRecord[],
  ): Promise<void> {
    let done = 0;
    try {
      // In order: a leave must not come before its join. Runs of one kind go together.
      while (done < records.length) {
        const run = runOfOneKind(records, done, JOIN_BATCH_MAX);
        await this.#offerRun(sale, lane, run);
        done += run.length;
        this.offeredAgain += run.length;
      }
    } finally {
      // What the lane did not take stays ours, under the epoch before: the next look at the lanes tries again.
      for (let i = done; i < records.length; i++) {
        // The numbers are higher than any real one: no late word about that epoch may drop them.
        const seq = Number.MAX_SAFE_INTEGER - records.length + i;
        this.journal.add(sale, lane, epoch - 1, seq, records[i] as JournalRecord);
      }
    }
  }

  async #offerRun(sale: KnownSale, lane: number, run: readonly JournalRecord[]): Promise<void> {
    const offers = run.flatMap((record) => (record.kind === "join" ? [record.offer] : []));
    if (offers.length > 0) {
      const { value, epoch } = await callLane(this.#calls, sale, lane, (store) => store.join(offers, true));
      for (const [i, outcome] of value.entries()) {
        const offer = offers[i] as JoinOffer; // one outcome each, in order
        // `same`: it is stored, or another gateway has it in its journal. The rest had ended meanwhile.
        if (outcome.outcome === "new") {
          this.journal.add(sale, lane, epoch, outcome.card.seq, { kind: "join", offer });
        }
      }
      return;
    }
    const requests = run.flatMap((record) => (record.kind === "leave" ? [record.request] : []));
    const { value, epoch } = await callLane(this.#calls, sale, lane, (store) => store.leave(requests));
    for (const [i, outcome] of value.entries()) {
      const request = requests[i] as LeaveRequest; // one outcome each, in order
      if (outcome.outcome === "left") {
        this.journal.add(sale, lane, epoch, outcome.seq, { kind: "leave", request });
      } else if (outcome.outcome === "hold") {
        await this.#parts.leaveHold(sale, request);
      }
    }
  }
}

/** The records from `from` on that are of one kind, at most `count`. */
function runOfOneKind(records: readonly JournalRecord[], from: number, count: number): JournalRecord[] {
  const kind = records[from]?.kind;
  let to = from;
  while (to < records.length && to - from < count && records[to]?.kind === kind) to++;
  return records.slice(from, to);
}
