// A finished sale passes every check, and for each check a row or key is spoiled so that it fails and all the
// others still pass: no check is blind, and none cries for another's reason.
import { readFileSync } from "node:fs";
import { REPORT_CHECKS, type ReportCheckName, reportSchema } from "@dropgate/contracts/report";
import { HotStore } from "@dropgate/lua";
import { ABSENT, FREE } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import type { Statements } from "@dropgate/sql";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { rebuildLane } from "../rebuilding.ts";
import { aFinishedSale, type FinishedSale } from "./a-finished-sale.ts";
import { CHECKS, saleReport } from "./report.ts";
import { closePages } from "./write-story.ts";

let database: TestDatabase;
let hotStore: HotStore;

beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  hotStore = new HotStore({ url: inject("redisUrl") });
  await hotStore.whenReady(10_000);
});
afterAll(async () => {
  await hotStore.close();
  await database.drop();
});

/** A sale of its own for each test, in PostgreSQL and in Redis. */
async function aSale(): Promise<FinishedSale> {
  const sale = await aFinishedSale(database.truth);
  await fillRedis(sale);
  return sale;
}

async function fillRedis({ saleId }: FinishedSale): Promise<void> {
  for (const lane of [0, 1, 2, 3]) await rebuildLane(database.truth, hotStore, saleId, lane, 0);
}

/** The report, once no transaction of anybody's holds the horizon below the sale's last row. */
async function reportOf({ saleId }: FinishedSale) {
  await expect
    .poll(async () => {
      const { rows } = await database.truth.query<{ seen: boolean }>(
        `SELECT pg_snapshot_xmin(pg_current_snapshot()) > max(tx) AS seen FROM ledger WHERE sale_id = $1`,
        [saleId],
      );
      return rows[0]?.seen;
    })
    .toBe(true);
  const report = await saleReport(database.truth, hotStore, saleId);
  if (report === null) throw new Error(`there is no sale ${saleId}`);
  return report;
}

function laneOf({ saleId }: FinishedSale, lane: number): LaneStore {
  return hotStore.lane({ saleId, lane, epoch: 1, runId: hotStore.runId });
}

type Spoil = (tx: Statements, sale: FinishedSale) => Promise<unknown>;

/** What the check under test does not judge is brought in line with what was spoiled. */
interface InLine {
  /** The ledger's pages are closed anew. */
  pages?: boolean;
  /** Redis is filled from the spoiled rows instead of the good ones. */
  redis?: boolean;
}

/** A sale that was spoiled with triggers and foreign keys off. */
async function spoiled(spoil: Spoil, inLine: InLine): Promise<FinishedSale> {
  const sale = inLine.redis ? await aFinishedSale(database.truth) : await aSale();
  await database.truth.transaction(async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await spoil(tx, sale);
  });
  if (inLine.pages) await closePages(database.truth, sale.saleId);
  if (inLine.redis) await fillRedis(sale);
  return sale;
}

async function expectOnly(
  name: ReportCheckName,
  spoil: Spoil,
  says: RegExp,
  inLine: InLine = { pages: name !== "ledger-chain" },
): Promise<void> {
  const report = await reportOf(await spoiled(spoil, inLine));
  const failed = report.checks.filter(({ ok }) => !ok);
  expect(failed).toEqual([{ name, ok: false, detail: expect.stringMatching(says) }]);
  expect(report.ok).toBe(false);
}

describe("a finished sale", () => {
  test("passes every check, and each says what it looked at", async () => {
    const sale = await aSale();
    const report = await reportOf(sale);
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

  test("is proven without Redis too", async () => {
    const sale = await aSale();
    const report = await saleReport(database.truth, null, sale.saleId);
    expect(report?.checks.at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^not looked at/),
    });
  });

  test("that is not there has no report", async () => {
    expect(await saleReport(database.truth, hotStore, "no-such-sale")).toBeNull();
  });
});

