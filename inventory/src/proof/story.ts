// The teller of a story about a sale: moves entries, holds and units together and writes each move down, as a
// sale would, in memory. Not by the statements that the checks are to judge.
import { createHash, createHmac, randomBytes } from "node:crypto";
import type { EntryId, HoldId, SaleId, ShopperKey } from "@dropgate/contracts/ids";
import { merchantShopper } from "@dropgate/contracts/ids";
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { HoldState } from "@dropgate/contracts/states/hold";
import { entryIdFor, type IdSource, newHoldId, newSaleTag, placeOfShopper } from "../ids.ts";
import type { LedgerEntry, StoryRows } from "./write-story.ts";

export interface StoryEntry {
  entryId: EntryId;
  shopper: string;
  shopperKey: ShopperKey;
  lane: number;
  seq: number;
  attempt: number;
  bucket: number;
  ticket: number;
  state: StoredEntryState;
  rev: number;
  misses: number;
  holdId: HoldId | null;
}

export interface StoryHold {
  holdId: HoldId;
  entry: StoryEntry;
  unit: number;
  state: HoldState;
  rev: number;
  claimedAt: number | null;
  endedAt: number | null;
  orderId: string | null;
  replaces: HoldId | null;
}

export interface StoryUnit {
  unit: number;
  lane: number;
  state: "free" | "held" | "sold" | "returned";
  holdId: HoldId | null;
}

export const QUANTITY = 8;
export const POOLS = 2;
const LANES = 4;
/** As the sale was created. */
export const RATE = { ratePerSecond: 2, burst: 4 };

/** Times are seconds after the sale was created. */
export class Story {
  readonly saleId = `proof-${randomBytes(6).toString("hex")}` as SaleId;
  readonly units: StoryUnit[];
  private readonly ids: IdSource;
  private readonly secret = randomBytes(32);
  private readonly entries: StoryEntry[] = [];
  private readonly holds: StoryHold[] = [];
  private readonly ledger: LedgerEntry[] = [];
  private readonly buckets: StoryRows["buckets"] = [];
  private readonly ranges: StoryRows["ranges"] = [];
  private readonly lastSeq: number[] = Array.from({ length: LANES }, () => 0);
  private serving = 0;
  private orders = 0;
  /** Rows of one number were written by one transaction. */
  private tx = 0;

  constructor() {
    this.ids = { tag: newSaleTag(), idKey: randomBytes(32), laneCount: LANES };
    this.units = Array.from({ length: QUANTITY }, (_, i) => ({
      unit: i + 1,
      lane: i % POOLS,
      state: "free",
      holdId: null,
    }));
  }

  rows(): StoryRows {
    return {
      saleId: this.saleId,
      ids: this.ids,
      secret: this.secret,
      quantity: QUANTITY,
      poolCount: POOLS,
      rate: { ratePerSecond: 5, burst: 6 },
      serving: this.serving,
      entries: this.entries,
      holds: this.holds,
      units: this.units,
      ledger: this.ledger,
      buckets: this.buckets,
      ranges: this.ranges,
      lastSeq: this.lastSeq,
    };
  }

  entryOf(ticket: number): StoryEntry {
    const entry = this.entries.find((one) => one.ticket === ticket);
    if (entry === undefined) throw new Error(`nobody has ticket ${ticket}`);
    return entry;
  }

  holdOf(ticket: number, nth?: number): StoryHold {
    const holds = this.holds.filter((hold) => hold.entry.ticket === ticket);
    const hold = nth === undefined ? holds.at(-1) : holds[nth - 1];
    if (hold === undefined) throw new Error(`ticket ${ticket} has no such hold`);
    return hold;
  }

  append(at: number, act: string, more: Partial<LedgerEntry> = {}, tx = ++this.tx): void {
    this.ledger.push({
      tx,
      at,
      act,
      unit: null,
      holdId: null,
      entryId: null,
      actor: "worker",
      data: {},
      ...more,
    });
  }

