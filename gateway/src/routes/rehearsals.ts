// Dry runs of sales: starting one, how it should go and how it goes, ending it, and taking away what it left.
import { randomBytes } from "node:crypto";
import { refuse } from "@dropgate/contracts/refusals";
import type { Rehearsal, RehearsalView } from "@dropgate/contracts/rehearsal";
import { REHEARSAL_KEPT_MS } from "@dropgate/contracts/room-limits";
import { planRehearsal } from "@dropgate/inventory/rehearsing/plan";
import { removeRehearsals } from "@dropgate/inventory/rehearsing/remove";
import { seenCurve } from "@dropgate/inventory/rehearsing/seen-curve";
import { actOnSaleIn } from "@dropgate/inventory/sales/act";
import { createSaleIn } from "@dropgate/inventory/sales/create";
import { violatedConstraint } from "@dropgate/sql";
import {
  insertRehearsal,
  listRehearsals,
  type RehearsalRow,
  readRehearsal,
  wantStop,
} from "@dropgate/sql/rehearsals/rehearsal-row";
import { readRehearsalStanding, readSeenSeconds } from "@dropgate/sql/rehearsals/seen-curve";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import { openLanes } from "../sales/tell-sale.ts";
import type { Services } from "../services.ts";

type RehearsalRoutes = Pick<
  Handlers,
  "startRehearsal" | "getRehearsal" | "stopRehearsal" | "removeRehearsals"
>;

const SHOWN_MAX = 20;

export function rehearsalRoutes(services: Services): RehearsalRoutes {
  const { truth, idempotency, sales, hotStore } = services;
  return {
    async startRehearsal(call) {
      let copy: SaleRow | null = null;
      try {
        const reply = await idempotency.once(call.idempotency, async (tx) => {
          const sale = await readSale(tx, parameter(call, "saleId"));
          if (sale === null) return refuse("SALE_NOT_FOUND");
          if (sale.rehearsal) return refuse("WRONG_STATE", { detail: "This is a rehearsal itself." });
          const id = `run_${randomBytes(9).toString("base64url")}`;
          const saleId = `rehearsal_${randomBytes(9).toString("base64url")}`;
          const plan = planRehearsal(sale, call.body, { saleId }, await readClock(tx));
          const created = await createSaleIn(tx, plan.sale, actorOf(call), true);
          if (!created.ok) return created;
          copy = created.value;
          const { shape, predicted } = plan;
          const startedBy = actorOf(call);
          await insertRehearsal(tx, {
            id,
            rehearsed: sale.id,
            saleId,
            ...call.body,
            shape,
            predicted,
            startedBy,
          });
          await insertSettingsAct(tx, {
            act: "rehearsal.started",
            subject: sale.id,
            actor: startedBy,
            data: { runId: id, saleId, ...call.body },
          });
          const row = await readRehearsal(tx, id);
          if (row === null) throw new Error(`rehearsal ${id} was written but is not there`);
          return json(201, rehearsalView(row, 0));
        });
        if (copy !== null) await openLanes(services, copy);
        return reply;
      } catch (error) {
        if (violatedConstraint(error) !== "rehearsals_one_open") throw error;
        return refuse("WRONG_STATE", {
          detail: "A rehearsal of this sale is going on: wait for its end, or stop it.",
        });
      }
    },

    async getRehearsal(call) {
      const saleId = parameter(call, "saleId");
      if ((await sales.find(saleId)) === null) return refuse("SALE_NOT_FOUND");
      const rows = await listRehearsals(truth, saleId, SHOWN_MAX);
      const wanted = call.query.run ?? rows[0]?.id;
      const shown = rows.find(({ id }) => id === wanted);
      if (shown === undefined && call.query.run !== undefined) return refuse("REHEARSAL_NOT_FOUND");
      return json(200, {
        run: shown === undefined ? null : await withCurves(shown),
        earlier: rows.filter((row) => row !== shown).map((row) => rehearsalView(row, null)),
      } satisfies RehearsalView);
    },

    async stopRehearsal(call) {
      const saleId = parameter(call, "saleId");
      if ((await sales.find(saleId)) === null) return refuse("SALE_NOT_FOUND");
      return idempotency.once(call.idempotency, async (tx) => {
        const [newest] = await listRehearsals(tx, saleId, 1);
        if (newest === undefined) return refuse("REHEARSAL_NOT_FOUND");
        const { id: runId, saleId: copy } = newest;
        if (await wantStop(tx, runId)) {
          const actor = actorOf(call);
          await insertSettingsAct(tx, {
            act: "rehearsal.stopped",
            subject: saleId,
            actor,
            data: { runId, saleId: copy },
          });
        }
        const row = await readRehearsal(tx, newest.id);
        // Nobody has begun it, so nobody else would close it.
        if (row?.state === "stopped" && newest.state === "waiting" && row.saleId !== null) {
          await actOnSaleIn(tx, row.saleId, "close", undefined, actorOf(call));
        }
        return json(200, rehearsalView(row ?? newest, null));
      });
    },

    async removeRehearsals(call) {
      const saleId = parameter(call, "saleId");
      if ((await sales.find(saleId)) === null) return refuse("SALE_NOT_FOUND");
      const copies = await listRehearsals(truth, saleId, SHOWN_MAX);
      const removed = await removeRehearsals(truth, hotStore, { rehearsed: saleId }, actorOf(call));
      for (const { saleId: copy } of copies) {
        if (copy !== null && (await readSale(truth, copy)) === null) sales.forget(copy);
      }
      return json(200, { removed });
    },
  };

  async function withCurves(row: RehearsalRow): Promise<NonNullable<RehearsalView["run"]>> {
    const { saleId, startedAt, predicted } = row;
    const isSeen = saleId !== null && startedAt !== null;
    const standing = saleId === null ? null : await readRehearsalStanding(truth, saleId);
    const seconds = isSeen ? await readSeenSeconds(truth, saleId, startedAt) : [];
    const end = row.endedAt ?? (await readClock(truth));
    const lasted = startedAt === null ? 0 : Math.floor((end.getTime() - startedAt.getTime()) / 1_000);
    return {
      ...rehearsalView(row, standing?.joined ?? 0),
      predicted,
      seen: isSeen ? seenCurve(seconds, lasted) : { stepSeconds: 1, points: [] },
    };
  }
}

