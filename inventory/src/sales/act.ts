// Driving a sale by hand. An action moves the phase as the table allows and brings the schedule's moment
// forward to now, so that the clock, asked afterwards, agrees with the hand.
import type { SaleAction } from "@dropgate/contracts/endpoints";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { PHASE_TABLE, type Phase, type PhaseAct } from "@dropgate/contracts/states/phase";
import type { Statements } from "@dropgate/sql";
import { writePhase } from "@dropgate/sql/admission/phases";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { moveSchedule, updateSale } from "@dropgate/sql/sales/update-sale";
import type { ScheduleTimes } from "./schedule.ts";

/** `to` null: the phase stays (it is there already, or the worker will move it when the draw is done). */
export interface SaleMove {
  to: Phase | null;
  times: ScheduleTimes;
}

const ACTS: Record<Exclude<SaleAction, "open">, PhaseAct> = {
  draw: "startDraw",
  pause: "pause",
  resume: "resume",
  close: "close",
};

/**
 * Pure. `open` opens the lobby of a scheduled sale; from the draw on it means "sell now": the moment at which
 * the sale goes live is brought forward, and it does as soon as the draw is done. In the lobby of a rush, which has no
 * draw, it means the same.
 */
export function decideAction(
  sale: { kind: "lottery" | "rush"; phase: Phase } & ScheduleTimes,
  action: SaleAction,
  now: Date,
): Outcome<SaleMove> {
  const times: ScheduleTimes = {
    lobbyAt: sale.lobbyAt,
    drawAt: sale.drawAt,
    opensAt: sale.opensAt,
    closesAt: sale.closesAt,
  };
  if (sale.kind === "rush") {
    if (action === "draw") return refuse("WRONG_STATE", { detail: "A rush has no draw." });
    if (action === "open" && sale.phase === "lobby") {
      const opensAt = earlier(times.opensAt, now);
      return { ok: true, value: { to: null, times: { ...times, drawAt: opensAt, opensAt } } };
    }
  }
  if (action === "open" && sale.phase === "drawing") {
    return { ok: true, value: { to: null, times: { ...times, opensAt: earlier(times.opensAt, now) } } };
  }
  const act = action === "open" ? (sale.phase === "live" ? "goLive" : "openLobby") : ACTS[action];
  const outcome = PHASE_TABLE[sale.phase][act];
  if ("refused" in outcome) {
    return refuse(outcome.refused, { detail: `The sale is ${sale.phase}.` });
  }
  if ("same" in outcome) return { ok: true, value: { to: null, times } };
  if (act === "openLobby") times.lobbyAt = earlier(times.lobbyAt, now);
  if (act === "startDraw") times.drawAt = earlier(times.drawAt, now);
  // A sale closed before it opened keeps its close: the schedule must still run forward.
  if (act === "close" && times.opensAt < now) times.closesAt = earlier(times.closesAt, now);
  return { ok: true, value: { to: outcome.to, times } };
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/**
 * Pure. The message that shoppers see after an act; undefined: the one that stands. A pause has the message it came with
 * and going on takes it away; the other acts leave it. Who pauses a sale that a colleague has just paused does not say
 * anything into the wind: their message stands then, and without one the colleague's does.
 */
export function messageAfter(
  action: SaleAction,
  isMoved: boolean,
  message: string | undefined,
): string | null | undefined {
  if (action === "pause") return isMoved ? (message ?? null) : message;
  return action === "resume" && isMoved ? null : undefined;
}

/** @param message shown to shoppers while the sale is paused */
export async function actOnSaleIn(
  tx: Statements,
  saleId: string,
  action: SaleAction,
  message: string | undefined,
  actor = "operator",
): Promise<Outcome<SaleRow>> {
  const sale = await lockSaleRow(tx, saleId);
  if (sale === null) return refuse("SALE_NOT_FOUND");
  const decided = decideAction(sale, action, sale.now);
  if (!decided.ok) return decided;
  const { to, times } = decided.value;
  const moved = (["lobbyAt", "drawAt", "opensAt", "closesAt"] as const).some(
    (field) => times[field].getTime() !== sale[field].getTime(),
  );
  if (moved) await moveSchedule(tx, saleId, times);
  const told = messageAfter(action, to !== null, message);
  if (to !== null) await writePhase(tx, saleId, sale.phase, to, actor, told);
  else if (told !== undefined && told !== sale.message) {
    return {
      ok: true,
      value: await updateSale(tx, saleId, { ...sale, message: told }, { message: told }, actor),
    };
  }
  if (!moved && to === null) return { ok: true, value: sale };
  const after = await readSale(tx, saleId);
  if (after === null) throw new Error(`sale ${saleId} was locked but is not there`);
  return { ok: true, value: after };
}
