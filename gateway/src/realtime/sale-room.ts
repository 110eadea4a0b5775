// Everybody who is connected to one sale through this gateway: found by lane and shopper when a card changes,
// by band when the line moves, by shard when all are to be told something a few at a time.
import type { ShopperKey } from "@dropgate/contracts/ids";
import type { KnownSale } from "../sales/known-sale.ts";
import { BAND_INTERVALS_MS, type Band, bandOf } from "./cadence.ts";
import type { VisitorSocket } from "./visitor.ts";

/** In how many portions a whole sale is told something. */
export const SHARDS = 16;

export class SaleRoom {
  readonly sale: KnownSale;
  /** When each band heard last, and what: the line's figures as one text. */
  readonly heardAtMs: number[] = BAND_INTERVALS_MS.map(() => Number.NEGATIVE_INFINITY);
  readonly heard: string[] = BAND_INTERVALS_MS.map(() => "");
  readonly #byLane: Map<ShopperKey, Set<VisitorSocket>>[];
  readonly #bands: Set<VisitorSocket>[] = BAND_INTERVALS_MS.map(() => new Set());
  #nextShard = 0;
  size = 0;

  constructor(sale: KnownSale) {
    this.sale = sale;
    this.#byLane = Array.from({ length: sale.ids.laneCount }, () => new Map());
  }

  bandTopic(band: Band): string {
    return `serving/${this.sale.tag}/${band}`;
  }

  shardTopic(shard: number): string {
    return `sale/${this.sale.tag}/${shard}`;
  }

  add(socket: VisitorSocket): void {
    this.size++;
    const { own, band } = socket.data;
    if (own !== null) {
      const lane = this.#byLane[own.lane];
      const others = lane?.get(own.key);
      if (others) others.add(socket);
      else lane?.set(own.key, new Set([socket]));
    }
    this.#bands[band]?.add(socket);
    socket.subscribe(this.bandTopic(band));
    socket.subscribe(this.shardTopic(this.#nextShard++ % SHARDS));
  }

  remove(socket: VisitorSocket): void {
    this.size--;
    const { own, band } = socket.data;
    this.#bands[band]?.delete(socket);
    if (own === null) return;
    const lane = this.#byLane[own.lane];
    const sockets = lane?.get(own.key);
    sockets?.delete(socket);
    if (sockets?.size === 0) lane?.delete(own.key);
  }

  /** All connections of one shopper. */
  of(lane: number, key: ShopperKey): ReadonlySet<VisitorSocket> | undefined {
    return this.#byLane[lane]?.get(key);
  }

  /** The shoppers of a lane who are connected here. */
  keysOf(lane: number): ShopperKey[] {
    return [...(this.#byLane[lane]?.keys() ?? [])];
  }

  /** Puts a connection into the band that fits what it was told. */
  place(socket: VisitorSocket): void {
    const ticket = socket.data.told?.ticket ?? null;
    const position = ticket === null ? null : Math.max(0, ticket - this.sale.serving);
    const band = bandOf(position, this.sale.ratePerSecond, this.size);
    const before = socket.data.band;
    if (band === before) return;
    socket.data.band = band;
    this.#bands[before]?.delete(socket);
    this.#bands[band]?.add(socket);
    socket.unsubscribe(this.bandTopic(before));
    socket.subscribe(this.bandTopic(band));
  }

  /** After a band was told: those whose turn has come nearer move up. */
  replace(band: Band): void {
    for (const socket of [...(this.#bands[band] ?? [])]) this.place(socket);
  }
}
