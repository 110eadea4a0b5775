// A sale as this gateway knows it: the row as it was read last, where its lanes are, and what was told of
// it since. One object a sale, changed in place by the registry and by what the sale's channel says.
import type { SaleId, SaleTag } from "@dropgate/contracts/ids";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { IdSource } from "@dropgate/inventory/ids";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { SaleTold } from "@dropgate/lua/sale-store";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";

export type StockStatus = "in_stock" | "low_stock" | "out_of_stock";

export interface Stock {
  status: StockStatus;
  message: string;
}

/** A lane as PostgreSQL's row says; `address` null while it is being rebuilt. */
export interface KnownLane {
  lane: number;
  epoch: number;
  address: LaneAddress | null;
  /** Arrivals of `epoch` up to here are rows. */
  storedSeq: number;
}

export class KnownSale {
  readonly id: SaleId;
  readonly tag: SaleTag;
  /** What ids are made with; never changes. */
  readonly ids: IdSource;
  /** Whether those in line can be told of their turn by mail; a rush has no line. */
  readonly tellsByMail: boolean;
  row: SaleRow;
  lanes: KnownLane[];
  /** The newest of the line: serving never falls, waiting and rate are the last that were told. */
  serving: number;
  waiting = 0;
  ratePerSecond: number;
  /** When `serving` was told, ms since 1970 by the server's clock. */
  toldAtMs: number;
  stock: Stock = { status: "in_stock", message: "In stock" };
  /** Every unit is sold for good: the outcome of whoever still waits. Known once the sale is closed. */
  allSold = false;
  /** Whether its stock may still move by itself: not before it sells, nor when all has ended. */
  stockMoves = true;
  #toldPhase: Phase;
  #toldVersion: number;
  /** Whether the channel has said anything yet: until then `toldAtMs` is another clock's. */
  #heard = false;

  constructor(row: SaleRow, lanes: KnownLane[], tellsByMail = false) {
    this.tellsByMail = tellsByMail;
    this.id = row.id as SaleId;
    this.tag = row.tag as SaleTag;
    this.ids = { tag: this.tag, idKey: row.idKey, laneCount: row.laneCount };
    this.row = row;
    this.lanes = lanes;
    this.serving = row.serving;
    this.ratePerSecond = row.ratePerSecond;
    this.toldAtMs = row.createdAt.getTime();
    this.#toldPhase = row.phase;
    this.#toldVersion = row.version;
  }

  /** The newest phase, from the row or the channel, whichever knows the later version. */
  get phase(): Phase {
    return this.#toldVersion > this.row.version ? this.#toldPhase : this.row.phase;
  }

  get version(): number {
    return Math.max(this.#toldVersion, this.row.version);
  }

  /** Whether the channel told of a version that the row does not have. */
  get isBehind(): boolean {
    return this.#toldVersion > this.row.version;
  }

  /** Takes in a row that was read; an older one than we have changes nothing. */
  takeRow(row: SaleRow): void {
    if (row.version < this.row.version) return;
    this.row = row;
    if (row.serving > this.serving) this.serving = row.serving;
  }

  /** Takes in what was told. @returns what changed */
  takeTold(told: SaleTold): { version: boolean; serving: boolean } {
    const version = told.version > this.version;
    if (told.version > this.#toldVersion) {
      this.#toldVersion = told.version;
      this.#toldPhase = told.phase;
    }
    const serving = told.serving > this.serving;
    const moved = serving || told.waiting !== this.waiting || told.ratePerSecond !== this.ratePerSecond;
    if (told.serving >= this.serving && (told.atMs >= this.toldAtMs || !this.#heard)) {
      this.#heard = true;
      this.waiting = told.waiting;
      this.ratePerSecond = told.ratePerSecond;
      this.toldAtMs = told.atMs;
    }
    if (serving) this.serving = told.serving;
    return { version, serving: moved };
  }
}
