// What an operator does with the requests to warehouses: look at them, send dead ones again, have a shelf counted.
import type { AskedRequest } from "@dropgate/contracts/wms-requests";
import { askForCountIn } from "@dropgate/inventory/warehouse/asking";
import { resendRequestIn } from "@dropgate/inventory/warehouse/resend";
import { listRequests, type RequestRow } from "@dropgate/sql/warehouse/request-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { changeOnce } from "../inventory/changes.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type WarehouseRequestRoutes = Pick<Handlers, "listWmsRequests" | "resendWmsRequest" | "createCycleCount">;

export function warehouseRequestRoutes({ truth, idempotency, settings }: Services): WarehouseRequestRoutes {
  const view = (row: RequestRow): AskedRequest => requestView(row, settings.WMS_URL ?? null);
  return {
    async listWmsRequests({ query }) {
      const before = readCursor(query.cursor, { nth: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const { limit, state, orderId, locationId } = query;
      const filter = { state, orderId, locationId };
      const rows = await listRequests(truth, filter, before && Number(before.nth), limit + 1);
      return json(
        200,
        pageOf(rows, limit, view, ({ nth }) => [nth]),
      );
    },

    resendWmsRequest: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => resendRequestIn(tx, parameter(call, "requestId"), actor),
        view,
      ),

    createCycleCount: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => askForCountIn(tx, call.body, actor),
        view,
        () => 201,
      ),
  };
}

function requestView(row: RequestRow, defaultUrl: string | null): AskedRequest {
  const url = row.wmsUrl ?? defaultUrl;
  const willBeTried = row.state === "waiting" && url !== null;
  return {
    id: row.id,
    requestType: row.body.requestType,
    locationId: row.locationId,
    orderId: row.orderId,
    state: row.state,
    url,
    attempts: row.attempts,
    nextAt: willBeTried ? row.nextAt.toISOString() : null,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    body: row.body,
  };
}
