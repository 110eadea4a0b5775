// Tries to get a unit of a rush now, batched at each step:
//
//   try ─▶ its lane: may this shopper buy, is another try under way? ─▶ token ─▶ unit of a pool ─▶ PostgreSQL ─▶ hold
//
// A token is asked for only where a pool has units, for shoppers who may buy, and goes back when nothing came of it. The
// answer with the hold is given after its commit. A gateway that dies in the middle leaves a take that the worker
// declares void, and a try that is stale after ATTEMPT_STALE_MS.
import type { Shopper } from "@dropgate/contracts/ids";
import { ATTEMPT_QUEUE_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { placeOfShopper } from "@dropgate/inventory/ids";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import type { HoldRow } from "@dropgate/sql/holds/hold-row";
import type { Live } from "../live/live.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { RushRoom } from "./rush-room.ts";

/** What a shopper has got: a live hold, and the attempt whose entry it is. */
export interface RushHold {
  hold: HoldRow;
  attempt: number;
}

export interface RushParts {
  truth: Truth;
  hotStore: HotStore;
  live: Live;
  refreshLanes: (sale: KnownSale) => Promise<void>;
  onError: (error: unknown) => void;
}

export class RushDesk {
  readonly #parts: RushParts;
  readonly #rooms = new Map<KnownSale, RushRoom>();
  readonly #underWay = new Map<string, Promise<Outcome<RushHold>>>();

  constructor(parts: RushParts) {
    this.#parts = parts;
    parts.live.listen({
      onFree: (sale, lane) => this.#rooms.get(sale)?.freed(lane),
      onEpoch: (sale, lane) => this.#rooms.get(sale)?.freed(lane),
      onMissed: (sale, lane) => this.#rooms.get(sale)?.missed(lane),
      onCards: (sale, _lane, keys) => this.#rooms.get(sale)?.soldOut.cardsChanged(keys),
    });
  }

  /** Tries that have no answer yet. */
  get waiting(): number {
    return this.#underWay.size;
  }

  /** What this gateway answers without asking any store; null: `attempt` has to. */
  answerAlone(sale: KnownSale, shopper: Shopper): Refusal | null {
    if (sale.row.kind !== "rush" || sale.phase !== "live") return null;
    return this.#roomOf(sale).answerAlone(placeOfShopper(sale.ids, shopper).shopperKey);
  }

  /**
   * One try; several at once of one shopper are one.
   * @throws LaneShut, HotStoreAway, PostgreSQL's error: nothing is answered for, asking again is safe
   */
  attempt(sale: KnownSale, shopper: Shopper): Promise<Outcome<RushHold>> | Refusal {
    if (sale.row.kind !== "rush") {
      return refuse("WRONG_STATE", { detail: "This sale has a line: join it." });
    }
    if (sale.phase === "scheduled" || sale.phase === "lobby" || sale.phase === "drawing") {
      return refuse("SALE_NOT_OPEN", { detail: "It opens at schedule.opensAt." });
    }
    const room = this.#roomOf(sale);
    const { shopperKey: key, lane } = placeOfShopper(sale.ids, shopper);
    const soldOut = room.answerAlone(key);
    if (soldOut !== null) return soldOut;
    const name = `${sale.id}\n${key}`;
    const there = this.#underWay.get(name);
    if (there) return there;
    if (this.#underWay.size >= ATTEMPT_QUEUE_MAX) {
      return refuse("BUSY", { detail: "So many are trying that we must ask you to come back in a moment." });
    }
    const trying = room.attempt({ shopper, key, lane }).finally(() => {
      this.#underWay.delete(name);
    });
    this.#underWay.set(name, trying);
    return trying;
  }

  #roomOf(sale: KnownSale): RushRoom {
    let room = this.#rooms.get(sale);
    if (!room) {
      room = new RushRoom(sale, this.#parts);
      this.#rooms.set(sale, room);
    }
    return room;
  }
}
