// The inventory's proof: one row is spoiled, and its check alone fails.
import type { InventoryCheckName } from "@dropgate/contracts/inventory-report";
import { LEDGER_PAGE_ROWS_MAX } from "@dropgate/contracts/limits";
import type { Statements } from "@dropgate/sql";
import { closeInventoryPage } from "@dropgate/sql/levels/close-page";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import fc from "fast-check";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "../act.ts";
import { availableOf } from "../judge.ts";
import { insertPlaces } from "../places.ts";
import { inventoryReport } from "./report.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase(inject("databaseUrl"));
  await insertPlaces(database.truth, ["a|b", "c"], ["east", "west"]);
  for (let i = 1; i <= 4; i++) await receive("a|b", i);
});
afterEach(() => database.drop());

async function receive(sku: string, count: number): Promise<void> {
  await database.truth.transaction((tx) =>
    actOnLevelsIn(
      tx,
      ["east", "west"].map((locationId) => ({
        sku,
        locationId,
        deltas: { onHand: count, damaged: 1 },
        type: "adjustment",
        actor: "tester",
      })),
    ),
  );
}

/** Closes pages until all rows that are there are in one: other tests' transactions hold the horizon back. */
async function closeAll(): Promise<number> {
  let pages = 0;
  const waiting = async (): Promise<number | undefined> => {
    if ((await closeInventoryPage(database.truth)) > 0) pages++;
    const { rows } = await database.truth.query<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM inventory_transactions
       WHERE tx >= coalesce((SELECT max(to_tx) FROM inventory_pages), '0')`,
    );
    return rows[0]?.waiting;
  };
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  return pages;
}

async function spoil(work: (tx: Statements) => Promise<unknown>): Promise<void> {
  await database.truth.transaction(async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await work(tx);
  });
}

async function expectOnly(name: InventoryCheckName, says: RegExp): Promise<void> {
  const { ok, checks } = await inventoryReport(database.truth);
  const failed = checks.filter((check) => !check.ok);
  expect(failed).toEqual([{ name, ok: false, detail: expect.stringMatching(says) }]);
  expect(ok).toBe(false);
}

test("what nobody spoiled is proven, closed or not", async () => {
  expect(await inventoryReport(database.truth)).toMatchObject({
    ok: true,
    checks: [
      { detail: "2 levels are the sums of their transactions" },
      { detail: "what 2 levels have promised is what orders and sales have of them" },
      { detail: "0 pages of 0 rows are intact; 8 rows wait for their page" },
    ],
  });
  await closeAll();
  await receive("c", 1);
  await closeAll();
  const { ok, checks } = await inventoryReport(database.truth);
  expect([ok, checks[2]?.detail]).toEqual([
    true,
    expect.stringMatching(/^\d pages of 10 rows are intact; 0 rows wait/),
  ]);
});

test("levels-are-sums: a level that was changed and nothing written down", async () => {
  await spoil((tx) => tx.query("UPDATE inventory_levels SET damaged = 5 WHERE location_id = 'west'"));
  await expectOnly("levels-are-sums", /^damaged of a\|b at west is 5, its transactions make 4$/);
});

test("levels-are-sums: transactions of a level that is not there", async () => {
  await spoil((tx) => tx.query("DELETE FROM inventory_levels WHERE location_id = 'west'"));
  await expectOnly("levels-are-sums", /^4 transactions are of a\|b at west, which is no level$/);
});

test("promises-match-orders: stock that is reserved for nobody", async () => {
  await database.truth.transaction((tx) =>
    actOnLevelsIn(tx, [
      { sku: "a|b", locationId: "east", deltas: { reserved: 2 }, type: "adjustment", actor: "a bug" },
    ]),
  );
  await expectOnly("promises-match-orders", /^reserved of a\|b at east is 2, orders and sales have 0$/);
});

test("inventory-chain: a row that was changed after its page was closed", async () => {
  await closeAll();
  await spoil((tx) => tx.query("UPDATE inventory_transactions SET actor = 'nobody' WHERE id = 1"));
  await expectOnly("inventory-chain", /^page 1 .* has another hash than when it was closed$/);
});

test("inventory-chain: a row that was slipped into a closed page", async () => {
  await closeAll();
  await spoil((tx) =>
    tx.query(
      `INSERT INTO inventory_transactions (tx, note, type, actor)
       SELECT tx, true, 'level.changed', 'nobody' FROM inventory_transactions WHERE id = 1`,
    ),
  );
  await expectOnly("inventory-chain", /^page 1 .* was closed with \d+ rows and has \d+$/);
});

test("pages that several workers close at once, while stock moves, are one whole chain", async () => {
  const written = new AbortController();
  const closers = Array.from({ length: 3 }, async () => {
    while (!written.signal.aborted) await closeInventoryPage(database.truth);
  });
  await Promise.all(
    Array.from({ length: 4 }, async (_, i) => {
      for (let n = 0; n < 40; n++) await receive(i % 2 === 0 ? "c" : "a|b", 1);
    }),
  );
  written.abort();
  await Promise.all(closers);
  await closeAll();
  const { ok, checks } = await inventoryReport(database.truth);
  expect([ok, checks[2]?.detail]).toEqual([
    true,
    expect.stringMatching(/pages of 328 rows are intact; 0 rows/),
  ]);
});

test("whatever is asked at once, levels stay the sums of their transactions and nothing is promised twice", async () => {
  const anyChange = fc.record({
    sku: fc.constantFrom("a|b", "c", "unknown"),
    locationId: fc.constantFrom("east", "west"),
    deltas: fc.constantFrom(
      { onHand: 3 },
      { reserved: 2 },
      { reserved: -1, allocated: 1 },
      { onHand: -1, allocated: -1 },
    ),
    type: fc.constant("adjustment" as const),
    actor: fc.constant("tester"),
    guarded: fc.constant(true),
    groupId: fc.constantFrom("one", "two", "three"),
  });
  const batches = fc.array(fc.array(anyChange, { maxLength: 8 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await Promise.all(all.map((changes) => database.truth.transaction((tx) => actOnLevelsIn(tx, changes))));
      const { checks } = await inventoryReport(database.truth);
      expect(checks[0]).toMatchObject({ name: "levels-are-sums", ok: true });
      const levels = await listLevels(database.truth, { sku: undefined, locationId: undefined }, null, 10);
      for (const level of levels) expect(availableOf(level)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 40 },
  );
});

test("a page that is full ends with a transaction, and the next goes on", async () => {
  await spoil((tx) =>
    tx.query(
      `INSERT INTO inventory_transactions (tx, note, type, actor)
       SELECT ('3'::text)::xid8, true, 'level.changed', 'x' FROM generate_series(1, $1::int + 5)
       UNION ALL SELECT ('4'::text)::xid8, true, 'level.changed', 'x' FROM generate_series(1, 5)`,
      [LEDGER_PAGE_ROWS_MAX],
    ),
  );
  expect(await closeInventoryPage(database.truth)).toBe(LEDGER_PAGE_ROWS_MAX + 5);
  await closeAll();
  expect((await inventoryReport(database.truth)).ok).toBe(true);
});
