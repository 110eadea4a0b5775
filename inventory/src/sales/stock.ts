// The units of a sale in the inventory: what a sale has to sell is reserved in one level, unit for unit, from its
// creation until each unit is sold or goes back. A sale that brings its own units passes through here untouched.
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { returnFreeUnits } from "@dropgate/sql/admission/phases";
import { readLevel, readMostAvailable } from "@dropgate/sql/levels/most-available";
import { readLocation } from "@dropgate/sql/locations/location-row";
import { readProduct } from "@dropgate/sql/products/product-row";
import type { PooledUnit } from "@dropgate/sql/sales/pool-units";
import { actOnLevelsIn } from "../levels/act.ts";
import { availableOf, type LevelChange } from "../levels/judge.ts";

/** What of a sale says where its units are. */
export interface StockedSale {
  id: string;
  sku: string;
  /** Null: the sale brings its own units. */
  locationId: string | null;
}

function changeOf({ id, sku }: StockedSale, locationId: string, units: number, actor: string): LevelChange {
  return {
    sku,
    locationId,
    deltas: { reserved: units },
    type: units > 0 ? "sale.taken" : "sale.returned",
    reference: { type: "sale", id },
    actor,
    guarded: units > 0,
  };
}

/** Reserves units for a sale, within the caller's transaction. @returns why it has not that many; null: it has them now */
export async function takeStockIn(
  tx: Statements,
  sale: StockedSale,
  units: number,
  actor: string,
): Promise<Refusal | null> {
  if (sale.locationId === null || units === 0) return null;
  const [outcome] = await actOnLevelsIn(tx, [changeOf(sale, sale.locationId, units, actor)]);
  return outcome?.ok === false ? outcome : null;
}

/**
 * Gives units of a sale back to the level, within the transaction that makes them `returned`.
 * @throws when so many were not reserved, which is a bug: nothing of it may be committed
 */
export async function returnStockIn(
  tx: Statements,
  sale: StockedSale,
  units: number,
  actor: string,
): Promise<void> {
  if (sale.locationId === null || units === 0) return;
  const [outcome] = await actOnLevelsIn(tx, [changeOf(sale, sale.locationId, -units, actor)]);
  if (outcome?.ok === false) throw new Error(`sale ${sale.id} gives ${units} units back: ${outcome.detail}`);
}

/** Gives the free units of a closed sale back, to the stock that they came from. @returns those units */
export async function returnFreeIn(tx: Statements, sale: StockedSale): Promise<PooledUnit[]> {
  const returned = await returnFreeUnits(tx, sale.id);
  await returnStockIn(tx, sale, returned.length, "worker");
  return returned;
}

/**
 * Where a new sale may take its units: at the location it names, or where most are available. Looked at without locks,
 * so that who cannot be served hears it cheaply; whoever takes them is judged again by the level.
 */
export async function chooseStock(
  tx: Statements,
  asked: { sku: string; quantity: number; locationId: string | undefined },
): Promise<Outcome<string>> {
  const { sku, quantity, locationId } = asked;
  if ((await readProduct(tx, sku)) === null) return refuse("PRODUCT_NOT_FOUND");
  if (locationId !== undefined && (await readLocation(tx, locationId)) === null) {
    return refuse("LOCATION_NOT_FOUND");
  }
  const level =
    locationId === undefined ? await readMostAvailable(tx, sku) : await readLevel(tx, sku, locationId);
  const available = level === null ? 0 : Math.max(0, availableOf(level));
  if (level !== null && available >= quantity) return { ok: true, value: level.locationId };
  const place = locationId ?? level?.locationId;
  const where = place === undefined ? sku : `${sku} at ${place}`;
  const most = locationId === undefined && level !== null ? ", and nowhere more" : "";
  return refuse("INSUFFICIENT_STOCK", { detail: `Of ${where} ${available} are available${most}.` });
}
