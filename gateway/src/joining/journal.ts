// What this gateway acknowledged and PostgreSQL has not stored yet: joins and leaves, by epoch and number.
// Should Redis forget them, they are offered to the lane's next epoch; so an answer that a shopper has is
// never lost with one store alone.
import { JOURNAL_MAX } from "@dropgate/contracts/limits";
import type { JoinOffer, LeaveRequest } from "@dropgate/lua/lane-answers";
import type { KnownSale } from "../sales/known-sale.ts";

export type JournalRecord = { kind: "join"; offer: JoinOffer } | { kind: "leave"; request: LeaveRequest };

interface LaneJournal {
  /** By epoch, then number. */
  epochs: Map<number, Map<number, JournalRecord>>;
}

export class Journal {
  readonly #lanes = new Map<KnownSale, LaneJournal[]>();
  readonly #max: number;
  #size = 0;

  constructor(max = JOURNAL_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Then nobody may be acknowledged any more. */
  get isFull(): boolean {
    return this.#size >= this.#max;
  }

  add(sale: KnownSale, lane: number, epoch: number, seq: number, record: JournalRecord): void {
    const journal = this.#laneOf(sale, lane);
    let records = journal.epochs.get(epoch);
    if (!records) {
      records = new Map();
      journal.epochs.set(epoch, records);
    }
    if (!records.has(seq)) this.#size++;
    records.set(seq, record);
  }

  /** Whether there is anything of this lane. */
  holds(sale: KnownSale, lane: number): boolean {
    const journal = this.#lanes.get(sale)?.[lane];
    return journal !== undefined && journal.epochs.size > 0;
  }

  /** PostgreSQL has this epoch's arrivals up to `seq`: another epoch's numbers say nothing of ours. */
  drop(sale: KnownSale, lane: number, epoch: number, seq: number): void {
    const journal = this.#lanes.get(sale)?.[lane];
    const records = journal?.epochs.get(epoch);
    if (!journal || !records) return;
    for (const number of records.keys()) {
      // Almost in order: joins and leaves are two calls. What is passed over goes with the next message.
      if (number > seq) break;
      records.delete(number);
      this.#size--;
    }
    if (records.size === 0) journal.epochs.delete(epoch);
  }

  /** Takes out what earlier epochs than this one still hold, in order. */
  takeBefore(sale: KnownSale, lane: number, epoch: number): JournalRecord[] {
    const journal = this.#lanes.get(sale)?.[lane];
    if (!journal) return [];
    const taken: JournalRecord[] = [];
    for (const [past, records] of journal.epochs) {
      if (past >= epoch) continue;
      taken.push(...records.values());
      this.#size -= records.size;
      journal.epochs.delete(past);
    }
    return taken;
  }

  #laneOf(sale: KnownSale, lane: number): LaneJournal {
    let lanes = this.#lanes.get(sale);
    if (!lanes) {
      lanes = Array.from({ length: sale.ids.laneCount }, () => ({ epochs: new Map() }));
      this.#lanes.set(sale, lanes);
    }
    return lanes[lane] as LaneJournal; // lanes of ids lie below laneCount
  }
}
