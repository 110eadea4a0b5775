// Comparisons of stock for operators: asked for here, done by workers, repaired when an operator says so.
import type { Difference, Reconciliation } from "@dropgate/contracts/reconciliation";
import { refuse } from "@dropgate/contracts/refusals";
import { newReconciliationId } from "@dropgate/inventory/ids";
import { repairFound } from "@dropgate/inventory/reconciling/repair";
import { readProduct } from "@dropgate/sql/products/product-row";
import { type DifferenceRow, listDifferences } from "@dropgate/sql/reconciling/difference-row";
import {
  type CountedReconciliation,
  insertReconciliation,
  listReconciliations,
  readReconciliation,
} from "@dropgate/sql/reconciling/reconciliation-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf, changeOnce } from "../inventory/changes.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, CURSOR_SKU, pageOf, readCursor } from "./cursor.ts";

type ReconciliationRoutes = Pick<
  Handlers,
  | "createReconciliation"
  | "listReconciliations"
  | "getReconciliation"
  | "listDifferences"
  | "applyReconciliation"
>;

const CURSOR_KIND = /^[a-z_]{1,64}$/;

function viewOf(row: CountedReconciliation): Reconciliation {
  const { id, sku, requestedBy, apply, state, levels, differences } = row;
  const requestedAt = row.requestedAt.toISOString();
  const endedAt = row.endedAt?.toISOString() ?? null;
  return { id, sku, requestedBy, apply, state, levels, differences, requestedAt, endedAt };
}

function differenceView(row: DifferenceRow): Difference {
  return { ...row, decidedAt: row.decidedAt?.toISOString() ?? null };
}

export function reconciliationRoutes({ truth, stock, idempotency }: Services): ReconciliationRoutes {
  const none = refuse("RECONCILIATION_NOT_FOUND");
  return {
    createReconciliation: (call) =>
      changeOnce(
        idempotency,
        call,
        async (tx, requestedBy) => {
          const { sku, apply } = call.body;
          if (sku !== undefined && (await readProduct(tx, sku)) === null) return refuse("PRODUCT_NOT_FOUND");
          const id = newReconciliationId();
          await insertReconciliation(tx, { id, sku: sku ?? null, requestedBy, apply });
          const made = await readReconciliation(tx, id);
          if (made === null) throw new Error(`reconciliation ${id} was written but is not there`);
          return { ok: true, value: made };
        },
        viewOf,
        () => 202,
      ),

    async listReconciliations({ query }) {
      const after = readCursor(query.cursor, { requestedMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listReconciliations(truth, after, query.limit + 1);
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ reconciliation }) => viewOf(reconciliation),
          ({ cursor }) => [cursor.requestedMicros, cursor.id],
        ),
      );
    },

    async getReconciliation(call) {
      const row = await readReconciliation(truth, parameter(call, "reconciliationId"));
      return row === null ? none : json(200, viewOf(row));
    },

    async listDifferences(call) {
      const { query } = call;
      const id = parameter(call, "reconciliationId");
      const after = readCursor(query.cursor, { sku: CURSOR_SKU, locationId: CURSOR_ID, kind: CURSOR_KIND });
      if (after === "invalid") return badCursor();
      if ((await readReconciliation(truth, id)) === null) return none;
      const rows = await listDifferences(truth, id, query.state, after, query.limit + 1);
      return json(
        200,
        pageOf(rows, query.limit, differenceView, (row) => [row.sku, row.locationId, row.kind]),
      );
    },

    async applyReconciliation(call) {
      const id = parameter(call, "reconciliationId");
      if ((await readReconciliation(truth, id)) === null) return none;
      await repairFound({ truth, stock }, id, actorOf(call));
      const row = await readReconciliation(truth, id);
      return row === null ? none : json(200, viewOf(row));
    },
  };
}
