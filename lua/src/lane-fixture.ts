// What the tests of this folder share: a store on the run's Redis, and a filled lane of a sale of its own.
import { randomBytes } from "node:crypto";
import type { EntryId, HoldId, SaleId, Shopper, ShopperKey } from "@dropgate/contracts/ids";
import type { Card } from "./card.ts";
import { HotStore, type HotStoreOptions } from "./hot-store.ts";
import { type FlipState, FREE, type JoinOffer, type LaneAnswer } from "./lane-answers.ts";
import type { LaneStore } from "./lane-store.ts";

/** Connected, and ready. */
export async function openStore(options: HotStoreOptions): Promise<HotStore> {
  const store = new HotStore(options);
  await store.whenReady(5_000);
  return store;
}

/** A sale of the test's own, so that tests don't meet in one Redis. */
export function newSaleId(): SaleId {
  return `t${randomBytes(9).toString("base64url")}` as SaleId;
}

export function keyOf(name: string): ShopperKey {
  return name.padEnd(22, "_") as ShopperKey;
}

export function entryOf(name: string, attempt: number): EntryId {
  return `aaaaaa00-${`${name}${attempt}`.padEnd(22, "-")}` as EntryId;
}

export function holdOf(name: string): HoldId {
  return `aaaaaa00_${name.padEnd(22, "-")}` as HoldId;
}

export function joinOf(name: string, attempt = 1): JoinOffer {
  return { key: keyOf(name), entryId: entryOf(name, attempt), shopper: `c:${name}` as Shopper, attempt };
}

export const WAITING: Card = {
  attempt: 1,
  rev: 0,
  state: "waiting",
  leaveUnstored: false,
  misses: 0,
  bought: 0,
  bucket: 0,
  seq: 1,
  ticket: null,
  holdId: null,
  claimBy: null,
  expiresAt: null,
};

export const FRESH: FlipState = {
  phase: "lobby",
  version: 1,
  limitPerShopper: 1,
  bucket: 0,
  bucketHasArrivals: false,
  seq: 0,
  waiting: 0,
  settleMs: 0,
};

export interface LaneFixture {
  saleId: SaleId;
  lane: LaneStore;
  /** The same lane addressed in another epoch. */
  inEpoch: (epoch: number) => LaneStore;
}

/** A lane of a new sale, in epoch 1, with these units free. */
export async function fillLane(
  store: HotStore,
  state: Partial<FlipState> = {},
  units: readonly number[] = [],
): Promise<LaneFixture> {
  const saleId = newSaleId();
  const inEpoch = (epoch: number): LaneStore =>
    store.lane({ saleId, lane: 0, epoch, runId: store.runIdOf({ saleId, lane: 0 }) });
  const lane = inEpoch(1);
  valueOf(await lane.loadUnits(units.map((unit) => ({ unit, holder: FREE }))));
  valueOf(await lane.flip({ ...FRESH, ...state }));
  return { saleId, lane, inEpoch };
}

/** The value of an answer that must not be FENCED. */
export function valueOf<Value>(answer: LaneAnswer<Value>): Value {
  if (!answer.ok) throw new Error(`FENCED: the lane is in epoch ${answer.epoch ?? "none"}`);
  return answer.value;
}