describe("each check sees what is its own to see", () => {
  // What constraints make impossible has to be possible here, or nobody could show that the checks look.
  beforeAll(async () => {
    await database.truth.query(`
      DO $$ DECLARE it record; BEGIN
        FOR it IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u')
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.relation, it.conname); END LOOP;
        FOR it IN SELECT indexrelid::regclass AS index FROM pg_index JOIN pg_class c ON c.oid = indrelid
          WHERE c.relnamespace = 'public'::regnamespace AND indisunique AND NOT indisprimary
        LOOP EXECUTE format('DROP INDEX %s', it.index); END LOOP;
      END $$`);
  });

  test("units-add-up: a sale with a unit less than it was made with", () =>
    expectOnly(
      "units-add-up",
      (tx, { saleId }) => tx.query("UPDATE sales SET quantity = quantity + 1 WHERE id = $1", [saleId]),
      /= 8, but the sale has 9 units/,
    ));

  test("no-unit-twice: a cancelled order that was brought back after its unit was sold again", () =>
    expectOnly(
      "no-unit-twice",
      bringBackCancelled,
      /unit 2 is in holds .* at once; unit 2 is sold by orders/,
    ));

  test("no-unit-twice: a unit that was given out while somebody had it, though it is long over", () =>
    expectOnly(
      "no-unit-twice",
      async (tx, sale) => {
        // The lapse is told after the next offer of the unit: for a while it was in two hands.
        const lapsed = sale.holdOf(9, 2);
        await tx.query(
          `WITH gone AS (DELETE FROM ledger WHERE hold_id = $1 AND act = 'lapsed'
             RETURNING sale_id, act, unit, hold_id, entry_id, actor, data)
           INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data) SELECT * FROM gone`,
          [lapsed.holdId],
        );
      },
      /unit 2 was held by hold \S+ when ledger row \d+ gave it to hold/,
    ));

  test("holds-match-units: two sold units that name each other's holds", () =>
    expectOnly("holds-match-units", swapHolds, /unit 1 is sold by hold .* which is of unit 7/));

  test("limit-per-shopper: two units in the hands of one shopper", () =>
    expectOnly(
      "limit-per-shopper",
      async (tx, sale) => {
        const [one, other] = [sale.holdOf(1), sale.holdOf(8)];
        const { shopper } = one.entry;
        await tx.query("UPDATE holds SET shopper = $2, slot = 2 WHERE hold_id = $1", [other.holdId, shopper]);
      },
      /has 2 holds .* the limit is 1/,
    ));

  test("limit-per-shopper: a hold that was booked on somebody else", () =>
    expectOnly(
      "limit-per-shopper",
      (tx, sale) =>
        tx.query("UPDATE holds SET shopper = 'm:nobody' WHERE hold_id = $1", [sale.holdOf(1).holdId]),
      /is for an entry of "m:/,
    ));

  test("orders-match-holds: a confirmed hold whose order is gone", () =>
    expectOnly(
      "orders-match-holds",
      (tx, sale) => tx.query("DELETE FROM orders WHERE hold_id = $1", [sale.holdOf(1).holdId]),
      /is confirmed and has 0 orders/,
    ));

  test("orders-match-holds: a cancelled order whose hold is confirmed", () =>
    expectOnly(
      "orders-match-holds",
      (tx, sale) =>
        tx.query("UPDATE orders SET cancelled_at = now() WHERE hold_id = $1", [sale.holdOf(1).holdId]),
      /is confirmed but its order .* is cancelled/,
    ));

  test("orders-match-holds: an order of a hold that is not there", () =>
    expectOnly(
      "orders-match-holds",
      (tx, { saleId }) =>
        tx.query("INSERT INTO orders (order_id, sale_id, hold_id, cancelled_at) VALUES ($1, $1, $1, now())", [
          saleId,
        ]),
      /names hold .* which is not there/,
    ));

  test("tickets-without-gaps: a number that was kept back", () =>
    expectOnly(
      "tickets-without-gaps",
      (tx, { saleId }) => tx.query("UPDATE sales SET next_ticket = next_ticket + 1 WHERE id = $1", [saleId]),
      /the buckets end before ticket 20, but the sale goes on with 21/,
    ));

  test("tickets-without-gaps: an entry whose ticket is gone", () =>
    expectOnly(
      "tickets-without-gaps",
      (tx, sale) => tx.query("DELETE FROM tickets WHERE entry_id = $1", [sale.entryOf(19).entryId]),
      /tickets 19 to 19 are not there; entry \S+ is on the list of bucket 2 but has no ticket/,
      { redis: true },
    ));

  test("tickets-without-gaps: an entry that was drawn twice", () =>
    expectOnly(
      "tickets-without-gaps",
      (tx, sale) =>
        tx.query("INSERT INTO tickets (sale_id, ticket, entry_id, bucket) VALUES ($1, 20, $2, 2)", [
          sale.saleId,
          sale.entryOf(19).entryId,
        ]),
      /^entry \S+ has tickets 19 and 20$/,
    ));

  test("tickets-without-gaps: an arrival that is on no list", () =>
    expectOnly(
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
    expectOnly(
      "offers-in-ticket-order",
      (tx, sale) => swapLedgerRows(tx, sale.holdOf(1).holdId, sale.holdOf(2).holdId),
      /ticket 1 was offered after ticket 2/,
    ));

  test("offers-in-ticket-order: somebody who left only after being passed over", () =>
    expectOnly(
      "offers-in-ticket-order",
      (tx, sale) =>
        tx.query(
          "UPDATE ledger SET at = at + interval '1 minute' WHERE entry_id = $1 AND act = 'entry.left'",
          [sale.entryOf(5).entryId],
        ),
      /ticket 6 was offered before ticket 5 .* left/,
    ));

  test("offers-in-ticket-order: somebody whom serving has passed while they wait", () =>
    expectOnly(
      "offers-in-ticket-order",
      (tx, { saleId }) => tx.query("UPDATE sales SET serving = 19 WHERE id = $1", [saleId]),
      /serving went past ticket 19/,
    ));

  test("admission-rate: offers faster than the sale was told to make them", () =>
    expectOnly(
      "admission-rate",
      (tx, { saleId }) => setRate(tx, saleId, "sale.created", { ratePerSecond: 0.1, burst: 1 }),
      /was offered .* too early at 0.1 a second and 1 at once/,
    ));

  test("admission-rate: offers that go on as before after the rate was lowered", () =>
    expectOnly(
      "admission-rate",
      (tx, { saleId }) => setRate(tx, saleId, "admission.changed", { ratePerSecond: 0.01, burst: 1 }),
      /too early at 0.01 a second and 1 at once/,
    ));

  test("draw-recomputed: another secret than was promised", () =>
    expectOnly(
      "draw-recomputed",
      (tx, { saleId }) => tx.query("UPDATE sales SET commitment = sha256('another') WHERE id = $1", [saleId]),
      /the secret is not the one whose SHA-256 was published/,
    ));

  test("draw-recomputed: a list that is not the frozen one", () =>
    expectOnly(
      "draw-recomputed",
      (tx, { saleId }) =>
        tx.query("UPDATE draw_buckets SET digest = sha256('another') WHERE sale_id = $1 AND bucket = 1", [
          saleId,
        ]),
      /bucket 1's list has another digest than was frozen/,
    ));

  test("draw-recomputed: a seed that was tried until somebody won", () =>
    expectOnly(
      "draw-recomputed",
      (tx, { saleId }) =>
        tx.query("UPDATE draw_buckets SET seed = sha256('lucky') WHERE sale_id = $1 AND bucket = 0", [
          saleId,
        ]),
      /bucket 0 was drawn with another seed than its digest gives/,
    ));

  test("draw-recomputed: two tickets that changed hands", () =>
    expectOnly(
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
      /ticket 1 of bucket 0 is entry \S+'s, the draw gives it to/,
      { pages: true, redis: true },
    ));

  test("ledger-chain: a row that was changed after its page was closed", () =>
    expectOnly(
      "ledger-chain",
      (tx, sale) =>
        tx.query("UPDATE ledger SET actor = 'nobody' WHERE hold_id = $1", [sale.holdOf(1).holdId]),
      /page 1 .* has another hash than when it was closed/,
    ));

  test("ledger-chain: a row that was slipped into a closed page", () =>
    expectOnly(
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
    expectOnly(
      "ledger-chain",
      (tx, { saleId }) => tx.query("DELETE FROM ledger_pages WHERE sale_id = $1 AND page = 2", [saleId]),
      /page 2 is not there/,
    ));

  test("ledger-chain: a page with the rows of none before it", () =>
    expectOnly(
      "ledger-chain",
      (tx, { saleId }) =>
        tx.query(
          `INSERT INTO ledger (tx, sale_id, act, actor) VALUES ('1'::xid8, $1, 'sale.changed', 'operator')`,
          [saleId],
        ),
      /1 rows lie before the first page/,
    ));

  test("ledger-replays: a move that was not written down", () =>
    expectOnly(
      "ledger-replays",
      (tx, sale) =>
        tx.query("DELETE FROM ledger WHERE hold_id = $1 AND act = 'claimed'", [sale.holdOf(1).holdId]),
      /says payment.started, but it was offered/,
    ));

  test("ledger-replays: a hold that ended otherwise than was written down", () =>
    expectOnly(
      "ledger-replays",
      (tx, sale) =>
        tx.query("UPDATE holds SET state = 'expired' WHERE hold_id = $1", [sale.holdOf(7).holdId]),
      /is expired, the ledger ends in released/,
    ));

  test("ledger-replays: a unit that went back to stock without a row", () =>
    expectOnly(
      "ledger-replays",
      (tx, { saleId }) => tx.query("DELETE FROM ledger WHERE sale_id = $1 AND act = 'returned'", [saleId]),
      /unit \d is returned, the ledger ends in free/,
    ));

  test("ledger-replays: a row about a hold that is not there", () =>
    expectOnly(
      "ledger-replays",
      (tx, { saleId }) =>
        tx.query(
          "INSERT INTO ledger (sale_id, act, hold_id, actor) VALUES ($1, 'claimed', 'a-stranger', 'shopper')",
          [saleId],
        ),
      /says claimed of hold a-stranger, which is not there/,
    ));

  test("redis-agrees: a sold unit that lies in a pool", () =>
    expectOnly(
      "redis-agrees",
      async (_, sale) => {
        const { unit, holdId } = sale.holdOf(1);
        await laneOf(sale, 0).mark([{ unit, seen: holdId, becomes: FREE }]);
      },
      /unit 1 is sold by hold \S+, lane 0 has it free/,
    ));

  test("redis-agrees: a unit that is in no pool", () =>
    expectOnly(
      "redis-agrees",
      async (_, sale) => {
        const { unit, holdId } = sale.holdOf(1);
        await laneOf(sale, 0).mark([{ unit, seen: holdId, becomes: ABSENT }]);
      },
      /unit 1 is sold by hold \S+, lane 0 has it not at all/,
    ));

  test("redis-agrees: a unit that PostgreSQL never had", () =>
    expectOnly(
      "redis-agrees",
      (_, sale) => laneOf(sale, 1).mark([{ unit: 99, seen: ABSENT, becomes: FREE }]),
      /lane 1 has 1 records of units that are not in its pool/,
    ));

  test("redis-agrees: a card that tells another story", () =>
    expectOnly(
      "redis-agrees",
      (_, sale) => rewriteCard(sale, 7, { state: "left" }),
      /entry \S+: state is released, its card says left, rev is \d+, its card says \d+/,
    ));

  test("redis-agrees: a hold that ended long ago and nobody followed", () =>
    expectOnly(
      "redis-agrees",
      async (tx, sale) => {
        const { unit, holdId } = sale.holdOf(7);
        const { holdId: now } = sale.units[unit - 1] ?? { holdId: null };
        const lane = laneOf(sale, (unit - 1) % 2);
        await lane.mark([{ unit, seen: now ?? "withdrawal:returned", becomes: holdId }]);
        await tx.query("UPDATE holds SET applied_rev = rev - 1 WHERE hold_id = $1", [holdId]);
      },
      /unit \d is .*, lane \d has it taken by/,
    ));
});

describe("what is under way is named and fails nothing", () => {
  test("a unit that a tick has just taken", async () => {
    const sale = await spoiled(async (_, { saleId, units }) => {
      const back = units.find(({ state }) => state === "returned");
      if (back === undefined) throw new Error("the story has no unit that went back");
      const seen = "withdrawal:returned";
      const lane = hotStore.lane({ saleId, lane: back.lane, epoch: 1, runId: hotStore.runId });
      await lane.mark([{ unit: back.unit, seen, becomes: "a-hold-on-its-way" }]);
    }, {});
    const report = await reportOf(sale);
    expect(report.checks.at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/1 under way \(unit \d is returned, lane \d has it taken by a-hold/),
    });
  });

  test("a lane whose epoch has been raised", async () => {
    const sale = await spoiled(
      (tx, { saleId }) => tx.query("UPDATE lanes SET epoch = 2 WHERE sale_id = $1 AND lane = 1", [saleId]),
      {},
    );
    const report = await reportOf(sale);
    expect(report.checks.at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/not looked at, being rebuilt: lane 1$/),
    });
  });
});

