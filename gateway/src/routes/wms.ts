// The warehouses' side: what they tell, and what operators see and decide of it.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { InboxEvent, Transfer } from "@dropgate/contracts/wms";
import { closeTransferIn, orderPurchaseIn, requestTransferIn } from "@dropgate/inventory/events/transfers";
import type { Statements } from "@dropgate/sql";
import { type AlertRow, decideAlert, listAlerts } from "@dropgate/sql/alerts/alert-row";
import { insertNote } from "@dropgate/sql/levels/transactions";
import { listBackorders } from "@dropgate/sql/reservations/backorders";
import { discardEvent, hurryEvent, type InboxRow, listInbox, lockEvent } from "@dropgate/sql/wms/inbox";
import { listTransfers, type TransferRow } from "@dropgate/sql/wms/transfers";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { alertView } from "../inventory/alert-view.ts";
import { changeOnce } from "../inventory/changes.ts";
import { tellEvents } from "../inventory/take-events.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type WmsRoutes = Pick<
  Handlers,
  | "tellWmsEvents"
  | "listWmsInbox"
  | "retryWmsEvent"
  | "discardWmsEvent"
  | "listAlerts"
  | "acknowledgeAlert"
  | "resolveAlert"
  | "createTransfer"
  | "listTransfers"
  | "closeTransfer"
  | "createPurchaseOrder"
  | "listBackorders"
>;

function inboxView(event: InboxRow): InboxEvent {
  const { happenedAt, receivedAt, decidedAt, nth: _, ...row } = event;
  return {
    ...row,
    timestamp: happenedAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

function transferView({ items, closedAt, createdAt, ...row }: TransferRow): Transfer {
  return {
    ...row,
    items: items.map((item) => ({
      ...item,
      inTransit: closedAt === null ? Math.max(0, item.shipped - item.received) : 0,
    })),
    createdAt: createdAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

/** An event that waits, locked; again after what was done to it. */
async function decideEvent(
  tx: Statements,
  eventId: string,
  act: (event: InboxRow) => Promise<void>,
): Promise<Outcome<InboxRow>> {
  const event = await lockEvent(tx, eventId);
  if (event === null) return refuse("WMS_EVENT_NOT_FOUND");
  if (event.state !== "waiting") return refuse("WRONG_STATE", { detail: `The event is ${event.state}.` });
  await act(event);
  return { ok: true, value: (await lockEvent(tx, eventId)) ?? event };
}

export function wmsRoutes({ truth, idempotency }: Services): WmsRoutes {
  const decide =
    (state: "acknowledged" | "resolved"): WmsRoutes["resolveAlert"] & WmsRoutes["acknowledgeAlert"] =>
    (call) =>
      changeOnce(
        idempotency,
        call,
        async (tx, actor): Promise<Outcome<AlertRow>> => {
          const alert = await decideAlert(tx, parameter(call, "alertId"), state, actor);
          return alert === null ? refuse("ALERT_NOT_FOUND") : { ok: true, value: alert };
        },
        alertView,
      );

  return {
    tellWmsEvents: async ({ body }) => json(202, await tellEvents(truth, body, Date.now())),

    async listWmsInbox({ query }) {
      const before = readCursor(query.cursor, { nth: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const { state, locationId, limit } = query;
      const rows = await listInbox(truth, { state, locationId }, before && Number(before.nth), limit + 1);
      return json(
        200,
        pageOf(rows, limit, inboxView, ({ nth }) => [nth]),
      );
    },

    retryWmsEvent: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx) => decideEvent(tx, parameter(call, "eventId"), (event) => hurryEvent(tx, event)),
        inboxView,
      ),

    discardWmsEvent: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) =>
          decideEvent(tx, parameter(call, "eventId"), async ({ eventId, locationId, eventType }) => {
            await discardEvent(tx, eventId, call.body.reason);
            await insertNote(tx, {
              type: "event.discarded",
              sku: null,
              locationId,
              reference: { type: "event", id: eventId },
              actor,
              data: { eventType, reason: call.body.reason },
            });
          }),
        inboxView,
      ),

    async listAlerts({ query }) {
      const after = readCursor(query.cursor, { firstMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const { state, kind, limit } = query;
      const rows = await listAlerts(truth, { state, kind }, after, limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          ({ alert }) => alertView(alert),
          ({ cursor }) => [cursor.firstMicros, cursor.id],
        ),
      );
    },
    acknowledgeAlert: decide("acknowledged"),
    resolveAlert: decide("resolved"),

    createTransfer: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => requestTransferIn(tx, call.body, actor),
        transferView,
        () => 201,
      ),

    async listTransfers({ query }) {
      const after = readCursor(query.cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listTransfers(truth, after, query.limit + 1);
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ transfer }) => transferView(transfer),
          ({ cursor }) => [cursor.createdMicros, cursor.id],
        ),
      );
    },

    closeTransfer: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => closeTransferIn(tx, parameter(call, "transferId"), actor),
        transferView,
      ),

    createPurchaseOrder: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => orderPurchaseIn(tx, call.body, actor),
        (made) => made,
        () => 201,
      ),

    async listBackorders({ query }) {
      const after = readCursor(query.cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listBackorders(truth, query.state, after, query.limit + 1);
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ backorder: { createdAt, endedAt, ...row } }) => ({
            ...row,
            createdAt: createdAt.toISOString(),
            endedAt: endedAt?.toISOString() ?? null,
          }),
          ({ cursor }) => [cursor.createdMicros, cursor.id],
        ),
      );
    },
  };
}
