// A new sale: what is left open in the request is decided here, by PostgreSQL's clock, and written with
// lanes and units in one transaction.
import { randomBytes } from "node:crypto";
import { LANES_DEFAULT, POOLS_DEFAULT } from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { SaleCreate } from "@dropgate/contracts/sale";
import type { Statements } from "@dropgate/sql";
import { insertSale, type NewSale } from "@dropgate/sql/sales/insert-sale";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { newSaleTag } from "../ids.ts";
import { judgeSchedule } from "./schedule.ts";

/** What is made by chance: passed in, so that the decision is the same for the same request. */
export interface SaleChances {
  id: string;
  tag: string;
  idKey: Uint8Array;
  secret: Uint8Array;
}

function newChances(): SaleChances {
  return {
    id: `sale_${randomBytes(9).toString("base64url")}`,
    tag: newSaleTag(),
    idKey: randomBytes(32),
    secret: randomBytes(32),
  };
}

/** Pure: the sale as it is to be written, or why it cannot be. */
export function decideSale(request: SaleCreate, chances: SaleChances, now: Date): Outcome<NewSale> {
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
  // Units of the inventory belong to products; a sale that brings its own needs none.
  if (request.source === "inventory") {
    return refuse("INSUFFICIENT_STOCK", { detail: `The inventory has no stock of ${request.sku}.` });
  }
  return {
    ok: true,
    value: {
      id: request.id ?? chances.id,
      tag: chances.tag,
      idKey: chances.idKey,
      secret: chances.secret,
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

/** Writes a sale within the caller's transaction. */
export async function createSaleIn(tx: Statements, request: SaleCreate): Promise<Outcome<SaleRow>> {
  const decided = decideSale(request, newChances(), await readClock(tx));
  if (!decided.ok) return decided;
  if (!(await insertSale(tx, decided.value, "operator"))) return refuse("SALE_EXISTS");
  const sale = await readSale(tx, decided.value.id);
  if (sale === null) throw new Error(`sale ${decided.value.id} was written but is not there`);
  return { ok: true, value: sale };
}
