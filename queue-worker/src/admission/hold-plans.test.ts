// What the statements of holds cost when there are thousands: each looks up by key, whether PostgreSQL has counted yet
// or not.
import { actOnHoldsIn } from "@dropgate/inventory/holds/act";
import type { Prepared, Statements } from "@dropgate/sql";
import { insertOffers, lockWinners, type TickSale, type Winner } from "@dropgate/sql/admission/tick-sale";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { markApplied, readDueHolds, readUnapplied } from "@dropgate/sql/holds/unapplied";
import { wholeReadsOf } from "@dropgate/sql/kept-plans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SaleStage } from "../sale-stage.ts";
import { fillEntries } from "../sealing/full-lobby.ts";

const HOLDS = 3_000;
const GROUP = 64;

let stage: SaleStage;
let holdIds: string[];
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  const { truth } = stage;
  const { id, tag, laneCount } = await stage.createSale({ quantity: HOLDS });
  await fillEntries({ truth, saleId: id, tag, laneCount, count: HOLDS });
  await truth.query(
    `INSERT INTO tickets (sale_id, ticket, entry_id, bucket)
     SELECT $1, row_number() OVER (ORDER BY right(entry_id, 22)), entry_id, 0 FROM entries WHERE sale_id = $1`,
    [id],
  );
  await truth.query("UPDATE service_heartbeat SET beat_at = clock_timestamp()");
  const sale = { saleId: id, limitPerShopper: 1, serving: 0, drawnTo: HOLDS, claimWindowSeconds: 600 };
  holdIds = await truth.transaction(async (tx) => {
    const winners = await lockWinners(tx, sale as TickSale, HOLDS, []);
    const offers = winners.map((winner, i) => ({
      holdId: `h_${tag}_0_${String(i).padStart(22, "0")}`,
      unit: i + 1,
      winner: winner as Winner & { slot: number },
    }));
    await insertOffers(tx, sale as TickSale, offers);
    return offers.map((offer) => offer.holdId);
  });
  await truth.query("UPDATE holds SET published_at = clock_timestamp()");
  await act(truth, holdIds, "claim");
  await truth.query("UPDATE holds SET applied_rev = rev");
});
afterAll(async () => {
  await stage.close();
});

async function act(on: Statements, ids: readonly string[], what: "claim" | "confirm"): Promise<void> {
  const asks = ids.map((holdId) => ({ holdId, act: what, actor: "merchant" as const, entryId: null }));
  const outcomes = await actOnHoldsIn(
    on,
    asks.map((ask) => (what === "confirm" ? { ...ask, orderId: `order ${ask.holdId}` } : ask)),
  );
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
}

test.each([
  ["as long as PostgreSQL has not counted them", ""],
  ["when it has", "ANALYZE"],
])("acts on holds, and what follows them, look up by key: %s", async (_, first) => {
  if (first !== "") await stage.truth.query(first);
  const group = first === "" ? holdIds.slice(0, GROUP) : holdIds.slice(GROUP, 2 * GROUP);
  const whole: string[] = [];
  await stage.truth.transaction(async (tx) => {
    // Our connections prefer indexes anyway; the statements are held to it without that.
    await tx.query("SET LOCAL enable_seqscan = on");
    await tx.query("UPDATE service_heartbeat SET beat_at = clock_timestamp()");
    const look = async (plan: string, values: readonly unknown[]): Promise<void> => {
      const { rows } = await tx.query<{ "QUERY PLAN": string }>(plan, values);
      for (const { "QUERY PLAN": line } of rows) {
        const isWhole = /Seq Scan on (holds|units|entries|tickets)/.test(line);
        // Looked at in every live hold, and not looked up.
        const isLookedThrough = /Filter: .*((claim_by|expires_at) <|shopper =)/.test(line);
        if (isWhole || isLookedThrough) whole.push(`${line} of ${plan}`);
      }
    };
    const watched: Statements = {
      async query(statement: string | Prepared, values: readonly unknown[] = []) {
        const text = typeof statement === "string" ? statement : statement.text;
        await look(`EXPLAIN ${text}`, values);
        if (typeof statement !== "string") {
          // Its plan may be kept: by our connections, which prefer indexes. Of heartbeats there is one.
          await tx.query("SET LOCAL enable_seqscan = off");
          const reads = await wholeReadsOf(tx, text);
          whole.push(...reads.filter((read) => !read.endsWith(" service_heartbeat")));
          await tx.query("SET LOCAL enable_seqscan = on");
        }
        return tx.query(text, values) as never;
      },
    };
    await act(watched, group, "confirm");
    const unapplied = await readUnapplied(watched, stage.saleId, group, GROUP);
    expect(unapplied).toHaveLength(GROUP);
    const entryIds = unapplied.map((hold) => hold.entryId);
    expect(await readEntries(watched, entryIds)).toHaveLength(GROUP);
    await markApplied(watched, unapplied);
    expect(await readUnapplied(watched, stage.saleId, null, GROUP)).toEqual([]);
    expect(await readDueHolds(watched, GROUP)).toEqual([]);
  });
  expect(whole).toEqual([]);
});

test("no index of live holds but that of the limit begins with the sale, or it could pass for the way to a shopper", async () => {
  const { rows } = await stage.truth.query<{ name: string }>(
    `SELECT i.indexrelid::regclass::text AS name FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indrelid = 'holds'::regclass AND a.attname = 'sale_id' ORDER BY 1`,
  );
  // Those of offers and of what is unapplied hold a part of the live ones or others, so they answer no question about all.
  expect(rows.map(({ name }) => name)).toEqual(["holds_offered", "holds_slot", "holds_unapplied"]);
});