test("the reference tells every check, and no other", () => {
  const text = readFileSync(new URL("../../../docs/reference/report.md", import.meta.url), "utf8");
  const told = [...text.matchAll(/^## `([a-z-]+)`$/gm)].map((match) => match[1]);
  expect(told).toEqual([...REPORT_CHECKS]);
  expect(Object.keys(CHECKS)).toEqual([...REPORT_CHECKS]);
});

const bringBackCancelled: Spoil = async (tx, sale) => {
  const { holdId } = sale.holdOf(2);
  await tx.query("UPDATE holds SET state = 'confirmed' WHERE hold_id = $1", [holdId]);
  await tx.query("UPDATE orders SET cancelled_at = NULL WHERE hold_id = $1", [holdId]);
  await tx.query("DELETE FROM ledger WHERE hold_id = $1 AND act = 'cancelled'", [holdId]);
};

/** In Redis too, so that only the two tables disagree. */
const swapHolds: Spoil = async (tx, sale) => {
  const [one, other] = [sale.holdOf(1), sale.holdOf(8)];
  await tx.query(
    "UPDATE units SET hold_id = CASE unit WHEN $2 THEN $5 ELSE $4 END WHERE sale_id = $1 AND unit IN ($2, $3)",
    [sale.saleId, one.unit, other.unit, one.holdId, other.holdId],
  );
  const [laneOfOne, laneOfOther] = [one, other].map(({ unit }) => laneOf(sale, (unit - 1) % 2));
  await laneOfOne?.mark([{ unit: one.unit, seen: one.holdId, becomes: other.holdId }]);
  await laneOfOther?.mark([{ unit: other.unit, seen: other.holdId, becomes: one.holdId }]);
};

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

/** Writes a ticket's card with the next revision. */
async function rewriteCard(sale: FinishedSale, ticket: number, change: object): Promise<void> {
  const { lane, shopperKey } = sale.entryOf(ticket);
  const store = laneOf(sale, lane);
  const seen = await store.look([shopperKey]);
  const card = seen.ok ? seen.value[0] : null;
  if (card === null || card === undefined) throw new Error(`ticket ${ticket} has no card`);
  await store.cards([{ key: shopperKey, card: { ...card, rev: card.rev + 1, ...change } }], false);
}
