// Makes the ids that say where a thing lives. Entry ids are deterministic, so that every retry, gateway
// and journal names the same entry; hold ids are random and never reused.
import { randomBytes, randomInt } from "node:crypto";
import {
  type EntryId,
  entryIdOf,
  type HoldId,
  holdIdOf,
  type SaleTag,
  type Shopper,
  type ShopperKey,
} from "@dropgate/contracts/ids";
import { HmacSha256 } from "./hmac.ts";

/** What of a sale the ids are made with. `idKey` is 32 bytes that never leave the servers. */
export interface IdSource {
  tag: SaleTag;
  idKey: Uint8Array;
  laneCount: number;
}

/** Who somebody is within one sale: the card's field name and the lane it lies in. */
export interface PlaceOfShopper {
  shopperKey: ShopperKey;
  lane: number;
}

const DIGEST_BYTES = 16;

/** By the sale's key, so that its blocks are prepared once. */
const hmacs = new WeakMap<Uint8Array, HmacSha256>();

function hmacOf(idKey: Uint8Array): HmacSha256 {
  let hmac = hmacs.get(idKey);
  if (!hmac) {
    hmac = new HmacSha256(idKey);
    hmacs.set(idKey, hmac);
  }
  return hmac;
}

/** The key of a shopper's card, and the lane: the same for every attempt, so one shopper is one card. */
export function placeOfShopper(sale: IdSource, shopper: Shopper): PlaceOfShopper {
  const digest = hmacOf(sale.idKey).digest(`shopper\n${shopper}`);
  return {
    shopperKey: digest.toString("base64url", 0, DIGEST_BYTES) as ShopperKey,
    lane: digest.readUInt32BE(0) % sale.laneCount,
  };
}

/**
 * The id of a shopper's nth attempt in a sale.
 * @param attempt 1, 2, …
 */
export function entryIdFor(sale: IdSource, lane: number, shopper: Shopper, attempt: number): EntryId {
  const digest = hmacOf(sale.idKey)
    .digest(`entry\n${attempt}\n${shopper}`)
    .toString("base64url", 0, DIGEST_BYTES);
  return entryIdOf(sale.tag, lane, digest);
}

/** Of many ids: asking the system is most of what one costs. */
const CHANCE_BYTES = 256 * DIGEST_BYTES;
let chances = Buffer.alloc(0);
let usedBytes = 0;

/** 128 bits that nobody can guess. */
function chance(): string {
  if (usedBytes >= chances.length) {
    chances = randomBytes(CHANCE_BYTES);
    usedBytes = 0;
  }
  usedBytes += DIGEST_BYTES;
  return chances.toString("base64url", usedBytes - DIGEST_BYTES, usedBytes);
}

/** A fresh hold id for a unit of that lane's pool. */
export function newHoldId(tag: SaleTag, lane: number): HoldId {
  return holdIdOf(tag, lane, chance());
}

export function newAdjustmentId(): string {
  return `adj_${chance()}`;
}
export function newReservationId(): string {
  return `res_${chance()}`;
}
export function newReconciliationId(): string {
  return `rec_${chance()}`;
}
export function newWmsRequestId(): string {
  return `wms_${chance()}`;
}
export function newTransferId(): string {
  return `trf_${chance()}`;
}
export function newBackorderId(): string {
  return `back_${chance()}`;
}
export function newAlertId(): string {
  return `alert_${chance()}`;
}

const TAG_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** A new sale's tag: one of 2^30, made unique by the table. */
export function newSaleTag(): SaleTag {
  let tag = "";
  for (let i = 0; i < 6; i++) tag += TAG_LETTERS[randomInt(TAG_LETTERS.length)];
  return tag as SaleTag;
}
