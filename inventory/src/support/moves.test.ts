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
  const sale = await aFinishedSale(database.truth);
  // Of a shopper with no other entry: of one shopper's entries one is open.
  const { entryId } = sale.entryOf(1);
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
          // Put there behind the trigger's back; nothing of it is committed.
          await tx.query("SET LOCAL session_replication_role = replica");
          await tx.query("UPDATE entries SET state = $2, hold_id = 'h' WHERE entry_id = $1", [entryId, from]);
          await tx.query("SET LOCAL session_replication_role = origin");
          await tx.query("UPDATE entries SET state = $2 WHERE entry_id = $1", [entryId, to]);
          throw new Error("it may");
        })
        .catch((thrown: unknown) => String(thrown));
      if (!/it may|cannot go from/.test(error)) throw new Error(`${from} → ${to}: ${error}`);
      const may = !/cannot go from/.test(error);
      if (may !== reachable.has(to))
        differ.push(`${from} → ${to}: PostgreSQL ${may ? "lets it" : "does not"}`);
    }
  }
  expect(differ).toEqual([]);
});
