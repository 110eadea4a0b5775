// Tickets, offers, rate and draw: one of them is spoiled, and its check alone fails.
import type { Statements } from "@dropgate/sql";
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

test("tickets-without-gaps: a number that was kept back", () =>
  stage.expectOnly(
    "tickets-without-gaps",
    (tx, { saleId }) => tx.query("UPDATE sales SET next_ticket = next_ticket + 1 WHERE id = $1", [saleId]),
    /the buckets end before ticket 20, but the sale goes on with 21/,
  ));

test("tickets-without-gaps: an entry whose ticket is gone", () =>
  stage.expectOnly(
    "tickets-without-gaps",
    (tx, sale) => tx.query("DELETE FROM tickets WHERE entry_id = $1", [sale.entryOf(19).entryId]),
    /tickets 19 to 19 are not there; entry \S+ is on the list of bucket 2 but has no ticket/,
    { redis: true },
  ));

test("tickets-without-gaps: an entry that was drawn twice", () =>
  stage.expectOnly(
    "tickets-without-gaps",
    (tx, sale) =>
      tx.query("INSERT INTO tickets (sale_id, ticket, entry_id, bucket) VALUES ($1, 20, $2, 2)", [
        sale.saleId,
        sale.entryOf(19).entryId,
      ]),
    /^entry \S+ has tickets 19 and 20$/,
  ));

test("tickets-without-gaps: an arrival that is on no list", () =>
  stage.expectOnly(
    "tickets-without-gaps",
    (tx, { saleId }) =>
      tx.query(
        `WITH range AS (SELECT * FROM draw_bucket_ranges WHERE sale_id = $1 AND bucket = 0 ORDER BY lane LIMIT 1)
         INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, state, bucket, seq)
         SELECT $1 || '-forgotten', $1, lane, shopper || '!', shopper_key || '!', 1, 'left', 0, 0
         FROM entries JOIN range USING (sale_id, lane) ORDER BY seq LIMIT 1`,
        [saleId],
      ),
    /entry \S+-forgotten \(lane \d, arrival 0\) is on no list, but later ones are/,
  ));

test("offers-in-ticket-order: two offers of a tick that went out crosswise", () =>
  stage.expectOnly(
    "offers-in-ticket-order",
    (tx, sale) => swapLedgerRows(tx, sale.holdOf(1).holdId, sale.holdOf(2).holdId),
    /ticket 1 was offered after ticket 2/,
  ));

test("offers-in-ticket-order: somebody who left only after being passed over", () =>
  stage.expectOnly(
    "offers-in-ticket-order",
    (tx, sale) =>
      tx.query("UPDATE ledger SET at = at + interval '1 minute' WHERE entry_id = $1 AND act = 'entry.left'", [
        sale.entryOf(5).entryId,
      ]),
    /ticket 6 was offered before ticket 5 .* left/,
  ));

test("offers-in-ticket-order: somebody whom serving has passed while they wait", () =>
  stage.expectOnly(
    "offers-in-ticket-order",
    (tx, { saleId }) => tx.query("UPDATE sales SET serving = 19 WHERE id = $1", [saleId]),
    /serving went past ticket 19/,
  ));

test("admission-rate: offers faster than the sale was told to make them", () =>
  stage.expectOnly(
    "admission-rate",
    (tx, { saleId }) => setRate(tx, saleId, "sale.created", { ratePerSecond: 0.1, burst: 1 }),
    /was offered .* too early at 0.1 a second and 1 at once/,
  ));

test("admission-rate: offers that go on as before after the rate was lowered", () =>
  stage.expectOnly(
    "admission-rate",
    (tx, { saleId }) => setRate(tx, saleId, "admission.changed", { ratePerSecond: 0.01, burst: 1 }),
    /too early at 0.01 a second and 1 at once/,
  ));

test("draw-recomputed: another secret than was promised", () =>
  stage.expectOnly(
    "draw-recomputed",
    (tx, { saleId }) => tx.query("UPDATE sales SET commitment = sha256('another') WHERE id = $1", [saleId]),
    /the secret is not the one whose SHA-256 was published/,
  ));

test("draw-recomputed: a list that is not the frozen one", () =>
  stage.expectOnly(
    "draw-recomputed",
    (tx, { saleId }) =>
      tx.query("UPDATE draw_buckets SET digest = sha256('another') WHERE sale_id = $1 AND bucket = 1", [
        saleId,
      ]),
    /bucket 1's list has another digest than was frozen/,
  ));

test("draw-recomputed: a seed that was tried until somebody won", () =>
  stage.expectOnly(
    "draw-recomputed",
    (tx, { saleId }) =>
      tx.query("UPDATE draw_buckets SET seed = sha256('lucky') WHERE sale_id = $1 AND bucket = 0", [saleId]),
    /bucket 0 was drawn with another seed than its digest gives/,
  ));

test("draw-recomputed: two tickets that changed hands", () =>
  stage.expectOnly(
    "draw-recomputed",
    async (tx, sale) => {
      const [one, other] = [sale.entryOf(1), sale.entryOf(2)];
      await tx.query("DELETE FROM tickets WHERE sale_id = $1 AND ticket IN (1, 2)", [sale.saleId]);
      await tx.query(
        "INSERT INTO tickets (sale_id, ticket, entry_id, bucket) VALUES ($1, 1, $3, 0), ($1, 2, $2, 0)",
        [sale.saleId, one.entryId, other.entryId],
      );
      // Offered in the order of the new tickets, so that only the draw itself gives it away.
      await swapLedgerRows(tx, sale.holdOf(1).holdId, sale.holdOf(2).holdId);
    },
    /ticket 2 of bucket 0 is entry \S+'s, the draw puts it before entry \S+ of ticket 1/,
    { pages: true, redis: true },
  ));

/** Exchanges the places of two holds' offers in the ledger. */
async function swapLedgerRows(tx: Statements, one: string, other: string): Promise<void> {
  await tx.query(
    `UPDATE ledger l SET unit = o.unit, hold_id = o.hold_id, entry_id = o.entry_id, data = o.data
     FROM ledger o WHERE l.act = 'offered' AND o.act = 'offered'
       AND (l.hold_id, o.hold_id) IN (($1, $2), ($2, $1))`,
    [one, other],
  );
}

async function setRate(tx: Statements, saleId: string, act: string, rate: object): Promise<void> {
  await tx.query("UPDATE ledger SET data = data || $3 WHERE sale_id = $1 AND act = $2", [saleId, act, rate]);
}
