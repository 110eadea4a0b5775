// The tables of states are told twice, in the contract and in PostgreSQL's trigger: every pair is tried in both.
import { ENTRY_TABLE, type StoredEntryState } from "@dropgate/contracts/states/entry";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { aFinishedSale } from "../proof/a-finished-sale.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

test("PostgreSQL lets an entry go where the contract does, and nowhere else", async () => {
  const { saleId } = await aFinishedSale(database.truth);
  const states = Object.keys(ENTRY_TABLE) as StoredEntryState[];
  const differ: string[] = [];
  for (const from of states) {
    const reachable = new Set(
      Object.values(ENTRY_TABLE[from]).flatMap((outcome) => ("to" in outcome ? [outcome.to] : [])),
    );
    for (const to of states) {
      if (from === to) continue;
      const error = await database.truth
        .transaction(async (tx) => {
          const { rows } = await tx.query<{ id: string }>(
            "SELECT entry_id AS id FROM entries WHERE sale_id = $1 LIMIT 1",
            [saleId],
          );
          // Put there behind the trigger's back; nothing of it is committed.
          await tx.query("SET LOCAL session_replication_role = replica");
          await tx.query("UPDATE entries SET state = $2, hold_id = 'h' WHERE entry_id = $1", [
            rows[0]?.id,
            from,
          ]);
          await tx.query("SET LOCAL session_replication_role = origin");
          await tx.query("UPDATE entries SET state = $2 WHERE entry_id = $1", [rows[0]?.id, to]);
          throw new Error("it may");
        })
        .catch((thrown: unknown) => String(thrown));
      // A check of the row's other columns may object after the trigger; a database that is away says nothing of either.
      if (!/it may|cannot go from|violates/.test(error)) throw new Error(`${from} → ${to}: ${error}`);
      const may = !/cannot go from/.test(error);
      if (may !== reachable.has(to))
        differ.push(`${from} → ${to}: PostgreSQL ${may ? "lets it" : "does not"}`);
    }
  }
  expect(differ).toEqual([]);
});
