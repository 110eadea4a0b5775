// The sales this gateway knows, by id and by tag: read from PostgreSQL when somebody first asks, then kept up
// to date by their channels and, because channels may lose a message, by a look every second or two. While
// PostgreSQL is away what is known goes on counting: joining and watching need no more.
import { SALE_RECHECK_MS, SALE_UNKNOWN_MS, SALES_UNKNOWN_MAX } from "@dropgate/contracts/limits";
import type { Phase } from "@dropgate/contracts/states/phase";
import { lowStockLine } from "@dropgate/contracts/stock-band";
import { addressOf } from "@dropgate/inventory/lanes";
import type { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import type { Truth } from "@dropgate/sql";
import { type LaneRow, readLanes } from "@dropgate/sql/lanes/lane-row";
import { readSale, readSaleByTag, readSaleVersions, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { countFreeUpTo, countUnits } from "@dropgate/sql/sales/stock";
import type { Live } from "../live/live.ts";
import { type KnownLane, KnownSale } from "./known-sale.ts";
import { stockOf } from "./stock-view.ts";

export interface RegistryParts {
  truth: Truth;
  hotStore: HotStore;
  live: Live;
  /** Whether there is a mail server by which those in line can be told. */
  tellsByMail: boolean;
  /** Told of what went wrong in the background. */
  onError: (error: unknown) => void;
}

export class SaleRegistry {
  readonly #parts: RegistryParts;
  readonly #byId = new Map<string, KnownSale>();
  readonly #byTag = new Map<string, KnownSale>();
  /** Ids and tags that nobody has, until when that is believed. */
  readonly #unknown = new Map<string, number>();
  readonly #loading = new Map<string, Promise<KnownSale | null>>();
  readonly #rereading = new Map<KnownSale, Promise<void>>();
  readonly #lanesReading = new Map<KnownSale, Promise<void>>();
  readonly #laneChangeListeners = new Set<(sale: KnownSale) => void>();
  #timer: NodeJS.Timeout | null = null;
  #checking = false;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    parts.live.listen({
      onBehind: (sale) => this.#inBackground(this.reread(sale)),
      onEpoch: (sale) => this.#inBackground(this.refreshLanes(sale)),
    });
  }

  /** Begins the looks; `stop` ends them. */
  start(): void {
    this.#timer = setInterval(() => this.#inBackground(this.#recheck()), SALE_RECHECK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Called whenever a sale's lanes were read again and a lane's epoch or stored number differs. */
  onLanes(listener: (sale: KnownSale) => void): void {
    this.#laneChangeListeners.add(listener);
  }

  known(): Iterable<KnownSale> {
    return this.#byId.values();
  }

  /** A sale that is known already. */
  peek(saleId: string): KnownSale | null {
    return this.#byId.get(saleId) ?? null;
  }

  /** A sale by its id, at once when it is known; null when there is none. @throws when PostgreSQL is away */
  find(saleId: string): KnownSale | null | Promise<KnownSale | null> {
    return this.#byId.get(saleId) ?? this.#load(`id ${saleId}`, (truth) => readSale(truth, saleId));
  }

  /** The same by the tag that stands in entry and hold ids. */
  findByTag(tag: string): KnownSale | null | Promise<KnownSale | null> {
    return this.#byTag.get(tag) ?? this.#load(`tag ${tag}`, (truth) => readSaleByTag(truth, tag));
  }

  /** Takes in a row that somebody read or wrote; @returns the sale, its lanes read when it is new here */
  async take(row: SaleRow): Promise<KnownSale> {
    const there = this.#byId.get(row.id);
    this.#unknown.delete(`id ${row.id}`);
    if (there) {
      const before = there.version;
      there.takeRow(row);
      if (there.version > before) await this.#retell(there);
      return there;
    }
    return this.#add(row);
  }

  /** Reads the sale's row again; many callers at once share one look. */
  reread(sale: KnownSale): Promise<void> {
    return once(this.#rereading, sale, async () => {
      const { truth, hotStore, live } = this.#parts;
      const told = hotStore.ready ? await readTold(hotStore, sale) : null;
      const serving = told !== null && sale.takeTold(told).serving;
      const row = await readSale(truth, sale.id);
      if (row === null) return;
      sale.takeRow(row);
      await this.#retell(sale);
      if (serving) live.tellServing(sale);
    });
  }

  /** Reads where the sale's lanes are; many callers at once share one look. */
  refreshLanes(sale: KnownSale): Promise<void> {
    return once(this.#lanesReading, sale, async () => {
      this.#takeLanes(sale, await readLanes(this.#parts.truth, [sale.id]));
    });
  }

  async #load(name: string, read: (truth: Truth) => Promise<SaleRow | null>): Promise<KnownSale | null> {
    const until = this.#unknown.get(name);
    if (until !== undefined && until > performance.now()) return null;
    let loading = this.#loading.get(name);
    if (!loading) {
      loading = this.#loadNow(name, read).finally(() => this.#loading.delete(name));
      this.#loading.set(name, loading);
    }
    return loading;
  }

  async #loadNow(name: string, read: (truth: Truth) => Promise<SaleRow | null>): Promise<KnownSale | null> {
    const row = await read(this.#parts.truth);
    if (row !== null) return this.take(row);
    if (this.#unknown.size >= SALES_UNKNOWN_MAX) this.#unknown.clear();
    this.#unknown.set(name, performance.now() + SALE_UNKNOWN_MS);
    return null;
  }

  async #add(row: SaleRow): Promise<KnownSale> {
    const { truth, hotStore, live } = this.#parts;
    const lanes = await readLanes(truth, [row.id]);
    const meanwhile = this.#byId.get(row.id);
    if (meanwhile) {
      meanwhile.takeRow(row);
      return meanwhile;
    }
    const tellsByMail = this.#parts.tellsByMail && row.kind !== "rush" && !row.rehearsal;
    const sale = new KnownSale(row, lanes.map(knownLane), tellsByMail);
    this.#byId.set(row.id, sale);
    this.#byTag.set(row.tag, sale);
    if (isWatched(sale)) live.follow(sale);
    await this.#readStock(sale);
    const told = hotStore.ready ? await readTold(hotStore, sale) : null;
    if (told !== null) sale.takeTold(told);
    return sale;
  }

  /** A sale that was removed. */
  forget(saleId: string): void {
    const sale = this.#byId.get(saleId);
    if (sale) this.#forget(sale);
  }

  #forget(sale: KnownSale): void {
    this.#byId.delete(sale.id);
    this.#byTag.delete(sale.tag);
    this.#parts.live.leave(sale);
  }

  /** After the row changed: its stock's band may be another, and who watches is told. */
  async #retell(sale: KnownSale): Promise<void> {
    await this.#readStock(sale);
    this.#parts.live.tellSale(sale);
  }

  async #readStock(sale: KnownSale): Promise<boolean> {
    const { truth } = this.#parts;
    const { quantity } = sale.row;
    const counted = await countFreeUpTo(truth, sale.id, lowStockLine(quantity));
    if (sale.phase === "closed" && !sale.allSold) {
      sale.allSold = (await countUnits(truth, sale.id)).sold === quantity;
    }
    sale.stockMoves = SELLING.has(sale.phase) || (sale.phase === "closed" && counted.someHeld);
    const before = sale.stock;
    sale.stock = stockOf({ phase: sale.phase, quantity }, counted);
    return before.status !== sale.stock.status || before.message !== sale.stock.message;
  }

  #takeLanes(sale: KnownSale, rows: readonly LaneRow[]): void {
    let changed = false;
    for (const row of rows) {
      const there = sale.lanes[row.lane];
      const next = knownLane(row);
      if (
        !there ||
        there.epoch !== next.epoch ||
        there.storedSeq !== next.storedSeq ||
        (there.address === null) !== (next.address === null) ||
        there.address?.runId !== next.address?.runId
      ) {
        changed = true;
      }
      sale.lanes[row.lane] = next;
    }
    if (changed) for (const tell of this.#laneChangeListeners) tell(sale);
  }

  /** One look at everything that is open, in a few statements whatever the number of sales. */
  async #recheck(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    try {
      const { truth, live } = this.#parts;
      const open = [...this.#byId.values()].filter((sale) => live.follows(sale));
      if (open.length === 0) return;
      const ids = open.map((sale) => sale.id);
      const [versions, lanes] = await Promise.all([readSaleVersions(truth, ids), readLanes(truth, ids)]);
      // Only rehearsals are ever removed.
      const there = new Set(versions.map(({ id }) => id));
      for (const sale of open) if (!there.has(sale.id)) this.#forget(sale);
      for (const { id, version } of versions) {
        const sale = this.#byId.get(id);
        if (sale && version > sale.row.version) await this.reread(sale);
      }
      for (const sale of open) {
        if (!there.has(sale.id)) continue;
        this.#takeLanes(
          sale,
          lanes.filter((row) => row.saleId === sale.id),
        );
        if (sale.stockMoves && (await this.#readStock(sale))) live.tellSale(sale);
        if (!isWatched(sale)) live.leave(sale);
      }
    } finally {
      this.#checking = false;
    }
  }

  #inBackground(work: Promise<void>): void {
    work.catch(this.#parts.onError);
  }
}

