// A database that an earlier version filled and this one takes over: every row is still there, and the proof of its
// sale holds as it did.
import type { Truth } from "@dropgate/sql";
import { migrate } from "@dropgate/sql/migrate";
import { missingMigrations } from "@dropgate/sql/migrations-done";
import { earlierDatabase, type TestDatabase } from "@dropgate/sql/template-database";
import { afterEach, expect, inject, test } from "vitest";
import { fillCatalogue } from "../catalogue/fill.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { aFinishedSale } from "./a-finished-sale.ts";
import { saleReport } from "./report.ts";

let database: TestDatabase | undefined;
afterEach(() => database?.drop());

/** What a sale leaves behind, and from the seventh migration on what stock does. */
const TABLES = ["sales", "lanes", "entries", "draw_buckets", "tickets", "units", "holds", "orders", "ledger"];
const STOCK_TABLES = ["products", "locations", "inventory_levels", "inventory_transactions"];
const STOCK_SINCE = 7;

/** Every table's rows in the columns that it has now, as one text. */
async function rowsOf(truth: Truth, columns: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [table, names] of columns) {
    const { rows } = await truth.query<{ text: string }>(
      `SELECT string_agg(to_json(t)::text, E'\\n' ORDER BY to_json(t)::text) AS text FROM (SELECT ${names} FROM ${table}) t`,
    );
    texts.set(table, rows[0]?.text ?? "");
  }
  return texts;
}

async function columnsOf(truth: Truth, tables: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await truth.query<{ table: string; names: string }>(
    `SELECT table_name AS "table", string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS names
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY($1) GROUP BY table_name`,
    [tables],
  );
  return new Map(rows.map(({ table, names }) => [table, names]));
}

// Of the versions that were released: before rush sales there was nobody to migrate.
test.each([3, 5, STOCK_SINCE])(
  "what a database with %i migrations has is whole after all of them",
  async (count) => {
    database = await earlierDatabase(inject("databaseUrl"), count);
    const { truth, url } = database;
    const { saleId } = await aFinishedSale(truth);
    const tables = count >= STOCK_SINCE ? [...TABLES, ...STOCK_TABLES] : TABLES;
    if (count >= STOCK_SINCE)
      await fillCatalogue(truth, { skus: 20, locations: 5, everywhere: false, seed: 1 });
    const columns = await columnsOf(truth, tables);
    expect(columns.size).toBe(tables.length);
    const before = await rowsOf(truth, columns);
    for (const text of before.values()) expect(text).not.toBe("");

    await migrate(url);
    expect(await missingMigrations(truth)).toEqual([]);
    expect(await rowsOf(truth, columns)).toEqual(before);
    expect(await saleReport(truth, null, saleId)).toMatchObject({ ok: true });
    expect(await inventoryReport(truth)).toMatchObject({ ok: true });
    // Again it does nothing.
    await migrate(url);
    expect(await rowsOf(truth, columns)).toEqual(before);
  },
);
