// One admission tick from winners to what gateways are told, as a worker does it, and its statements by themselves.
import { randomBytes } from "node:crypto";
import { TICK_OFFERS_MAX } from "@dropgate/contracts/limits";
import { applyHolds } from "@dropgate/inventory/applying";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import { offerTick } from "@dropgate/queue-worker/admission/offer-tick";
import {
  advanceSale,
  insertOffers,
  lockFreeUnits,
  lockSale,
  lockWinners,
  type NewOffer,
} from "@dropgate/sql/admission/tick-sale";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import { readJudge } from "@dropgate/sql/holds/lock-holds";
import type { Lab } from "./lab.ts";

/** @returns how many offers were made and told */
export async function wholeTick(
  lab: Lab,
  saleId: string,
  lanes: ReadonlyMap<number, LaneAddress>,
  offersMax = TICK_OFFERS_MAX,
): Promise<number> {
  const outcome = await offerTick(lab.context, saleId, lanes, { offersMax, setAside: [] });
  while ((await applyHolds(lab.truth, lab.hotStore, saleId, lanes, null)).more);
  return outcome?.holdIds.length ?? 0;
}

/** The ceiling: what the tick says to PostgreSQL, with nothing of Redis. Units are taken in order. */
export async function tickStatements(
  lab: Lab,
  saleId: string,
  count: number,
  firstUnit: number,
): Promise<number> {
  return lab.truth.transaction(async (tx) => {
    const sale = await lockSale(tx, saleId, "skip");
    if (sale === null || !(await readJudge(tx)).fresh) throw new Error("the sale cannot be ticked");
    const winners = await lockWinners(tx, sale, count, []);
    const units = Array.from({ length: count }, (_, i) => firstUnit + i);
    const { rows } = await tx.query<{ unit: number; lane: number }>(
      "SELECT unit, lane FROM units WHERE sale_id = $1 AND unit = ANY($2)",
      [saleId, units],
    );
    await lockFreeUnits(tx, saleId, rows);
    const offers = winners.map((winner, i): NewOffer => {
      const unit = units[i];
      if (unit === undefined || winner.slot === null) throw new Error("a winner without a unit");
      return {
        holdId: `${sale.tag}00_${randomBytes(16).toString("base64url")}`,
        unit,
        winner: { ...winner, slot: winner.slot },
      };
    });
    await insertOffers(tx, sale, offers);
    const serving = winners.at(-1)?.ticket ?? sale.serving;
    await advanceSale(tx, saleId, { tokens: sale.tokens - offers.length, tokensAt: sale.now, serving });
    return offers.length;
  });
}

/** PostgreSQL judges nothing while nobody beats the service's heart. */
export function keepHeartBeating(lab: Lab): { stop(): void } {
  const beat = (): void => void beatService(lab.truth).catch(() => {});
  beat();
  const timer = setInterval(beat, 500);
  return { stop: () => clearInterval(timer) };
}