const SELLING: ReadonlySet<Phase> = new Set(["live", "paused", "sold_out"]);
const CLOSED_WATCHED_MS = 86_400_000;

/** A closed sale is watched for another day: holds that live on may still be confirmed, orders cancelled. */
function isWatched(sale: KnownSale): boolean {
  return sale.phase !== "closed" || sale.row.closesAt.getTime() > Date.now() - CLOSED_WATCHED_MS;
}

function knownLane(row: LaneRow): KnownLane {
  return { lane: row.lane, epoch: row.epoch, address: addressOf(row), storedSeq: row.lastSeq };
}

/** What was told last; null when nothing was, or Redis is away: the next message will tell. */
async function readTold(
  hotStore: HotStore,
  sale: KnownSale,
): ReturnType<ReturnType<HotStore["sale"]>["read"]> {
  try {
    return await hotStore.sale(sale.id).read();
  } catch (error) {
    if (error instanceof HotStoreAway) return null;
    throw error;
  }
}

/** Runs `work` unless it runs already; everybody gets the same end. */
function once<Key>(running: Map<Key, Promise<void>>, key: Key, work: () => Promise<void>): Promise<void> {
  let promise = running.get(key);
  if (!promise) {
    promise = work().finally(() => running.delete(key));
    running.set(key, promise);
  }
  return promise;
}
