// What an operator does with stock: look at levels and their ledger, set thresholds, correct what is on hand.
import { adjustIn, approveAdjustmentIn, rejectAdjustmentIn } from "@dropgate/inventory/adjustments/adjust";
import { inventoryReport } from "@dropgate/inventory/levels/proof/report";
import { patchLevelIn } from "@dropgate/inventory/levels/settings";
import { listAdjustments } from "@dropgate/sql/adjustments/adjustment-row";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { listTransactions } from "@dropgate/sql/levels/transactions";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { changeOnce } from "../inventory/changes.ts";
import { adjustmentView, levelView, transactionView } from "../inventory/views.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, CURSOR_SKU, pageOf, readCursor } from "./cursor.ts";

type InventoryRoutes = Pick<
  Handlers,
  | "listLevels"
  | "patchLevel"
  | "listTransactions"
  | "getInventoryReport"
  | "createAdjustment"
  | "listAdjustments"
  | "approveAdjustment"
  | "rejectAdjustment"
>;

export function inventoryRoutes({ truth, idempotency }: Services): InventoryRoutes {
  return {
    async listLevels({ query }) {
      const after = readCursor(query.cursor, { sku: CURSOR_SKU, locationId: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const { sku, locationId, limit } = query;
      const rows = await listLevels(truth, { sku, locationId }, after, limit + 1);
      return json(
        200,
        pageOf(rows, limit, levelView, (level) => [level.sku, level.locationId]),
      );
    },

    patchLevel: (call) =>
      changeOnce(idempotency, call, (tx, actor) => patchLevelIn(tx, call.body, actor), levelView),

    async listTransactions({ query }) {
      const before = readCursor(query.cursor, { id: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const { sku, locationId, limit } = query;
      const rows = await listTransactions(truth, { sku, locationId }, before && Number(before.id), limit + 1);
      return json(
        200,
        pageOf(rows, limit, transactionView, ({ id }) => [id]),
      );
    },

    getInventoryReport: async () => json(200, await inventoryReport(truth)),

    createAdjustment: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => adjustIn(tx, call.body, actor),
        adjustmentView,
        ({ state }) => (state === "awaiting_approval" ? 202 : 201),
      ),

    async listAdjustments({ query }) {
      const after = readCursor(query.cursor, { requestedMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listAdjustments(truth, query.state, after, query.limit + 1);
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ adjustment }) => adjustmentView(adjustment),
          ({ cursor }) => [cursor.requestedMicros, cursor.id],
        ),
      );
    },

    approveAdjustment: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => approveAdjustmentIn(tx, parameter(call, "adjustmentId"), actor),
        adjustmentView,
      ),

    rejectAdjustment: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => rejectAdjustmentIn(tx, parameter(call, "adjustmentId"), actor),
        adjustmentView,
      ),
  };
}
