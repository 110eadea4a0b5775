// What happens in the sales that this gateway knows, as it is told by their channels: the one place where the
// socket side and the journals hang on. Messages may be missed; whoever missed one is told so and reads again.
import type { ShopperKey } from "@dropgate/contracts/ids";
import type { HotStore } from "@dropgate/lua";
import { type LaneNews, missedNews } from "@dropgate/lua/news";
import type { KnownSale } from "../sales/known-sale.ts";

/** All are called synchronously and must not throw; `sale` is changed in place before the call. */
export interface LiveListener {
  /** Phase, schedule, texts, message or stock band: the `sale` event. */
  onSale?: (sale: KnownSale) => void;
  /** `serving`, `waiting` or the rate moved; `serving` never falls. */
  onServing?: (sale: KnownSale) => void;
  /** These shoppers' cards changed: look at them again. */
  onCards?: (sale: KnownSale, lane: number, keys: readonly ShopperKey[]) => void;
  /** The bucket's tickets are in the lane's cards. */
  onDrawn?: (sale: KnownSale, lane: number, bucket: number) => void;
  /**
   * Something of this lane was not heard (a gap in the numbers, a new subscription, a new epoch): every card
   * of the lane that somebody here looks at must be looked at again.
   */
  onMissed?: (sale: KnownSale, lane: number) => void;
  /** The lane's pool was empty and has a unit again. */
  onFree?: (sale: KnownSale, lane: number) => void;
  /** Arrivals of this epoch up to `seq` are rows of PostgreSQL. */
  onStored?: (sale: KnownSale, lane: number, epoch: number, seq: number) => void;
  /** The lane has (or is about to have) a later epoch than the one known: read its row again. */
  onEpoch?: (sale: KnownSale, lane: number, epoch: number) => void;
  /** The sale's channel told of a version that the row does not have: read it again. */
  onBehind?: (sale: KnownSale) => void;
}

interface LaneEar {
  last: { epoch: number; number: number } | null;
  stop: () => void;
}

export class Live {
  readonly #hotStore: Pick<HotStore, "news">;
  readonly #listeners = new Set<LiveListener>();
  readonly #ears = new Map<KnownSale, { lanes: LaneEar[]; stop: () => void }>();
  /** Gaps found, for the metrics. */
  missed = 0;

  constructor(hotStore: Pick<HotStore, "news">) {
    this.#hotStore = hotStore;
  }

  /** @returns what ends it */
  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sales whose channels are listened to. */
  get followed(): number {
    return this.#ears.size;
  }

  follows(sale: KnownSale): boolean {
    return this.#ears.has(sale);
  }

  /** Begins to hear of a sale; again changes nothing. */
  follow(sale: KnownSale): void {
    if (this.#ears.has(sale)) return;
    const { news } = this.#hotStore;
    const lanes: LaneEar[] = [];
    for (let lane = 0; lane < sale.ids.laneCount; lane++) {
      const ear: LaneEar = { last: null, stop: () => {} };
      ear.stop = news.lane(
        { saleId: sale.id, lane },
        {
          onNews: (message) => this.#hearLane(sale, lane, ear, message),
          onListening: () => {
            ear.last = null;
            this.#tellMissed(sale, lane);
          },
        },
      );
      lanes.push(ear);
    }
    const stop = news.sale(sale.id, {
      onNews: (told) => {
        const changed = sale.takeTold(told);
        if (changed.serving) this.tellServing(sale);
        if (sale.isBehind) this.#tell((listener) => listener.onBehind?.(sale));
        else if (changed.version) this.tellSale(sale);
      },
      onListening: () => this.#tell((listener) => listener.onBehind?.(sale)),
    });
    this.#ears.set(sale, { lanes, stop });
  }

  /** Hears no more of a sale. */
  leave(sale: KnownSale): void {
    const ears = this.#ears.get(sale);
    if (!ears) return;
    this.#ears.delete(sale);
    ears.stop();
    for (const ear of ears.lanes) ear.stop();
  }

  stop(): void {
    for (const sale of this.#ears.keys()) this.leave(sale);
  }

  /** The sale's view changed: said by whoever changed it (the registry after reading its row or stock). */
  tellSale(sale: KnownSale): void {
    this.#tell((listener) => listener.onSale?.(sale));
  }

  tellServing(sale: KnownSale): void {
    this.#tell((listener) => listener.onServing?.(sale));
  }

  #hearLane(sale: KnownSale, lane: number, ear: LaneEar, news: LaneNews): void {
    const missed = missedNews(ear.last, news);
    ear.last = { epoch: news.epoch, number: news.number };
    if (missed) this.#tellMissed(sale, lane);
    const known = sale.lanes[lane];
    if (news.body.t === "flip" || (known && news.epoch > known.epoch)) {
      this.#tell((listener) => listener.onEpoch?.(sale, lane, news.epoch));
    }
    const { body } = news;
    switch (body.t) {
      case "stored":
        this.#tell((listener) => listener.onStored?.(sale, lane, news.epoch, body.seq));
        break;
      case "cards":
        // Whoever looks at all cards again need not be told of some.
        if (!missed) this.#tell((listener) => listener.onCards?.(sale, lane, body.keys));
        break;
      case "drawn":
        this.#tell((listener) => listener.onDrawn?.(sale, lane, body.bucket));
        break;
      case "free":
        this.#tell((listener) => listener.onFree?.(sale, lane));
        break;
      case "pulse":
      case "flip":
        break;
    }
  }

  #tellMissed(sale: KnownSale, lane: number): void {
    this.missed++;
    this.#tell((listener) => listener.onMissed?.(sale, lane));
  }

  #tell(tell: (listener: LiveListener) => void): void {
    for (const listener of this.#listeners) tell(listener);
  }
}
