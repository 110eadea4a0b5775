// What the random acts are made of, drawn from a seed. The draws lean towards what is nearly right, for that
// is where rules meet.
import type { HoldId } from "@dropgate/contracts/ids";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import { type Card, STATE_LETTERS } from "./card.ts";
import {
  ABSENT,
  type CardWrite,
  type FlipState,
  FREE,
  type Holder,
  type UnitHolder,
} from "./lane-answers.ts";
import { holdOf, keyOf, WAITING } from "./lane-fixture.ts";
import type { LaneModel } from "./lane-model.ts";

export const NAMES = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal"];
export const UNITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const STATES = Object.keys(STATE_LETTERS) as Card["state"][];
const PROBABLY = 0.7;
const LONG_MS = 3_600_000;

/** Numbers in [0, 1) that depend on nothing but the seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class LaneDraws {
  readonly #random: () => number;
  readonly #model: LaneModel;
  #holds = 0;
  #epoch = 0;

  constructor(seed: number, model: LaneModel) {
    this.#random = randomFrom(seed);
    this.#model = model;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.#random() * (highest - lowest + 1));
  }

  near(value: number, lowest: number): number {
    return Math.max(lowest, value + this.pick([-1, 0, 0, 0, 1, 1, 2]));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item;
  }

  /** One of these, as often as its weight says. */
  weighed<Item>(items: readonly (readonly [number, Item])[]): Item {
    return this.pick(items.flatMap(([weight, item]) => Array<Item>(weight).fill(item)));
  }

  some<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.between(1, most) }, make);
  }

  /** A shopper, and an attempt near the one of the card. */
  shopper(): { name: string; attempt: number } {
    const name = this.pick(NAMES);
    return { name, attempt: this.near(this.#card(name)?.attempt ?? 1, 1) };
  }

  phase(): Phase {
    return this.chance(0.6) ? "live" : this.pick(PHASES);
  }

  newHold(): HoldId {
    this.#holds += 1;
    return holdOf(`h${this.#holds}`);
  }

  /** Some hold, often one that had or has a unit. */
  hold(): HoldId {
    return holdOf(`h${this.between(Math.max(1, this.#holds - 20), this.#holds + 1)}`);
  }

  /** A unit with the holder it probably has. */
  unitHolder(holders: (unit: number) => Holder | undefined): UnitHolder {
    const unit = this.pick(UNITS);
    const holder = holders(unit);
    return { unit, holder: holder !== undefined && this.chance(PROBABLY) ? holder : this.hold() };
  }

  /** What PostgreSQL may say of an entry, now or some revisions ago. */
  cardWrite(): CardWrite {
    const name = this.pick(NAMES);
    const there = this.#card(name);
    const same = this.chance(0.8);
    const card: Card = {
      ...WAITING,
      attempt: same ? (there?.attempt ?? 1) : this.near(there?.attempt ?? 1, 1),
      rev: this.near(there?.rev ?? 0, 0),
      state: this.chance(0.3) ? "offered" : this.pick(STATES),
      misses: this.between(0, 2),
      bought: this.between(0, 2),
      bucket: this.between(0, 3),
      seq: this.between(0, 99),
      ticket: this.chance(0.5) ? null : this.between(1, 99),
      holdId: this.chance(0.5) ? null : holdOf("w"),
      claimBy: this.chance(0.5) ? null : 1_795_499_549_432,
    };
    return { key: keyOf(name), card };
  }

  /** A rebuild out of most of what there is, into a new epoch or, wrongly, into the living one. */
  rebuild(): { epoch: number; cards: CardWrite[]; units: UnitHolder[]; state: FlipState } {
    const next = Math.max(this.#epoch, this.#model.epoch) + this.between(1, 2);
    const epoch = this.#model.epoch === 0 || this.chance(PROBABLY) ? next : this.#model.epoch;
    this.#epoch = Math.max(this.#epoch, epoch);
    const cards = NAMES.filter(() => this.chance(0.8)).flatMap((name): CardWrite[] => {
      const card = this.#card(name);
      return card ? [{ key: keyOf(name), card: { ...card, leaveUnstored: false } }] : [];
    });
    const units = UNITS.filter(() => this.chance(0.9)).map(
      (unit): UnitHolder => ({ unit, holder: this.pick([FREE, this.newHold(), this.#model.record(unit)]) }),
    );
    const state: FlipState = {
      phase: this.phase(),
      version: this.between(1, 9),
      limitPerShopper: this.between(1, 2),
      bucket: this.between(0, 3),
      bucketHasArrivals: this.chance(0.5),
      seq: this.between(0, this.#model.state.seq),
      waiting: cards.filter(({ card }) => card.state === "waiting").length,
      settleMs: this.chance(0.3) ? LONG_MS : 0,
    };
    return { epoch, cards, units: units.filter(({ holder }) => holder !== ABSENT), state };
  }

  #card(name: string): Card | undefined {
    return this.#model.now.cards.get(keyOf(name));
  }
}
