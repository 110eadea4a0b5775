// Reservations over HTTP: merchants' servers hold, pay, confirm, give back and cancel; operators look.

import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Reservation } from "@dropgate/contracts/reservation";
import type { ReservationAct } from "@dropgate/inventory/reservations/decide";
import { cancelSaleOrderIn } from "@dropgate/inventory/sales/cancel-order";
import { jsonTextOf } from "@dropgate/sql/json-text";
import { listTransactionsOf } from "@dropgate/sql/levels/transactions";
import {
  listReservations,
  type ReservationRow,
  readReservations,
} from "@dropgate/sql/reservations/reservation-row";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, jsonOf, type Reply } from "../edge/reply.ts";
import { askOnce } from "../idempotency/grouped.ts";
import { merchantOf } from "../inventory/changes.ts";
import { shipmentsOf } from "../inventory/shipments.ts";
import { transactionView } from "../inventory/views.ts";
import type { Made } from "../reserving/reserve-desk.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type ReservationRoutes = Pick<
  Handlers,
  | "createReservation"
  | "getReservation"
  | "startReservationPayment"
  | "confirmReservation"
  | "releaseReservation"
  | "cancelReservation"
  | "planFulfilment"
  | "listReservations"
  | "getReservationStory"
>;

export function reservationView(row: ReservationRow): Reservation {
  const time = (moment: Date | null): string | null => moment?.toISOString() ?? null;
  return {
    id: row.id,
    orderId: row.orderId,
    state: row.state,
    expiresAt: time(row.expiresAt),
    extended: row.extended,
    lines: row.lines.map(({ sku, quantity, locationId, picked, packed, shipped, released }) => ({
      sku,
      quantity,
      locationId,
      picked,
      packed,
      shipped,
      released,
    })),
    backorders: row.backorders.map(({ sku, quantity, filled, state }) => ({ sku, quantity, filled, state })),
    createdAt: row.createdAt.toISOString(),
    confirmedAt: time(row.confirmedAt),
    endedAt: time(row.endedAt),
    reason: row.endReason,
    ...(row.replaces !== null && { replaces: row.replaces }),
    ...(row.holdId !== null && { holdId: row.holdId }),
    ...(row.saleId !== null && { saleId: row.saleId }),
  };
}

function showMade(outcome: Outcome<Made>): Answer | Refusal {
  if (!outcome.ok) return outcome;
  const { reservation, made } = outcome.value;
  const body = `{"reservation":${JSON.stringify(reservationView(reservation))},"plan":${jsonTextOf(reservation.plan)}}`;
  return { ok: true, status: made ? 201 : 200, body };
}

const show = (outcome: Outcome<ReservationRow>): Answer | Refusal =>
  jsonOf(outcome, (row) => ({ reservation: reservationView(row) }));

export function reservationRoutes(services: Services): ReservationRoutes {
  const { truth, idempotency, reserving, reservations } = services;
  const none = refuse("RESERVATION_NOT_FOUND");

  type ActCall = Call<
    "startReservationPayment" | "confirmReservation" | "releaseReservation" | "cancelReservation"
  >;
  async function act(call: ActCall, act: ReservationAct): Promise<Reply> {
    const id = parameter(call, "reservationId");
    const { body } = call;
    const reason = "reason" in body ? body.reason : undefined;
    const orderId = "orderId" in body ? body.orderId : undefined;
    const ask = { id, act, actor: merchantOf(call), reason, orderId };
    return askOnce(services, call.idempotency, show, (keep) => reservations.act(ask, keep));
  }

  return {
    createReservation: (call) =>
      askOnce(services, call.idempotency, showMade, (keep) =>
        // A refusal is not the last word: another plan may still be found.
        reserving.reserve(call.body, merchantOf(call), keep && ((done) => (done.ok ? keep(done) : null))),
      ),

    async getReservation(call) {
      const id = parameter(call, "reservationId");
      const row = (await readReservations(truth, [id])).get(id);
      if (row === undefined) return none;
      const story = await listTransactionsOf(truth, "reservation", id);
      return json(200, { reservation: reservationView(row), shipments: shipmentsOf(story) });
    },

    startReservationPayment: (call) => act(call, "startPayment"),
    confirmReservation: (call) => act(call, "confirm"),
    releaseReservation: (call) => act(call, "release"),

    async cancelReservation(call) {
      const id = parameter(call, "reservationId");
      const row = (await readReservations(truth, [id])).get(id);
      if (row?.holdId == null) return act(call, "cancel");
      // A sale's order ends with its hold: the unit goes back to the sale under its number.
      return idempotency.once(call.idempotency, async (tx) => {
        const cancelled = await cancelSaleOrderIn(tx, id, call.body.reason);
        if (cancelled?.ok === false) return cancelled;
        return show({ ok: true, value: (await readReservations(tx, [id])).get(id) ?? row });
      });
    },

    planFulfilment: async ({ body }) => jsonOf(await reserving.plan(body), (plan) => ({ plan })),

    async listReservations({ query }) {
      const after = readCursor(query.cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const { state, orderId, limit } = query;
      const rows = await listReservations(truth, { state, orderId }, after, limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          ({ reservation }) => reservationView(reservation),
          ({ cursor }) => [cursor.createdMicros, cursor.id],
        ),
      );
    },

    async getReservationStory(call) {
      const id = parameter(call, "reservationId");
      const row = (await readReservations(truth, [id])).get(id);
      if (row === undefined) return none;
      const story = await listTransactionsOf(truth, "reservation", id);
      const { request, plan } = row;
      return json(200, {
        reservation: reservationView(row),
        request,
        plan,
        story: story.map(transactionView),
      });
    },
  };
}
