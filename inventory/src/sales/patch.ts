// An operator's change to a sale that lives: texts and windows at any time, a moment of the schedule only
// while it lies ahead, the number of its units until it closes.
import { QUANTITY_MAX } from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { SalePatch } from "@dropgate/contracts/sale";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "@dropgate/sql";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { countUnits } from "@dropgate/sql/sales/stock";
import { type SaleChange, updateSale } from "@dropgate/sql/sales/update-sale";
import { addIn, type PoolChange, tooMany, withdrawIn } from "./pools.ts";
import { judgeSchedule, type ScheduleTimes } from "./schedule.ts";

/** From which phase on a moment has passed. */
const PASSED_FROM: Record<keyof ScheduleTimes, Phase> = {
  lobbyAt: "lobby",
  drawAt: "drawing",
  opensAt: "live",
  closesAt: "closed",
};

/** Pure: how the sale is to be after the change, and what of it differs; `changed` empty: nothing does. */
export function decidePatch(
  sale: SaleRow,
  patch: SalePatch,
  now: Date,
): Outcome<{ to: SaleChange; changed: Record<string, unknown> }> {
  const times: ScheduleTimes = {
    lobbyAt: sale.lobbyAt,
    drawAt: sale.drawAt,
    opensAt: sale.opensAt,
    closesAt: sale.closesAt,
  };
  for (const field of Object.keys(PASSED_FROM) as (keyof ScheduleTimes)[]) {
    const text = patch.schedule?.[field];
    if (text === undefined) continue;
    const time = new Date(text);
    if (time.getTime() === times[field].getTime()) continue;
    if (PHASES.indexOf(sale.phase) >= PHASES.indexOf(PASSED_FROM[field])) {
      return refuse("WRONG_STATE", { detail: `${field} has passed: the sale is ${sale.phase}.` });
    }
    times[field] = time;
  }
  // A rush has no draw; its time goes along, so that the schedule runs forward.
  if (sale.kind === "rush" && patch.schedule?.drawAt === undefined) times.drawAt = times.opensAt;
  if (patch.schedule !== undefined && sale.phase !== "closed") {
    const judged = judgeSchedule(times, now);
    if (!judged.ok) return judged;
  }
  const to: SaleChange = {
    title: patch.title ?? sale.title,
    imageUrl: given(patch.imageUrl, sale.imageUrl),
    priceAmount: patch.price === undefined ? sale.priceAmount : (patch.price?.amount ?? null),
    priceCurrency: patch.price === undefined ? sale.priceCurrency : (patch.price?.currency ?? null),
    description: given(patch.description, sale.description),
    checkoutUrl: given(patch.checkoutUrl, sale.checkoutUrl),
    message: given(patch.message, sale.message),
    ...times,
    claimWindowSeconds: patch.claimWindowSeconds ?? sale.claimWindowSeconds,
    purchaseWindowSeconds: patch.purchaseWindowSeconds ?? sale.purchaseWindowSeconds,
    paymentExtensionSeconds: patch.paymentExtensionSeconds ?? sale.paymentExtensionSeconds,
  };
  const changed: Record<string, unknown> = {};
  for (const field of Object.keys(to) as (keyof SaleChange)[]) {
    if (String(to[field]) !== String(sale[field])) changed[field] = to[field];
  }
  return { ok: true, value: { to, changed } };
}

function given<Value>(wanted: Value | null | undefined, there: Value | null): Value | null {
  return wanted === undefined ? there : wanted;
}

/** A sale after its change, and what the pools' records in Redis have to follow. */
export interface PatchedSale {
  sale: SaleRow;
  pools: PoolChange | null;
}

/** Within the caller's transaction: all of the change, or none of it. */
export async function patchSaleIn(
  tx: Statements,
  saleId: string,
  patch: SalePatch,
  actor = "operator",
): Promise<Outcome<PatchedSale>> {
  const before = await lockSaleRow(tx, saleId);
  if (before === null) return refuse("SALE_NOT_FOUND");
  const decided = decidePatch(before, patch, before.now);
  if (!decided.ok) return decided;
  const moved = patch.quantity === undefined ? null : await resizeIn(tx, before, patch.quantity, actor);
  if (moved?.ok === false) return moved;
  const pools = moved?.value ?? null;
  const { to, changed } = decided.value;
  const unchanged = Object.keys(changed).length === 0;
  const sale = unchanged ? (pools?.sale ?? before) : await updateSale(tx, saleId, to, changed, actor);
  return { ok: true, value: { sale, pools } };
}

/** @param quantity how many units the locked sale is to have, those it has sold included */
async function resizeIn(
  tx: Statements,
  sale: SaleRow,
  quantity: number,
  actor: string,
): Promise<Outcome<PoolChange | null>> {
  const delta = quantity - (sale.quantity - sale.withdrawn);
  if (delta === 0) return { ok: true, value: null };
  if (sale.phase === "closed") return refuse("WRONG_STATE", { detail: "The sale is closed." });
  const change = { pool: null, count: Math.abs(delta), reason: null, actor };
  if (delta < 0) {
    const { free } = await countUnits(tx, sale.id);
    return withdrawIn(tx, sale, change, { available: free, name: "The sale" });
  }
  if (sale.quantity + delta > QUANTITY_MAX) return tooMany("/quantity");
  return addIn(tx, sale, change);
}
