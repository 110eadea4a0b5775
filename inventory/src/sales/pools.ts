// Evening out a sale's pools, adding units to one and taking them out: decided by what is free, written under the
// sale's lock; Redis follows after the commit.
import { QUANTITY_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { PoolAdjust } from "@dropgate/contracts/sale";
import type { HotStore } from "@dropgate/lua";
import { ABSENT, FREE, type LaneAddress, type UnitMark } from "@dropgate/lua/lane-answers";
import type { Statements } from "@dropgate/sql";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";
import {
  addUnits,
  type MovedUnit,
  moveFreeUnits,
  type PooledUnit,
  tellRebalance,
  withdrawUnits,
} from "@dropgate/sql/sales/pool-units";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { countPools } from "@dropgate/sql/sales/stock";
import { WITHDRAWN } from "../rebuilding.ts";
import { returnStockIn, takeStockIn } from "./stock.ts";

/** What the pools' records in Redis have to follow. */
export interface PoolChange {
  sale: SaleRow;
  moved: readonly MovedUnit[];
  added: readonly PooledUnit[];
  withdrawn: readonly PooledUnit[];
}

export interface PoolMove {
  from: number;
  to: number;
  count: number;
}

/**
 * The fewest moves after which no two pools differ by more than one free unit; lower pools keep the odd ones. Pure.
 * @param free free units by pool
 */
export function decideRebalance(free: readonly number[]): PoolMove[] {
  const all = free.reduce((sum, count) => sum + count, 0);
  const even = Math.floor(all / free.length);
  // Who has most keeps one more, so that nothing moves for the sake of order alone.
  const byMost = free
    .map((count, pool) => ({ count, pool }))
    .toSorted((a, b) => b.count - a.count || a.pool - b.pool);
  const target = new Array<number>(free.length).fill(even);
  for (const { pool } of byMost.slice(0, all % free.length)) target[pool] = even + 1;
  const spare = free.map((count, pool) => count - (target[pool] ?? 0));
  const moves: PoolMove[] = [];
  let to = 0;
  for (let from = 0; from < spare.length; from++) {
    while ((spare[from] ?? 0) > 0) {
      while ((spare[to] ?? 0) >= 0) to++;
      const count = Math.min(spare[from] ?? 0, -(spare[to] ?? 0));
      moves.push({ from, to, count });
      spare[from] = (spare[from] ?? 0) - count;
      spare[to] = (spare[to] ?? 0) + count;
    }
  }
  return moves;
}

async function freeByPool(tx: Statements, sale: SaleRow): Promise<number[]> {
  const free = new Array<number>(sale.poolCount).fill(0);
  for (const { index, available } of await countPools(tx, sale.id)) free[index] = available;
  return free;
}

/** Evens the sale's pools out, within the caller's transaction. */
export async function rebalancePoolsIn(
  tx: Statements,
  saleId: string,
  actor = "operator",
): Promise<Outcome<PoolChange>> {
  const sale = await lockSaleRow(tx, saleId);
  if (sale === null) return refuse("SALE_NOT_FOUND");
  if (sale.phase === "closed") return refuse("WRONG_STATE", { detail: "The sale is closed." });
  const moved: MovedUnit[] = [];
  const told: { from: number; to: number; units: number }[] = [];
  for (const move of decideRebalance(await freeByPool(tx, sale))) {
    const units = await moveFreeUnits(tx, saleId, move);
    moved.push(...units);
    if (units.length > 0) told.push({ from: move.from, to: move.to, units: units.length });
  }
  if (told.length > 0) await tellRebalance(tx, saleId, told, actor);
  return { ok: true, value: { sale, moved, added: [], withdrawn: [] } };
}

/** Adds units to a pool, or takes free ones out of it, within the caller's transaction. */
export async function adjustPoolIn(
  tx: Statements,
  saleId: string,
  pool: number,
  { delta, reason }: PoolAdjust,
  actor = "operator",
): Promise<Outcome<PoolChange>> {
  const sale = await lockSaleRow(tx, saleId);
  if (sale === null) return refuse("SALE_NOT_FOUND");
  if (pool >= sale.poolCount) {
    return refuse("NOT_FOUND", { detail: `The sale's pools are 0 to ${sale.poolCount - 1}.` });
  }
  if (sale.phase === "closed") return refuse("WRONG_STATE", { detail: "The sale is closed." });
  if (delta < 0) {
    const available = (await freeByPool(tx, sale))[pool] ?? 0;
    const change = { pool, count: -delta, reason: reason ?? null, actor };
    return withdrawIn(tx, sale, change, { available, name: `Pool ${pool}` });
  }
  if (sale.quantity + delta > QUANTITY_MAX) return tooMany("/delta");
  return addIn(tx, sale, { pool, count: delta, reason: reason ?? null, actor });
}

/** `pool` null: of all pools, in turn. */
interface UnitChange {
  pool: number | null;
  count: number;
  reason: string | null;
  actor: string;
}

export function tooMany(pointer: string): Refusal {
  return refuse("INVALID_REQUEST", {
    errors: [{ pointer, detail: `A sale has at most ${QUANTITY_MAX} units.` }],
  });
}

/** Adds units to the locked sale; those of the inventory only if the level has as many. */
export async function addIn(
  tx: Statements,
  sale: SaleRow,
  { pool, count, reason, actor }: UnitChange,
): Promise<Outcome<PoolChange>> {
  await tx.query("SAVEPOINT addition");
  const added = await addUnits(tx, sale.id, pool, count, { reason, actor });
  const refusal = await takeStockIn(tx, sale, count, actor);
  if (refusal !== null) {
    await tx.query("ROLLBACK TO SAVEPOINT addition");
    return refusal;
  }
  return changed(tx, sale, { added });
}

/** Takes free units out of the locked sale: as many as asked for, or none. */
export async function withdrawIn(
  tx: Statements,
  sale: SaleRow,
  { pool, count, reason, actor }: UnitChange,
  there: { available: number; name: string },
): Promise<Outcome<PoolChange>> {
  await tx.query("SAVEPOINT withdrawal");
  const withdrawn =
    there.available < count ? [] : await withdrawUnits(tx, sale.id, pool, count, { reason, actor });
  if (withdrawn.length < count) {
    // A rush's gateways have some of them in hand: all are taken out, or none.
    await tx.query("ROLLBACK TO SAVEPOINT withdrawal");
    return refuse("INSUFFICIENT_STOCK", {
      detail: `${there.name} has ${withdrawn.length || there.available} free units; so many can be taken out.`,
    });
  }
  await returnStockIn(tx, sale, count, actor);
  return changed(tx, sale, { withdrawn });
}

async function changed(
  tx: Statements,
  before: SaleRow,
  what: Partial<Pick<PoolChange, "added" | "withdrawn">>,
): Promise<Outcome<PoolChange>> {
  const sale = (await readSale(tx, before.id)) ?? before;
  return { ok: true, value: { sale, moved: [], added: [], withdrawn: [], ...what } };
}

/** The records that the pools of Redis have to get, by lane; each acts only on what it expects to see. Pure. */
export function marksOf({ moved, added, withdrawn }: PoolChange): Map<number, UnitMark[]> {
  const marks = new Map<number, UnitMark[]>();
  const mark = (lane: number, one: UnitMark): void => {
    const there = marks.get(lane);
    if (there) there.push(one);
    else marks.set(lane, [one]);
  };
  for (const { unit, from, to } of moved) {
    mark(from, { unit, seen: FREE, becomes: ABSENT });
    mark(to, { unit, seen: ABSENT, becomes: FREE });
  }
  for (const { unit, lane } of added) mark(lane, { unit, seen: ABSENT, becomes: FREE });
  for (const { unit, lane } of withdrawn) mark(lane, { unit, seen: FREE, becomes: WITHDRAWN });
  return marks;
}

/** Brings the pools' records up to date; what fails here the worker's next looks repair. @throws HotStoreAway */
export async function followPools(
  hotStore: HotStore,
  lanes: ReadonlyMap<number, LaneAddress>,
  change: PoolChange,
  batch: number,
): Promise<void> {
  await Promise.all(
    [...marksOf(change)].map(async ([lane, marks]) => {
      const address = lanes.get(lane);
      if (!address) return;
      for (let from = 0; from < marks.length; from += batch) {
        await hotStore.lane(address).mark(marks.slice(from, from + batch));
      }
    }),
  );
}
