// A finished sale passes every check. That each check sees what is its own to see stands in the tests by
// subject beside this one: they spoil one row or key and see that check alone fail.
import { reportSchema } from "@dropgate/contracts/report";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ProofStage } from "./proof-stage.ts";
import { saleReport } from "./report.ts";

let stage: ProofStage;
beforeAll(async () => {
  const stores = { databaseUrl: inject("databaseUrl"), redisUrl: inject("redisUrl") };
  stage = await ProofStage.open(stores, "all");
});
afterAll(async () => {
  await stage.close();
});

test("a finished sale passes every check, and each says what it looked at", async () => {
  const sale = await stage.aSale();
  const report = await stage.reportOf(sale);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({ ok: true, units: 8, held: 0, free: 0 });
  expect(report.sold + report.returned).toBe(8);
  expect(report.sold).toBeGreaterThan(5);
  expect(Object.fromEntries(report.checks.map(({ name, detail }) => [name, detail]))).toMatchObject({
    "units-add-up": expect.stringMatching(/^0 free \+ 0 held \+ \d sold \+ \d returned = 8/),
    "tickets-without-gaps": "tickets 1 to 19 (19 rows) for 19 entries of 3 buckets",
    "offers-in-ticket-order": expect.stringMatching(/first offers in order, \d passed over/),
    "draw-recomputed": "3 buckets of 19 entries come out as they were drawn",
    "ledger-chain": expect.stringMatching(/^3 pages of \d+ rows are intact; \d+ rows wait/),
    "redis-agrees": "8 units and 18 cards in 4 lanes are as PostgreSQL says",
  });
});

test("a sale is proven without Redis too", async () => {
  const sale = await stage.aSale();
  const report = await saleReport(stage.truth, null, sale.saleId);
  expect(report?.checks.at(-1)).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/^not looked at/),
  });
});

test("a sale that is not there has no report", async () => {
  expect(await saleReport(stage.truth, stage.hotStore, "no-such-sale")).toBeNull();
});
