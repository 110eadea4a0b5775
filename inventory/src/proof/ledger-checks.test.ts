// The ledger's chain and its replay: one row or page is spoiled, and its check alone fails.
import { afterAll, beforeAll, inject, test } from "vitest";
import { ProofStage } from "./proof-stage.ts";

let stage: ProofStage;
beforeAll(async () => {
  const stores = { databaseUrl: inject("databaseUrl"), redisUrl: inject("redisUrl") };
  stage = await ProofStage.open(stores, "none");
});
afterAll(async () => {
  await stage.close();
});

test("ledger-chain: a row that was changed after its page was closed", () =>
  stage.expectOnly(
    "ledger-chain",
    (tx, sale) => tx.query("UPDATE ledger SET actor = 'nobody' WHERE hold_id = $1", [sale.holdOf(1).holdId]),
    /page 1 .* has another hash than when it was closed/,
  ));

test("ledger-chain: a row that was slipped into a closed page", () =>
  stage.expectOnly(
    "ledger-chain",
    (tx, { saleId }) =>
      tx.query(
        `INSERT INTO ledger (tx, sale_id, act, actor)
         SELECT from_tx, sale_id, 'sale.changed', 'operator' FROM ledger_pages WHERE sale_id = $1 AND page = 2`,
        [saleId],
      ),
    /page 2 .* was closed with \d+ rows and has \d+/,
  ));

test("ledger-chain: a page that was taken out", () =>
  stage.expectOnly(
    "ledger-chain",
    (tx, { saleId }) => tx.query("DELETE FROM ledger_pages WHERE sale_id = $1 AND page = 2", [saleId]),
    /page 2 is not there/,
  ));

test("ledger-chain: a page with the rows of none before it", () =>
  stage.expectOnly(
    "ledger-chain",
    (tx, { saleId }) =>
      tx.query(
        `INSERT INTO ledger (tx, sale_id, act, actor) VALUES ('1'::xid8, $1, 'sale.changed', 'operator')`,
        [saleId],
      ),
    /1 rows lie before the first page/,
  ));

test("ledger-replays: a move that was not written down", () =>
  stage.expectOnly(
    "ledger-replays",
    (tx, sale) =>
      tx.query("DELETE FROM ledger WHERE hold_id = $1 AND act = 'claimed'", [sale.holdOf(1).holdId]),
    /says payment.started, but it was offered/,
  ));

test("ledger-replays: a hold that ended otherwise than was written down", () =>
  stage.expectOnly(
    "ledger-replays",
    (tx, sale) => tx.query("UPDATE holds SET state = 'expired' WHERE hold_id = $1", [sale.holdOf(7).holdId]),
    /is expired, the ledger ends in released/,
  ));

test("ledger-replays: a unit that went back to stock without a row", () =>
  stage.expectOnly(
    "ledger-replays",
    (tx, { saleId }) => tx.query("DELETE FROM ledger WHERE sale_id = $1 AND act = 'returned'", [saleId]),
    /unit \d is returned, the ledger ends in free/,
  ));

test("ledger-replays: a row about a hold that is not there", () =>
  stage.expectOnly(
    "ledger-replays",
    (tx, { saleId }) =>
      tx.query(
        "INSERT INTO ledger (sale_id, act, hold_id, actor) VALUES ($1, 'claimed', 'a-stranger', 'shopper')",
        [saleId],
      ),
    /says claimed of hold a-stranger, which is not there/,
  ));