  /** Everybody joins the open bucket, which is then closed, frozen and drawn. */
  joinAndDraw(at: number, names: readonly string[], recovered = false): void {
    const bucket = this.buckets.length;
    const from = [...this.lastSeq];
    for (const name of names) this.join(bucket, name);
    for (let lane = 0; lane < LANES; lane++) {
      this.ranges.push({ bucket, lane, fromSeq: from[lane] ?? 0, toSeq: this.nextSeq(lane) });
    }
    const list = this.entries
      .filter((entry) => entry.bucket === bucket)
      .toSorted((a, b) => a.lane - b.lane || a.seq - b.seq);
    const digest = createHash("sha256")
      .update(list.map(({ entryId }) => `${entryId}\n`).join(""))
      .digest();
    const text = `${this.saleId}|${bucket}|${digest.toString("hex")}|`;
    const seed = createHmac("sha256", this.secret).update(text).digest();
    const keyOf = ({ entryId }: StoryEntry): string =>
      createHash("sha256")
        .update(Buffer.concat([seed, Buffer.from(entryId)]))
        .digest("hex");
    const firstTicket = this.entries.length - list.length + 1;
    for (const [i, entry] of list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).entries()) {
      entry.ticket = firstTicket + i;
    }
    this.buckets.push({ bucket, count: list.length, digest, seed, firstTicket, recovered });
    this.append(at, "bucket.frozen", {
      data: { bucket, count: list.length, digest: digest.toString("hex") },
    });
    this.append(at, "bucket.drawn", { data: { bucket, firstTicket, count: list.length } });
  }

  private nextSeq(lane: number): number {
    const seq = (this.lastSeq[lane] ?? 0) + 1;
    this.lastSeq[lane] = seq;
    return seq;
  }

  private join(bucket: number, name: string): void {
    const shopper = merchantShopper(name);
    const { shopperKey, lane } = placeOfShopper(this.ids, shopper);
    const attempt = this.entries.filter((entry) => entry.shopper === shopper).length + 1;
    this.entries.push({
      entryId: entryIdFor(this.ids, lane, shopper, attempt),
      shopper,
      shopperKey,
      lane,
      seq: this.nextSeq(lane),
      attempt,
      bucket,
      ticket: 0,
      state: "waiting",
      rev: 0,
      misses: 0,
      holdId: null,
    });
  }

  /**
   * One admission tick: who came back first, then the next tickets, as far as units and `count` go.
   * @returns the tickets that got their first offer
   */
  tick(at: number, count: number): number[] {
    const tx = ++this.tx;
    const offered: number[] = [];
    let left = count;
    for (const entry of this.entries.filter((one) => one.ticket <= this.serving && one.state === "waiting")) {
      this.offer(at, tx, entry, true);
      left--;
    }
    while (
      left > 0 &&
      this.serving < this.entries.length &&
      this.units.some((unit) => unit.state === "free")
    ) {
      const entry = this.entryOf(++this.serving);
      if (entry.state !== "waiting") continue;
      if (this.holds.some((hold) => hold.entry.shopper === entry.shopper && hold.state === "confirmed")) {
        this.moveEntry(entry, "left");
        this.append(at, "entry.limit", { entryId: entry.entryId }, tx);
        continue;
      }
      this.offer(at, tx, entry, false);
      offered.push(entry.ticket);
      left--;
    }
    return offered;
  }

  private offer(at: number, tx: number, entry: StoryEntry, rejoin: boolean): void {
    const unit = this.units.find((one) => one.state === "free");
    if (unit === undefined) throw new Error("the story has no unit left");
    const hold = this.makeHold(entry, unit, "offered");
    this.moveEntry(entry, "offered", hold.holdId);
    const data = { ticket: entry.ticket, slot: 1, rejoin };
    this.append(at, "offered", { unit: unit.unit, holdId: hold.holdId, entryId: entry.entryId, data }, tx);
  }

  private makeHold(entry: StoryEntry, unit: StoryUnit, state: "offered" | "confirmed"): StoryHold {
    const hold: StoryHold = {
      holdId: newHoldId(this.ids.tag, unit.lane),
      entry,
      unit: unit.unit,
      state,
      rev: 1,
      claimedAt: null,
      endedAt: null,
      orderId: null,
      replaces: null,
    };
    this.holds.push(hold);
    unit.state = state === "confirmed" ? "sold" : "held";
    unit.holdId = hold.holdId;
    return hold;
  }

  private moveEntry(entry: StoryEntry, to: StoredEntryState, holdId?: HoldId): void {
    entry.state = to;
    entry.rev++;
    if (holdId !== undefined) entry.holdId = holdId;
  }

  /** One act on the latest hold of a ticket's entry. Null leaves unit or entry as they are. */
  act(
    at: number,
    act: string,
    ticket: number,
    to: HoldState,
    unitTo: "free" | "sold" | null,
    entryTo: StoredEntryState | null,
    data: Record<string, unknown> = {},
  ): void {
    const hold = this.holdOf(ticket);
    hold.state = to;
    hold.rev++;
    if (act === "claimed") hold.claimedAt = at;
    const unit = this.units[hold.unit - 1];
    if (unitTo !== null && unit !== undefined) {
      unit.state = unitTo;
      unit.holdId = unitTo === "sold" ? hold.holdId : null;
      if (unitTo === "free") hold.endedAt = at;
    }
    if (entryTo !== null) this.moveEntry(hold.entry, entryTo);
    const { entryId } = hold.entry;
    this.append(at, act, { unit: hold.unit, holdId: hold.holdId, entryId, actor: "shopper", data });
  }

  claim(at: number, ticket: number): void {
    this.act(at, "claimed", ticket, "active", null, "held");
  }

  confirm(at: number, ticket: number): void {
    const orderId = `${this.saleId}-order-${++this.orders}`;
    this.holdOf(ticket).orderId = orderId;
    this.act(at, "confirmed", ticket, "confirmed", "sold", "purchased", { orderId });
  }

  cancel(at: number, ticket: number): void {
    const { orderId } = this.holdOf(ticket);
    this.act(at, "cancelled", ticket, "cancelled", "free", "released", { orderId });
  }

  end(at: number, act: "released" | "expired", ticket: number, entryTo: StoredEntryState): void {
    this.act(at, act, ticket, act, "free", entryTo);
  }

  lapse(at: number, ticket: number): void {
    this.entryOf(ticket).misses++;
    this.act(at, "lapsed", ticket, "expired", "free", "missed");
  }

  rejoin(at: number, ticket: number): void {
    const entry = this.entryOf(ticket);
    this.moveEntry(entry, "waiting");
    this.append(at, "entry.rejoined", { entryId: entry.entryId, actor: "shopper" });
  }

  leave(at: number, ticket: number): void {
    const entry = this.entryOf(ticket);
    this.moveEntry(entry, "left");
    this.nextSeq(entry.lane);
    this.append(at, "entry.left", { entryId: entry.entryId, actor: "shopper" });
  }

  /** The shop confirms after the window; the very unit is still free. */
  confirmLate(at: number, ticket: number): void {
    const old = this.holdOf(ticket);
    const unit = this.units[old.unit - 1];
    if (unit === undefined || unit.state !== "free") throw new Error(`unit ${old.unit} is gone`);
    const hold = this.makeHold(old.entry, unit, "confirmed");
    hold.orderId = `${this.saleId}-order-${++this.orders}`;
    hold.claimedAt = old.claimedAt;
    hold.replaces = old.holdId;
    this.moveEntry(old.entry, "purchased", hold.holdId);
    const { entryId } = old.entry;
    const data = { replaces: old.holdId, orderId: hold.orderId };
    this.append(at, "replaced", { unit: hold.unit, holdId: hold.holdId, entryId, actor: "merchant", data });
  }

  /** Live holds end, free units go back to stock. */
  close(at: number): void {
    this.append(at, "sale.phase", { data: { from: "live", to: "closed" } });
    for (const hold of this.holds) {
      if (hold.state === "active") this.end(at, "expired", hold.entry.ticket, "expired");
    }
    const tx = ++this.tx;
    for (const unit of this.units) {
      if (unit.state !== "free") continue;
      unit.state = "returned";
      this.append(at, "returned", { unit: unit.unit }, tx);
    }
  }
}
