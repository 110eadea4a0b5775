// Every id that Dropgate makes says where it lives: a sale's tag and a lane stand at its front, so a
// process that was handed nothing but the id knows which hash slot and which sale to ask.

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A sale's public name, `[A-Za-z0-9_-]{1,64}`, chosen by the operator or made by us. */
export type SaleId = Branded<"SaleId">;
/** Six characters that stand for one sale inside entry and hold ids. */
export type SaleTag = Branded<"SaleTag">;
/** `<tag><lane>-<22 characters>`: the HMAC of shopper and attempt, so every retry names the same entry. */
export type EntryId = Branded<"EntryId">;
/** `<tag><lane>_<22 characters>`: random, never reused; the lane is that of the unit's pool. */
export type HoldId = Branded<"HoldId">;
/** 22 characters, HMAC of the shopper under the sale's key: the field name of the shopper's card. */
export type ShopperKey = Branded<"ShopperKey">;
/** Who a shopper is: `c:` and a random id (our cookie), or `m:` and the `sub` of the merchant's JWT. */
export type Shopper = Branded<"Shopper">;

export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
export const SALE_TAG_PATTERN = /^[a-z2-7]{6}$/;
const ENTRY_ID_PATTERN = /^([a-z2-7]{6})([0-9a-f]{2})-([A-Za-z0-9_-]{22})$/;
const HOLD_ID_PATTERN = /^([a-z2-7]{6})([0-9a-f]{2})_([A-Za-z0-9_-]{22})$/;

/** Where an entry or a hold lives. `lane` is 0…255. */
export interface Place {
  tag: SaleTag;
  lane: number;
}

function parsePlace(pattern: RegExp, id: string): Place | null {
  const match = pattern.exec(id);
  if (!match) return null;
  return { tag: match[1] as SaleTag, lane: Number.parseInt(match[2] as string, 16) };
}

/** The place an entry id names, or null when it is not one. */
export function placeOfEntry(id: string): Place | null {
  return parsePlace(ENTRY_ID_PATTERN, id);
}

/** The place a hold id names, or null when it is not one. */
export function placeOfHold(id: string): Place | null {
  return parsePlace(HOLD_ID_PATTERN, id);
}

function laneDigits(lane: number): string {
  if (!Number.isInteger(lane) || lane < 0 || lane > 255) throw new RangeError(`no such lane: ${lane}`);
  return lane.toString(16).padStart(2, "0");
}

/** @param digest 22 characters of base64url (128 bits and a few) */
export function entryIdOf(tag: SaleTag, lane: number, digest: string): EntryId {
  return `${tag}${laneDigits(lane)}-${digest}` as EntryId;
}

/** @param random 22 characters of base64url */
export function holdIdOf(tag: SaleTag, lane: number, random: string): HoldId {
  return `${tag}${laneDigits(lane)}_${random}` as HoldId;
}

/** The shopper that our own cookie names. */
export function cookieShopper(id: string): Shopper {
  return `c:${id}` as Shopper;
}

/** The shopper that a merchant's JWT names. The prefix keeps the two worlds from ever meeting. */
export function merchantShopper(sub: string): Shopper {
  return `m:${sub}` as Shopper;
}

/** What the outside calls this shopper: the pass's `sub`. */
export function subjectOf(shopper: Shopper): string {
  return shopper.slice(2);
}
