// The hot layer of stock: a mirror of the levels in Redis that says in a millisecond who can't have something, and
// holds what others are about to get while PostgreSQL judges. It decides nothing: what it lets through PostgreSQL may
// refuse, and what it has lost it loads again, one SKU at a time, when somebody asks.
import { STOCK_BATCH_MAX, STOCK_LOAD_TRIES_MAX, STOCK_STORES_MAX } from "@dropgate/contracts/limits";
import type { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import type { StockAnswer, StockLook, StockStore } from "@dropgate/lua/stock-store";
import type { Truth } from "@dropgate/sql";
import type { LevelKey, LevelRow, MirroredLevel } from "@dropgate/sql/levels/level-row";
import { readLevelsOf, readTruthName } from "@dropgate/sql/levels/levels-of-skus";
import { ReadsTogether } from "../reads-together.ts";
import { bySku } from "./by-sku.ts";
import { HoldBatches } from "./hold-batches.ts";
import { LooksTogether } from "./looks-together.ts";

export interface HotLevel extends LevelKey {
  onHand: number;
  /** What checkouts have, and sales have not sold yet. */
  reserved: number;
  sellable: boolean;
  /** What others are about to get and PostgreSQL has not judged yet. */
  held: number;
  /** What is pending is taken off. Negative where fewer lie there than are promised. */
  available: number;
}

export interface ProposedLine extends LevelKey {
  quantity: number;
}

export type Proposal =
  | { ok: true }
  /** The levels that lack, and what they have. */
  | { ok: false; short: (LevelKey & { available: number })[] };

/** A reservation that PostgreSQL has judged, whichever way, and the SKUs that were proposed for it. */
export interface Judged {
  reservationId: string;
  skus: Iterable<string>;
}

export class HotStock {
  readonly #truth: Truth;
  readonly #hotStore: HotStore;
  readonly #reads: ReadsTogether<LevelRow[]>;
  readonly #batches = new HoldBatches((sku, holds) => this.#asked(sku, (store) => store.hold(holds)));
  readonly #looks = new LooksTogether(async (sku) => {
    const looks = await this.#asked(sku, (store) => store.look());
    return looks.map((look) => levelOf(sku, look));
  });
  /** Loads under way, by SKU: one serves everybody who waits for it. */
  readonly #loads = new Map<string, { token: string; done: Promise<void> }>();
  /** The scripts of the SKUs that were asked for; all go when there are too many. */
  readonly #stores = new Map<string, StockStore>();
  #truthName: string | null = null;
  #naming: Promise<string> | null = null;

  constructor({ truth, hotStore }: { truth: Truth; hotStore: HotStore }) {
    this.#truth = truth;
    this.#hotStore = hotStore;
    this.#reads = new ReadsTogether(async (skus) => bySku(await readLevelsOf(truth, skus)), {
      batchMax: STOCK_BATCH_MAX,
    });
  }

  /**
   * Every level of these SKUs; of an unknown SKU none. What is not there is loaded from the truth.
   * @throws HotStoreAway, or the truth's error where something is to be loaded
   */
  async look(skus: readonly string[]): Promise<Map<string, readonly HotLevel[]>> {
    const levels = new Map<string, readonly HotLevel[]>();
    const unique = [...new Set(skus)];
    const looks = await Promise.all(unique.map((sku) => this.#looks.of(sku)));
    for (let i = 0; i < unique.length; i += 1) levels.set(unique[i]!, looks[i]!);
    return levels;
  }

  /**
   * Holds all lines of a reservation for some seconds, or none of them. Whoever proposes has PostgreSQL judge and
   * then settles; who dies in between has held for STOCK_PENDING_MS. Proposing again replaces what was proposed.
   * @throws HotStoreAway, having held nothing or for some seconds; or the truth's error where something is to be loaded
   */
  async propose(reservationId: string, lines: readonly ProposedLine[]): Promise<Proposal> {
    const groups = bySku(lines);
    const answers = await Promise.allSettled(
      [...groups].map(async ([sku, lines]) => ({
        sku,
        outcome: await this.#batches.hold(sku, { reservationId, lines }),
      })),
    );
    const short: (LevelKey & { available: number })[] = [];
    for (const answer of answers) {
      if (answer.status === "rejected" || answer.value.outcome.ok) continue;
      const { sku, outcome } = answer.value;
      short.push(...outcome.short.map((level) => ({ sku, ...level })));
    }
    const broken = answers.find((answer) => answer.status === "rejected");
    if (short.length === 0 && broken === undefined) return { ok: true };
    await this.settle([{ reservationId, skus: groups.keys() }], []);
    // What is short is short, whether or not the other SKUs could be asked.
    if (short.length === 0 && broken !== undefined) throw broken.reason;
    return { ok: false, short };
  }

  /**
   * PostgreSQL has judged these reservations and left these levels (rowsLeft says which): what was held for them is
   * no longer, and the levels are mirrored. Stores that are away are nothing to whoever has committed: the worker's
   * follower mirrors the rows, and what is held passes.
   */
  async settle(judged: readonly Judged[], levels: readonly MirroredLevel[]): Promise<void> {
    try {
      await this.mirror(judged, levels);
    } catch (error) {
      if (!(error instanceof HotStoreAway)) throw error;
    }
  }

  /** As `settle`, for those who try again. @throws HotStoreAway when some of it was not told; the rest was */
  async mirror(judged: readonly Judged[], levels: readonly MirroredLevel[]): Promise<void> {
    const rows = bySku(levels);
    const ended = new Map<string, string[]>();
    for (const { reservationId, skus } of judged) {
      for (const sku of skus) {
        const ids = ended.get(sku);
        if (ids === undefined) ended.set(sku, [reservationId]);
        else ids.push(reservationId);
      }
    }
    await allOf([...new Set([...rows.keys(), ...ended.keys()])], async (sku) => {
      const store = await this.store(sku);
      await store.settle(ended.get(sku) ?? [], rows.get(sku) ?? []);
    });
  }

  /** Forgets what is mirrored of these SKUs; whoever asks next loads it anew. @throws HotStoreAway */
  async drop(skus: readonly string[]): Promise<void> {
    await allOf(skus, async (sku) => (await this.store(sku)).drop());
  }

  /** Forgets what is shown of these SKUs. @throws HotStoreAway */
  async dropShown(skus: readonly string[]): Promise<void> {
    await allOf(skus, async (sku) => (await this.store(sku)).drop(true));
  }

  /** The scripts of a SKU. @throws the truth's error until it has once said who it is */
  async store(sku: string): Promise<StockStore> {
    if (this.#truthName === null) {
      this.#naming ??= readTruthName(this.#truth).finally(() => {
        this.#naming = null;
      });
      this.#truthName = await this.#naming;
    }
    return this.#storeOf(sku, this.#truthName);
  }

  #storeOf(sku: string, truth: string): StockStore {
    const known = this.#stores.get(sku);
    if (known !== undefined) return known;
    if (this.#stores.size >= STOCK_STORES_MAX) this.#stores.clear();
    const store = this.#hotStore.stock({ sku, truth });
    this.#stores.set(sku, store);
    return store;
  }

  async #asked<Value>(sku: string, ask: (store: StockStore) => Promise<StockAnswer<Value>>): Promise<Value> {
    const store = await this.store(sku);
    for (let tries = 0; tries < STOCK_LOAD_TRIES_MAX; tries += 1) {
      const answer = await ask(store);
      if (answer.ok) return answer.value;
      await this.#load(sku, store, answer.load);
    }
    throw new HotStoreAway("what was loaded is dropped again and again", "nothing");
  }

  #load(sku: string, store: StockStore, token: string): Promise<void> {
    const underWay = this.#loads.get(sku);
    // Another token is another load: its rows must be read after it began.
    if (underWay?.token === token) return underWay.done;
    const done = this.#bring(sku, store, token).finally(() => {
      if (this.#loads.get(sku)?.token === token) this.#loads.delete(sku);
    });
    this.#loads.set(sku, { token, done });
    return done;
  }

  async #bring(sku: string, store: StockStore, token: string): Promise<void> {
    await store.load(token, (await this.#reads.of(sku)) ?? []);
  }
}

function levelOf(
  sku: string,
  { locationId, onHand, allocated, reserved, safetyStock, sellable, held }: StockLook,
): HotLevel {
  const available = sellable ? onHand - allocated - reserved - safetyStock - held : 0;
  return { sku, locationId, onHand, reserved, sellable, available, held };
}

/** Does something for each SKU, as far as it goes. @throws the first error, after all have ended */
async function allOf(skus: readonly string[], act: (sku: string) => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(skus.map(act));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
