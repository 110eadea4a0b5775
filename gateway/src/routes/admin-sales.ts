// What an operator does with sales: create, change, drive by hand, and look at.

import type { SaleAction } from "@dropgate/contracts/endpoints";
import { PAGE_ITEMS_MAX, STREAM_PAGE_ROWS } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { PHASES_ON } from "@dropgate/contracts/states/phase";
import { saleReport } from "@dropgate/inventory/proof/report";
import { actOnSaleIn } from "@dropgate/inventory/sales/act";
import { putAdmissionIn } from "@dropgate/inventory/sales/admission";
import { cloneRequest } from "@dropgate/inventory/sales/clone";
import { createSaleIn } from "@dropgate/inventory/sales/create";
import { type PatchedSale, patchSaleIn } from "@dropgate/inventory/sales/patch";
import type { Statements } from "@dropgate/sql";
import { type AuditRow, readAudit } from "@dropgate/sql/sales/audit";
import { readClock } from "@dropgate/sql/sales/lock-sale";
import { listSales, readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { countUnits, countUnitsOf } from "@dropgate/sql/sales/stock";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, type Reply } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import { createOnce } from "../sales/create-sale.ts";
import { followChange } from "../sales/follow-change.ts";
import { adminSaleView } from "../sales/sale-view.ts";
import { tellSale } from "../sales/tell-sale.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, readCursor, writeCursor } from "./cursor.ts";

type AdminSaleRoutes = Pick<
  Handlers,
  | "createSale"
  | "cloneSale"
  | "listAdminSales"
  | "getAdminSale"
  | "patchSale"
  | "actOnSale"
  | "putAdmission"
  | "getReport"
  | "getAudit"
>;

