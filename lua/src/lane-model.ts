// A lane as it should behave, told once more in TypeScript, without a server: lane-model.test.ts does the same
// random acts to this and to the real scripts and compares. Times are left out; only their being there counts.

import type { ShopperKey } from "@dropgate/contracts/ids";
import { isFinalEntry } from "@dropgate/contracts/states/entry";
import { isJoinable } from "@dropgate/contracts/states/phase";
import type { Card } from "./card.ts";
import {
  ABSENT,
  type CardOutcome,
  type CardWrite,
  type CloseOutcome,
  type FlipState,
  FREE,
  type Holder,
  type JoinOffer,
  type JoinOutcome,
  type LeaveOutcome,
  type LeaveRequest,
  type PhaseCopy,
  type TicketWrite,
  type UnitHolder,
  type UnitMark,
} from "./lane-answers.ts";

/** What an epoch's names hold. */
export class EpochModel {
  readonly cards = new Map<ShopperKey, Card>();
  readonly units = new Map<number, Holder>();
  readonly pending = new Map<number, Holder>();
  arrivals: Record<string, string | number>[] = [];
}

export class LaneModel {
  epoch = 0;
  readonly epochs = new Map<number, EpochModel>();
  state: FlipState & { stored: number; msg: number; opened: boolean } = {
    phase: "lobby",
    version: 0,
    limitPerShopper: 1,
    bucket: 0,
    bucketHasArrivals: false,
    seq: 0,
    waiting: 0,
    settleMs: 0,
    stored: 0,
    msg: 0,
    opened: false,
  };

  in(epoch: number): EpochModel {
    const there = this.epochs.get(epoch) ?? new EpochModel();
    this.epochs.set(epoch, there);
    return there;
  }
  get now(): EpochModel {
    return this.in(this.epoch);
  }

  join(offers: readonly JoinOffer[], acknowledged: boolean): JoinOutcome[] {
    return offers.map(({ key, entryId, shopper, attempt }): JoinOutcome => {
      const card = this.now.cards.get(key);
      const final = card !== undefined && isFinalEntry(card.state, card.misses);
      if (card && !final && attempt <= card.attempt) return { outcome: "same", card };
      if (!isJoinable(this.state.phase) && !acknowledged) {
        return { outcome: this.state.phase === "closed" ? "closed" : "notOpen" };
      }
      if (final && card.bought >= this.state.limitPerShopper) return { outcome: "limit" };
      if (card && !final) return { outcome: "again", attempt: card.attempt };
      if (final && attempt !== card.attempt + 1) return { outcome: "again", attempt: card.attempt + 1 };
      const arrival = { kind: "join", entryId, key, shopper, attempt };
      const seq = this.#arrive(arrival);
      const fresh = { rev: 0, state: "waiting", leaveUnstored: false, misses: 0 } as const;
      const none = { ticket: null, holdId: null, claimBy: null, expiresAt: null };
      const bought = card?.bought ?? 0;
      const made: Card = { attempt, ...fresh, bought, bucket: this.state.bucket, seq, ...none };
      this.now.cards.set(key, made);
      this.state.opened = true;
      return { outcome: "new", card: made };
    });
  }

