// What the tests of sales that stand on the inventory play on: a product at two places, sales of it, offers made by
// hand, and what the level has to say by what units and orders say.
import { randomBytes } from "node:crypto";
import { type SaleCreate, saleCreateSchema } from "@dropgate/contracts/sale";
import type { Statements, Truth } from "@dropgate/sql";
import { readLevel } from "@dropgate/sql/levels/most-available";
import { lockSaleOrders } from "@dropgate/sql/reservations/sale-orders";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { actOnHolds, type HoldAsk } from "../holds/act.ts";
import { type ActedHold, type HoldOutcome } from "../holds/decide.ts";
import { newHoldId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import { insertPlaces } from "../levels/places.ts";
import { createSaleIn } from "./create.ts";

const AHEAD = "2200-01-01T00:00:00Z";

export class StockStage {
  readonly truth: Truth;
  readonly sku: string;

  /** @param sku a product of its own */
  constructor(truth: Truth, sku = `sku:${randomBytes(4).toString("hex")} {é}`) {
    this.truth = truth;
    this.sku = sku;
  }

  async stock(locationId: string, onHand: number): Promise<void> {
    const { sku } = this;
    await this.truth.transaction(async (tx) => {
      await insertPlaces(tx, [sku], [locationId]);
      await actOnLevelsIn(tx, [{ sku, locationId, deltas: { onHand }, type: "opening", actor: "test" }]);
    });
  }

  request(over: object = {}): SaleCreate {
    return saleCreateSchema.parse({
      title: "A sale",
      sku: this.sku,
      source: "inventory",
      quantity: 5,
      schedule: { drawAt: AHEAD, opensAt: AHEAD, closesAt: "2201-01-01T00:00:00Z" },
      ...over,
    });
  }

  create(over: object = {}): ReturnType<typeof createSaleIn> {
    return this.truth.transaction((tx) => createSaleIn(tx, this.request(over)));
  }

  async aSale(over: object = {}): Promise<SaleRow> {
    const created = await this.create(over);
    if (!created.ok) throw new Error(created.refusal);
    return created.value;
  }

  /** The hold of the lowest free unit, claimed by a shopper of its own; null when none is free. */
  async claimed(sale: SaleRow): Promise<string | null> {
    const name = randomBytes(6).toString("hex");
    const { rows } = await this.truth.query<{ unit: number; lane: number }>(
      "SELECT unit, lane FROM units WHERE sale_id = $1 AND state = 'free' ORDER BY unit LIMIT 1",
      [sale.id],
    );
    const free = rows[0];
    if (free === undefined) return null;
    const holdId = newHoldId(sale.tag as never, free.lane);
    await this.truth.query(
      `WITH entry AS (
         INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, state, bucket, seq, hold_id)
         SELECT $1, $2, 0, 'm:' || $1, $1, 1, 'held', 0, coalesce(max(seq), 0) + 1, $3 FROM entries WHERE sale_id = $2
       ), hold AS (
         INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, published_at, claim_by, claimed_at,
           expires_at)
         VALUES ($3, $2, $1, 'm:' || $1, $4, 1, 'active', now(), now(), now(), clock_timestamp() + interval '1 hour')
       ), told AS (
         INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor) VALUES ($2, 'attempted', $4, $3, $1, 'test')
       )
       UPDATE units SET state = 'held', hold_id = $3 WHERE sale_id = $2 AND unit = $4`,
      [name, sale.id, holdId, free.unit],
    );
    return holdId;
  }

  async act(holdId: string, act: HoldAsk["act"], orderId?: string): Promise<HoldOutcome> {
    const ask: HoldAsk = {
      holdId,
      act,
      actor: "merchant",
      entryId: null,
      ...(orderId !== undefined && { orderId }),
    };
    const [outcome] = await actOnHolds(this.truth, [ask]);
    if (outcome === undefined) throw new Error("one ask has one outcome");
    return outcome;
  }

  /** A hold that is confirmed under an order named after it. */
  async confirmed(sale: SaleRow): Promise<ActedHold> {
    const holdId = await this.claimed(sale);
    if (holdId === null) throw new Error("no unit is free");
    const outcome = await this.act(holdId, "confirm", `order ${holdId}`);
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.value;
  }

  pick(holdId: string): Promise<void> {
    return this.truth.transaction((tx) => this.pickIn(tx, holdId));
  }

  /** As a warehouse says it of an order that is allocated: its unit leaves the shelf. */
  async pickIn(tx: Statements, holdId: string): Promise<void> {
    const order = (await lockSaleOrders(tx, [holdId])).get(holdId);
    const line = order?.lines[0];
    if (order?.state !== "allocated" || line === undefined || line.picked > 0) return;
    await tx.query("UPDATE reservation_lines SET picked = 1 WHERE reservation_id = $1", [
      order.reservationId,
    ]);
    const { sku, locationId } = line;
    const deltas = { onHand: -1, allocated: -1 };
    const reference = { type: "reservation", id: order.reservationId };
    await actOnLevelsIn(tx, [{ sku, locationId, deltas, type: "event.picked", reference, actor: "test" }]);
  }

  /** What the level counts. */
  async level(locationId: string): Promise<{ reserved: number; allocated: number }> {
    const level = await readLevel(this.truth, this.sku, locationId);
    return { reserved: level?.reserved ?? 0, allocated: level?.allocated ?? 0 };
  }

  /** What it has to count: unsold units and orders not booked are reserved, booked ones that wait are allocated. */
  async owed(locationId: string): Promise<{ reserved: number; allocated: number }> {
    const { rows } = await this.truth.query<{ reserved: number; allocated: number }>(
      `SELECT (SELECT count(*) FROM units u JOIN sales s ON s.id = u.sale_id
           LEFT JOIN reservations r ON r.hold_id = u.hold_id AND r.state = 'allocated'
         WHERE s.sku = $1 AND s.location_id = $2 AND u.state <> 'returned' AND r.id IS NULL) AS reserved,
         (SELECT coalesce(sum(l.quantity - l.picked - l.released), 0) FROM reservation_lines l
           JOIN reservations r ON r.id = l.reservation_id
         WHERE l.sku = $1 AND l.location_id = $2 AND r.state = 'allocated') AS allocated`,
      [this.sku, locationId],
    );
    return rows[0] ?? { reserved: -1, allocated: -1 };
  }
}