export function adminSaleRoutes(services: Services): AdminSaleRoutes {
  const { truth, hotStore, idempotency, sales } = services;

  /** Runs a change of one sale under its key, and tells everybody afterwards. */
  async function change(
    call: Call<"actOnSale"> | Call<"putAdmission">,
    write: (tx: Statements, saleId: string) => Promise<Outcome<SaleRow>>,
  ): Promise<Reply> {
    let written: SaleRow | null = null;
    const reply = await idempotency.once(call.idempotency, async (tx) => {
      const outcome = await write(tx, parameter(call, "saleId"));
      if (!outcome.ok) return outcome;
      written = outcome.value;
      return showIn(tx, outcome.value, 200);
    });
    if (written !== null) await tellSale(services, written);
    return reply;
  }

  async function showIn(tx: Statements, row: SaleRow, status: number): Promise<Answer> {
    const known = sales.peek(row.id);
    return json(status, adminSaleView(row, await countUnits(tx, row.id), known, Date.now()));
  }

  return {
    createSale: (call) => createOnce(services, call, (tx) => createSaleIn(tx, call.body, actorOf(call))),

    cloneSale: (call) =>
      createOnce(services, call, async (tx) => {
        const sale = await readSale(tx, parameter(call, "saleId"));
        if (sale === null) return refuse("SALE_NOT_FOUND");
        return createSaleIn(tx, cloneRequest(sale, call.body, await readClock(tx)), actorOf(call));
      }),

    async listAdminSales(call) {
      const after = readCursor(call.query.cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const { limit, rehearsals, phase } = call.query;
      const phases = phase === undefined ? null : phase === "on" ? PHASES_ON : [phase];
      const page = await listSales(truth, after, limit + 1, rehearsals, phases);
      const shown = page.slice(0, limit);
      const counts = await countUnitsOf(
        truth,
        shown.map(({ sale }) => sale.id),
      );
      const last = page.length > limit ? shown.at(-1) : undefined;
      return json(200, {
        items: shown.map(({ sale }) =>
          adminSaleView(sale, counts.get(sale.id) ?? NO_UNITS, sales.peek(sale.id), Date.now()),
        ),
        nextCursor: last ? writeCursor(last.cursor.createdMicros, last.cursor.id) : null,
      });
    },

    async getAdminSale(call) {
      const row = await readSale(truth, parameter(call, "saleId"));
      return row === null ? refuse("SALE_NOT_FOUND") : showIn(truth, row, 200);
    },

    async patchSale(call) {
      let written: PatchedSale | null = null;
      const reply = await idempotency.once(call.idempotency, async (tx) => {
        const outcome = await patchSaleIn(tx, parameter(call, "saleId"), call.body, actorOf(call));
        if (!outcome.ok) return outcome;
        written = outcome.value;
        return showIn(tx, outcome.value.sale, 200);
      });
      if (written !== null) await followPatch(services, written);
      return reply;
    },

    actOnSale: (call) =>
      change(call, async (tx, saleId) => {
        // Fits its schema in PARAMETERS.
        const action = parameter(call, "action") as SaleAction;
        if (call.body.message !== undefined && action !== "pause") return messageless(action);
        return actOnSaleIn(tx, saleId, action, call.body.message, actorOf(call));
      }),

    putAdmission: (call) =>
      change(call, (tx, saleId) => putAdmissionIn(tx, saleId, call.body, actorOf(call))),

    async getReport(call) {
      const report = await saleReport(truth, hotStore.ready ? hotStore : null, parameter(call, "saleId"));
      return report === null ? refuse("SALE_NOT_FOUND") : json(200, report);
    },

    async getAudit(call) {
      const saleId = parameter(call, "saleId");
      const after = readCursor(call.query.cursor, { tx: CURSOR_NUMBER, id: CURSOR_NUMBER });
      if (after === "invalid") return badCursor();
      if ((await readSale(truth, saleId)) === null) return refuse("SALE_NOT_FOUND");
      if (/^\s*text\/csv\b/i.test(call.head.accept)) {
        return {
          ok: true,
          status: 200,
          contentType: "text/csv; charset=utf-8",
          stream: auditCsv(truth, saleId),
        };
      }
      const limit = Math.min(call.query.limit, PAGE_ITEMS_MAX);
      const cursor = after && { tx: after.tx, id: Number(after.id) };
      const rows = await readAudit(truth, saleId, cursor, limit + 1, call.query.order);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return json(200, { items: shown, nextCursor: last ? writeCursor(last.tx, last.id) : null });
    },
  };
}

/** The sale as it is after all of the change; its units may have changed before the rest. */
async function followPatch(services: Services, { sale, pools }: PatchedSale): Promise<void> {
  if (pools === null) await tellSale(services, sale);
  else await followChange(services, { ...pools, sale });
}

const NO_UNITS = { free: 0, held: 0, sold: 0, returned: 0 };

function messageless(action: SaleAction): Refusal {
  return refuse("INVALID_REQUEST", {
    errors: [{ pointer: "/message", detail: `Only pause takes a message, ${action} does not.` }],
  });
}

const CSV_COLUMNS = [
  "id",
  "tx",
  "at",
  "act",
  "unit",
  "holdId",
  "entryId",
  "actor",
  "data",
  "actorName",
] as const;

async function* auditCsv(truth: Statements, saleId: string): AsyncGenerator<string> {
  yield `${CSV_COLUMNS.join(",")}\r\n`;
  let after: { tx: string; id: number } | null = null;
  for (;;) {
    const rows: AuditRow[] = await readAudit(truth, saleId, after, STREAM_PAGE_ROWS);
    if (rows.length > 0) yield rows.map(csvLine).join("");
    const last = rows.at(-1);
    if (!last || rows.length < STREAM_PAGE_ROWS) return;
    after = { tx: last.tx, id: last.id };
  }
}

function csvLine(row: AuditRow): string {
  return `${CSV_COLUMNS.map((column) => csvField(row[column])).join(",")}\r\n`;
}

/** RFC 4180; what a spreadsheet would take for a formula gets a quote in front. */
export function csvField(value: AuditRow[keyof AuditRow]): string {
  if (value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== "number" ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