  leave(leaves: readonly LeaveRequest[]): LeaveOutcome[] {
    return leaves.map(({ key, entryId, attempt }): LeaveOutcome => {
      const card = this.now.cards.get(key);
      if (!card || card.attempt < attempt) return { outcome: "none" };
      if (card.attempt > attempt) return { outcome: "wrong" };
      if (card.state === "left") return { outcome: "same" };
      if (card.state === "offered" || card.state === "held") return { outcome: "hold" };
      if (card.state !== "waiting" && card.state !== "missed") return { outcome: "wrong" };
      this.now.cards.set(key, { ...card, state: "left", leaveUnstored: true });
      return { outcome: "left", seq: this.#arrive({ kind: "leave", entryId, key, attempt }) };
    });
  }

  close(bucket: number): CloseOutcome {
    if (this.state.bucket > bucket) return { outcome: "same" };
    if (this.state.bucket < bucket) return { outcome: "early", bucket: this.state.bucket };
    if (this.state.settleMs > 0) return { outcome: "settling", waitMs: 0 };
    const seq = this.#arrive({ kind: "close" });
    this.state.bucket += 1;
    this.state.opened = false;
    return { outcome: "closed", seq };
  }

  stored(seq: number): number {
    const upTo = Math.min(seq, this.state.seq);
    if (upTo > this.state.stored) {
      this.state.stored = upTo;
      this.state.msg += 1;
      this.now.arrivals = this.now.arrivals.filter((arrival) => Number(arrival["seq"]) > upTo);
    }
    return this.state.stored;
  }

  cards(writes: readonly CardWrite[], publish: boolean): CardOutcome[] {
    const outcomes = writes.map(({ key, card }): CardOutcome => {
      const there = this.now.cards.get(key);
      const same = there?.attempt === card.attempt;
      const leaving = same && there.leaveUnstored;
      if (leaving && card.state === "offered") return "left";
      if (there && (there.attempt > card.attempt || (same && there.rev >= card.rev))) return "old";
      const stays = leaving && (card.state === "waiting" || card.state === "missed");
      const ticket = card.ticket ?? (same ? there.ticket : null);
      this.now.cards.set(key, { ...card, ticket, ...(stays ? { state: "left", leaveUnstored: true } : {}) });
      return "written";
    });
    if (publish && outcomes.includes("written")) this.state.msg += 1;
    return outcomes;
  }

  tickets(writes: readonly TicketWrite[], bucket: number | null): number {
    const before = writes.filter(({ key, attempt, ticket }) => {
      const card = this.now.cards.get(key);
      if (card?.attempt !== attempt || card.ticket !== null) return false;
      this.now.cards.set(key, { ...card, ticket });
      return true;
    });
    if (bucket !== null) this.state.msg += 1;
    return before.length;
  }

  take(holdIds: readonly Holder[]): number[] {
    const units = this.free().slice(0, holdIds.length);
    for (const [at, unit] of units.entries()) {
      this.now.units.set(unit, holdIds[at] ?? "");
      this.now.pending.set(unit, holdIds[at] ?? "");
    }
    return units;
  }

  give(gifts: readonly UnitHolder[]): boolean[] {
    return this.#tellingOfFree(() => this.#give(gifts));
  }

  /** A pool that was empty and is not any more is told of. */
  #tellingOfFree<Value>(act: () => Value): Value {
    const wasEmpty = this.free().length === 0;
    const value = act();
    if (wasEmpty && this.free().length > 0) this.state.msg += 1;
    return value;
  }

  #give(gifts: readonly UnitHolder[]): boolean[] {
    return gifts.map(({ unit, holder }) => {
      if (holder === FREE || this.now.units.get(unit) !== holder) return false;
      this.now.units.set(unit, FREE);
      this.now.pending.delete(unit);
      return true;
    });
  }

  settle(takes: readonly { unit: number; holdId: Holder }[]): boolean[] {
    return takes.map(
      ({ unit, holdId }) => this.now.pending.get(unit) === holdId && this.now.pending.delete(unit),
    );
  }

  mark(marks: readonly UnitMark[]): boolean[] {
    return this.#tellingOfFree(() => this.#mark(marks));
  }

  #mark(marks: readonly UnitMark[]): boolean[] {
    return marks.map(({ unit, seen, becomes }) => {
      if (this.record(unit) !== seen) return false;
      if (seen === becomes) return true;
      this.now.pending.delete(unit);
      if (becomes === ABSENT) this.now.units.delete(unit);
      else this.now.units.set(unit, becomes);
      return true;
    });
  }

  copy(copy: PhaseCopy): void {
    if (copy.version > this.state.version) Object.assign(this.state, copy);
  }

  load(epoch: number, writes: readonly CardWrite[], units: readonly UnitHolder[]): boolean {
    if (epoch <= this.epoch) return false;
    for (const { key, card } of writes) this.in(epoch).cards.set(key, card);
    for (const { unit, holder } of units) this.in(epoch).units.set(unit, holder);
    return true;
  }

  flip(epoch: number, state: FlipState): boolean {
    if (epoch <= this.epoch) return false;
    this.epoch = epoch;
    this.state = { ...state, stored: state.seq, msg: 1, opened: state.bucketHasArrivals };
    return true;
  }

  drop(epoch: number): boolean {
    return epoch < this.epoch && (this.epochs.delete(epoch) || true);
  }

  record(unit: number): Holder {
    return this.now.units.get(unit) ?? ABSENT;
  }
  free(): number[] {
    const free = [...this.now.units].filter(([, holder]) => holder === FREE);
    return free.map(([unit]) => unit).toSorted((one, other) => one - other);
  }
  /** Counted anew each time, where the scripts keep a count. */
  waiting(): number {
    return [...this.now.cards.values()].filter(({ state }) => state === "waiting").length;
  }

  #arrive(arrival: Record<string, string | number>): number {
    this.state.seq += 1;
    this.now.arrivals.push({ ...arrival, seq: this.state.seq, bucket: this.state.bucket });
    return this.state.seq;
  }
}