/** @param joined so far; null: it is not told */
function rehearsalView(row: RehearsalRow, joined: number | null): Rehearsal {
  const { id, saleId, state, shoppers, behaviour, speed, startedBy, outcome, endedAt } = row;
  const removedAt = endedAt === null ? null : new Date(endedAt.getTime() + REHEARSAL_KEPT_MS);
  return {
    id,
    of: row.rehearsed,
    saleId,
    state,
    detail: detailOf(row, joined),
    shoppers,
    behaviour,
    speed,
    startedBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    removedAt: removedAt?.toISOString() ?? null,
    outcome,
  };
}

function detailOf(
  { state, shoppers, shape, stopWanted, outcome, startedAt }: RehearsalRow,
  joined: number | null,
): string {
  switch (state) {
    case "waiting":
      return "It begins as soon as a worker is free.";
    case "running":
      if (stopWanted) return "It is being stopped.";
      if (startedAt === null) return "The simulated shoppers are being called.";
      if (shape.kind === "rush") return `The simulated shoppers try: ${joined ?? 0} have got a unit.`;
      return joined === null || joined < shoppers
        ? `The simulated shoppers are coming: ${joined ?? 0} of ${shoppers} have joined.`
        : `All ${shoppers} simulated shoppers have joined.`;
    case "ended":
      return `It was played to its end: ${outcome?.purchased ?? 0} of ${shoppers} simulated shoppers bought a unit.`;
    case "stopped":
      return "It was stopped by hand.";
    case "interrupted":
      return "It was interrupted: the process that ran it is gone. What was seen until then is shown; start another one.";
  }
}
