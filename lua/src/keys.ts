// Every key and channel of the hot store. The first word in braces is the hash tag: all of a lane lies in
// one slot and all of a sale's own copies in another, so a script never reaches across two servers.
import type { SaleId } from "@dropgate/contracts/ids";

/** How keys and cards are laid out. A lane that was filled under another layout is fenced. */
export const LAYOUT = 1;

export interface LanePlace {
  saleId: SaleId;
  lane: number;
}

/** What lies in one slot: a lane, or the sale's own copies. */
export type SlotPlace = LanePlace | { saleId: SaleId; lane?: undefined };

export interface EpochPlace extends LanePlace {
  epoch: number;
}

/** The names by which script headers call a lane's keys. */
export const LANE_KEY_NAMES = [
  "lane",
  "arrivals",
  "cards",
  "pool",
  "taken",
  "pending",
  "attempts",
  "news",
] as const;
export type LaneKeyName = (typeof LANE_KEY_NAMES)[number];
/** The same for the sale's own slot. */
export const SALE_KEY_NAMES = ["sale", "saleNews"] as const;
export type SaleKeyName = (typeof SALE_KEY_NAMES)[number];
/** The same for the slot of a SKU's stock. */
export const STOCK_KEY_NAMES = ["stockLevels", "stockPending", "display", "filling"] as const;
export type StockKeyName = (typeof STOCK_KEY_NAMES)[number];
export type KeyName = LaneKeyName | SaleKeyName | StockKeyName;

/** The hash tag that all keys of the place begin with, and by which a cluster finds their slot. */
export function slotTag({ saleId, lane }: SlotPlace): string {
  return lane === undefined ? `{${saleId}}` : `{${saleId}:${lane}}`;
}

/**
 * A lane's keys in one epoch. Only the pointer (`lane`) and the channel (`news`) outlive an epoch: a rebuild
 * fills new names and then flips the pointer, so nothing half-filled is ever read.
 */
export function laneKeys({ saleId, lane, epoch }: EpochPlace): Record<LaneKeyName, string> {
  const slot = slotTag({ saleId, lane });
  const inEpoch = `${slot}:${epoch}`;
  return {
    lane: `${slot}:lane`,
    arrivals: `${inEpoch}:arrivals`,
    cards: `${inEpoch}:cards`,
    pool: `${inEpoch}:pool`,
    taken: `${inEpoch}:taken`,
    pending: `${inEpoch}:pending`,
    attempts: `${inEpoch}:attempts`,
    news: laneChannel({ saleId, lane }),
  };
}

/** The shard channel on which a lane tells its gateways. */
export function laneChannel({ saleId, lane }: LanePlace): string {
  return `${slotTag({ saleId, lane })}:news`;
}

/** The sale's own keys: what was last published of it, and the channel where. */
export function saleKeys(saleId: SaleId): Record<SaleKeyName, string> {
  return { sale: `${slotTag({ saleId })}:sale`, saleNews: saleChannel(saleId) };
}

export function saleChannel(saleId: SaleId): string {
  return `${slotTag({ saleId })}:news`;
}

/** A SKU of one database. */
export interface StockPlace {
  sku: string;
  /** Names the database whose stock is mirrored: several may share a Redis, and all begin with revision 0. */
  truth: string;
}

/** A SKU may have any character, braces and colons too, so what tags its slot is an encoding of it. */
export function stockTag({ sku }: StockPlace): string {
  return `{stock:${Buffer.from(sku).toString("base64url")}}`;
}

/**
 * A SKU's keys on one server. What another server was told, or this one before it started anew, may have missed
 * changes: under the name of the one that is asked now it does not exist, and is loaded again from the truth.
 */
export function stockKeys(place: StockPlace, runId: string): Record<StockKeyName, string> {
  const here = `${stockTag(place)}:${place.truth}:${runId.slice(0, RUN_ID_CHARS)}`;
  return {
    stockLevels: `${here}:levels`,
    stockPending: `${here}:pending`,
    display: `${here}:display`,
    filling: `${here}:filling`,
  };
}

/** Of forty hex digits: two starts of one server share so many once in 2^48. */
const RUN_ID_CHARS = 12;
