// One rush on one gateway: its lanes' doors, the one batch of buyers under way, and what is known of the pools.
import { randomBytes } from "node:crypto";
import type { Shopper, ShopperKey } from "@dropgate/contracts/ids";
import {
  ATTEMPT_AGAIN_MAX,
  ATTEMPT_AGAIN_MS,
  ATTEMPT_BATCH_MAX,
  ATTEMPT_STALE_MS,
  RUSH_HOLDERS_MAX,
  SOLD_OUT_RETRY_MS,
} from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { isLiveHold } from "@dropgate/contracts/states/hold";
import { byLane } from "@dropgate/inventory/lanes";
import type { AttemptOutcome } from "@dropgate/lua/lane-answers";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { readHolds } from "@dropgate/sql/holds/hold-row";
import { readHolderKeys, readRushStandings } from "@dropgate/sql/rush/standings";
import { Batches } from "../joining/batches.ts";
import { callLane, type LaneCallParts } from "../joining/lane-call.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { buyUnits } from "./buy-units.ts";
import { PoolLevels } from "./pool-levels.ts";
import type { RushHold, RushParts } from "./rush-desk.ts";
import { SoldOut } from "./sold-out.ts";

/** A try on its way. It is settled once; what comes later is for a shopper who has gone. */
export interface Trying {
  shopper: Shopper;
  key: ShopperKey;
  lane: number;
  tryId: string;
  /** The number of the entry that it would make; 0 until its lane has begun it. */
  attempt: number;
  /** How often the lane was asked. */
  asked: number;
  resolve: (outcome: Outcome<RushHold>) => void;
  reject: (error: unknown) => void;
}

export class RushRoom {
  readonly sale: KnownSale;
  readonly levels: PoolLevels;
  readonly soldOut = new SoldOut();
  readonly parts: RushParts;
  readonly calls: LaneCallParts;
  readonly #doors: Batches<Trying>[];
  readonly #buyers: Batches<Trying>;
  #reading: Promise<void> | null = null;

  constructor(sale: KnownSale, parts: RushParts) {
    this.sale = sale;
    this.parts = parts;
    this.calls = { hotStore: parts.hotStore, refreshLanes: parts.refreshLanes };
    this.levels = new PoolLevels(sale.row.poolCount);
    this.#doors = Array.from(
      { length: sale.ids.laneCount },
      (_, lane) => new Batches<Trying>(ATTEMPT_BATCH_MAX, (batch) => this.#begin(lane, batch)),
    );
    this.#buyers = new Batches<Trying>(ATTEMPT_BATCH_MAX, (batch) => this.#buy(batch));
  }

  /** What the gateway answers without asking any store; null: it has to ask. */
  answerAlone(key: ShopperKey): Refusal | null {
    if (this.soldOut.mayHold(key)) {
      // Whether this shopper has a unit is for their card to say; who has one is read beside it.
      if (!this.soldOut.holdersWereRead && this.#isOver()) void this.#renew();
      return null;
    }
    if (this.sale.phase === "closed") return this.refuseSoldOut();
    const view = this.soldOut.view(performance.now());
    if (view === "unknown") return null;
    if (view === "renew") void this.#renew();
    return this.refuseSoldOut();
  }

  #isOver(): boolean {
    return this.sale.phase === "closed" || this.soldOut.view(performance.now()) !== "unknown";
  }

  attempt(who: Pick<Trying, "shopper" | "key" | "lane">): Promise<Outcome<RushHold>> {
    return new Promise((resolve, reject) => {
      const tryId = randomBytes(9).toString("base64url");
      this.#ask({ ...who, tryId, attempt: 0, asked: 0, resolve, reject });
    });
  }

  /** A unit came back to this lane's pool, or the lane was filled anew. */
  freed(lane: number): void {
    this.levels.forget(lane);
    if (lane < this.sale.row.poolCount) this.soldOut.end();
  }

  /** Word of this lane may have been lost: of units that came back, and of cards. */
  missed(lane: number): void {
    this.freed(lane);
    this.soldOut.forgetHolders();
  }

  /** Every pool was found empty just now. */
  foundEmpty(): void {
    this.soldOut.found(performance.now(), Math.random());
    if (!this.soldOut.holdersWereRead) void this.#renew();
  }

  refuseSoldOut(): Refusal {
    const { phase } = this.sale;
    if (phase === "closed" || phase === "sold_out") return refuse("SOLD_OUT", { final: true });
    const retryAfterMs = Math.round(SOLD_OUT_RETRY_MS * (1 + Math.random()));
    return refuse("SOLD_OUT", { final: false, retryAfterMs });
  }

  /** Reads every pool at once. @throws LaneShut, HotStoreAway: of a lane that is away nothing is known */
  async readLevels(): Promise<void> {
    const pools = Array.from({ length: this.sale.row.poolCount }, (_, pool) => pool);
    await Promise.all(
      pools.map(async (pool) => {
        const asked = this.levels.asking(pool);
        const { value } = await callLane(this.calls, this.sale, pool, (store) => store.pool(0, 0));
        this.levels.read(pool, asked, value.free);
      }),
    );
  }

