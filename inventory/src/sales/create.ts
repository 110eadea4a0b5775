// A new sale: what is left open in the request is decided here, by PostgreSQL's clock, and written with
// lanes and units in one transaction.
import { randomBytes } from "node:crypto";
import { LANES_DEFAULT, POOLS_DEFAULT, STOCK_CHOICES_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { SaleCreate } from "@dropgate/contracts/sale";
import type { Statements } from "@dropgate/sql";
import { insertSale, type NewSale } from "@dropgate/sql/sales/insert-sale";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { newSaleTag } from "../ids.ts";
import { judgeSchedule } from "./schedule.ts";
import { chooseStock, takeStockIn } from "./stock.ts";

/** What is made by chance: passed in, so that the decision is the same for the same request. */
export interface SaleChances {
  id: string;
  tag: string;
  idKey: Uint8Array;
  secret: Uint8Array;
  /** Whether it is a copy for a dry run; not, unless said. */
  rehearsal?: boolean;
}

function newChances(): SaleChances {
  return {
    id: `sale_${randomBytes(9).toString("base64url")}`,
    tag: newSaleTag(),
    idKey: randomBytes(32),
    secret: randomBytes(32),
  };
}

/** Pure: the sale as it is to be written, or why it cannot be. Whence its units come is decided by the stock. */
export function decideSale(
  request: SaleCreate,
  chances: SaleChances,
  now: Date,
): Outcome<Omit<NewSale, "locationId">> {
  const poolCount = request.poolCount ?? Math.min(POOLS_DEFAULT, request.quantity);
  if (poolCount > request.quantity) {
    return refuse("INVALID_REQUEST", {
      errors: [{ pointer: "/poolCount", detail: "There cannot be more pools than units." }],
    });
  }
  const { schedule } = request;
  if (schedule.drawAt === undefined && request.kind !== "rush") {
    return refuse("INVALID_REQUEST", {
      errors: [{ pointer: "/schedule/drawAt", detail: "A lottery needs the time of its draw." }],
    });
  }
  const drawAt = new Date(schedule.drawAt ?? schedule.opensAt);
  const times = {
    lobbyAt: schedule.lobbyAt === undefined ? firstOf(now, drawAt) : new Date(schedule.lobbyAt),
    drawAt,
    opensAt: new Date(schedule.opensAt),
    closesAt: new Date(schedule.closesAt),
  };
  const judged = judgeSchedule(times, now);
  if (!judged.ok) return judged;
  return {
    ok: true,
    value: {
      id: request.id ?? chances.id,
      tag: chances.tag,
      idKey: chances.idKey,
      secret: chances.secret,
      rehearsal: chances.rehearsal ?? false,
      title: request.title,
      sku: request.sku,
      source: request.source,
      kind: request.kind,
      phase: times.lobbyAt <= now ? "lobby" : "scheduled",
      quantity: request.quantity,
      poolCount,
      laneCount: Math.max(LANES_DEFAULT, poolCount),
      limitPerShopper: request.limitPerShopper,
      identity: request.identity,
      challenge: request.challenge,
      beacon: request.beacon ?? null,
      imageUrl: request.imageUrl ?? null,
      price: request.price ?? null,
      description: request.description ?? null,
      checkoutUrl: request.checkoutUrl ?? null,
      ...times,
      claimWindowSeconds: request.claimWindowSeconds,
      purchaseWindowSeconds: request.purchaseWindowSeconds,
      paymentExtensionSeconds: request.paymentExtensionSeconds,
      ratePerSecond: request.admission.ratePerSecond,
      burst: request.admission.burst,
    },
  };
}

function firstOf(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** Writes a sale and takes its units, within the caller's transaction. */
export async function createSaleIn(
  tx: Statements,
  request: SaleCreate,
  actor = "operator",
  rehearsal = false,
): Promise<Outcome<SaleRow>> {
  const decided = decideSale(request, { ...newChances(), rehearsal }, await readClock(tx));
  if (!decided.ok) return decided;
  const sale = decided.value;
  const refusal =
    sale.source === "own"
      ? await writeSale(tx, { ...sale, locationId: null }, actor)
      : await writeStockedSale(tx, sale, request.locationId, actor);
  if (refusal !== null) return refusal;
  const row = await readSale(tx, sale.id);
  if (row === null) throw new Error(`sale ${sale.id} was written but is not there`);
  return { ok: true, value: row };
}

/** @returns null: it is written */
async function writeSale(tx: Statements, sale: NewSale, actor: string): Promise<Refusal | null> {
  return (await insertSale(tx, sale, actor)) ? null : refuse("SALE_EXISTS");
}

/**
 * Writes a sale whose units are the inventory's. The level is locked after the sale, as everywhere; whoever was quicker
 * has the stock then, and where the location was ours to choose another one may still have as much.
 */
async function writeStockedSale(
  tx: Statements,
  sale: Omit<NewSale, "locationId">,
  locationId: string | undefined,
  actor: string,
): Promise<Refusal | null> {
  // Asked first: a sale that is there already has taken the very stock that now seems to be lacking.
  if ((await readSale(tx, sale.id)) !== null) return refuse("SALE_EXISTS");
  for (let choice = 1; ; choice++) {
    const chosen = await chooseStock(tx, { ...sale, locationId });
    if (!chosen.ok) return chosen;
    const stocked = { ...sale, locationId: chosen.value };
    await tx.query("SAVEPOINT sale");
    const exists = await writeSale(tx, stocked, actor);
    if (exists !== null) return exists;
    const refusal = await takeStockIn(tx, stocked, sale.quantity, actor);
    if (refusal === null) return null;
    await tx.query("ROLLBACK TO SAVEPOINT sale");
    if (locationId !== undefined || choice >= STOCK_CHOICES_MAX) return refusal;
  }
}