  /** The tries are over, whatever came of them: their shoppers may try anew. */
  end(tries: readonly Trying[]): void {
    for (const [lane, group] of byLane(tries, (trying) => trying.lane)) {
      const each = group.map(({ key, tryId }) => ({ key, tryId }));
      // A try that is not ended so is stale before long.
      callLane(this.calls, this.sale, lane, (store) => store.endAttempt(each)).catch(this.parts.onError);
    }
  }

  /** Asks the shopper's lane, again after a moment when it was asked before. */
  again(trying: Trying): void {
    if (trying.asked < ATTEMPT_AGAIN_MAX) {
      setTimeout(() => this.#ask(trying), ATTEMPT_AGAIN_MS * (0.5 + Math.random()));
    } else {
      trying.resolve(refuse("RATE_LIMITED", { detail: "Another try of yours is still under way." }));
    }
  }

  #ask(trying: Trying): void {
    trying.asked++;
    this.#doors[trying.lane]?.push(trying);
  }

  async #begin(lane: number, batch: readonly Trying[]): Promise<void> {
    try {
      if (this.sale.phase === "closed") return await this.#showClosed(batch);
      const tries = batch.map(({ key, tryId }) => ({ key, tryId }));
      const { value } = await callLane(this.calls, this.sale, lane, (store) =>
        store.attempt(tries, ATTEMPT_STALE_MS),
      );
      const held: { trying: Trying; holdId: string; attempt: number }[] = [];
      for (const [i, trying] of batch.entries()) {
        const outcome = value[i] as AttemptOutcome; // one each, in order
        if (outcome.outcome === "held") {
          const { holdId, attempt } = outcome.card;
          if (holdId === null) this.again(trying);
          else held.push({ trying, holdId, attempt });
        } else this.#begun(trying, outcome);
      }
      if (held.length > 0) await this.#showHeld(held);
    } catch (error) {
      for (const trying of batch) trying.reject(error);
    }
  }

  #begun(trying: Trying, outcome: Exclude<AttemptOutcome, { outcome: "held" }>): void {
    switch (outcome.outcome) {
      case "begun":
        trying.attempt = outcome.attempt;
        this.#buyers.push(trying);
        return;
      case "busy":
        this.again(trying);
        return;
      case "limit":
        trying.resolve(refuse("ALREADY_PURCHASED"));
        return;
      case "shut":
        trying.resolve(this.#refuseShut(outcome.phase));
        return;
    }
  }

  /** Of a closed sale PostgreSQL knows as much as Redis, which need not keep it. */
  async #showClosed(batch: readonly Trying[]): Promise<void> {
    const { truth } = this.parts;
    const shoppers = batch.map(({ shopper }) => shopper);
    const standings = await readRushStandings(truth, this.sale.id, shoppers);
    const live = [...standings.values()].flatMap(({ live: hold }) => (hold === null ? [] : [hold.entryId]));
    const entries = await readEntries(truth, live);
    const attempts = new Map(entries.map(({ entryId, attempt }) => [entryId, attempt]));
    for (const trying of batch) {
      const { live: hold = null, bought = 0 } = standings.get(trying.shopper) ?? {};
      const attempt = hold === null ? undefined : attempts.get(hold.entryId);
      if (hold !== null && attempt !== undefined) trying.resolve({ ok: true, value: { hold, attempt } });
      else if (bought >= this.sale.row.limitPerShopper) trying.resolve(refuse("ALREADY_PURCHASED"));
      else trying.resolve(this.refuseSoldOut());
    }
  }

  #refuseShut(phase: KnownSale["phase"]): Refusal {
    if (phase === "closed") return this.refuseSoldOut();
    if (phase === "paused")
      return refuse("WRONG_STATE", { detail: "The sale is paused; try again when it goes on." });
    return refuse("SALE_NOT_OPEN", { detail: "It opens at schedule.opensAt." });
  }

  /** Shoppers who have a unit get that one again; one that has ended meanwhile is looked at again. */
  async #showHeld(held: readonly { trying: Trying; holdId: string; attempt: number }[]): Promise<void> {
    const ids = held.map(({ holdId }) => holdId);
    const rows = new Map((await readHolds(this.parts.truth, ids)).map((row) => [row.holdId, row]));
    for (const { trying, holdId, attempt } of held) {
      const hold = rows.get(holdId);
      if (hold !== undefined && isLiveHold(hold.state))
        trying.resolve({ ok: true, value: { hold, attempt } });
      else this.again(trying);
    }
  }

  async #buy(batch: readonly Trying[]): Promise<void> {
    try {
      await buyUnits(this, batch);
    } catch (error) {
      // Those that were settled meanwhile are: a second word changes nothing.
      for (const trying of batch) trying.reject(error);
      this.end(batch);
    }
  }

  /** One read renews what is known: of the pools, and of who has a unit. */
  #renew(): Promise<void> {
    this.#reading ??= this.#renewNow()
      .catch(this.parts.onError)
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #renewNow(): Promise<void> {
    if (!this.soldOut.holdersWereRead) {
      this.soldOut.readingHolders();
      const keys = await readHolderKeys(this.parts.truth, this.sale.id, RUSH_HOLDERS_MAX);
      this.soldOut.readHolders(keys.length < RUSH_HOLDERS_MAX ? (keys as ShopperKey[]) : null);
    }
    if (this.sale.phase === "closed") return;
    await this.readLevels();
    if (this.levels.areEmpty) this.soldOut.found(performance.now(), Math.random());
    else this.soldOut.end();
  }
}
