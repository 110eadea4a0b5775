import type { Statements } from "@dropgate/sql";
import {
  insertOffers,
  lockFreeUnits,
  lockWinners,
  type TickSale,
  type Winner,
} from "@dropgate/sql/admission/tick-sale";
import { readEntries, readLaneEntries } from "@dropgate/sql/entries/entry-row";
import { listDrawnEntries } from "@dropgate/sql/sales/draw";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SaleStage } from "../sale-stage.ts";
import { fillEntries } from "../sealing/full-lobby.ts";

const CROWD = 6_000;
const OFFERS = 300;

let stage: SaleStage;
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  const { id, tag, laneCount } = await stage.createSale({ quantity: 4_000 });
  await fillEntries({ truth: stage.truth, saleId: id, tag, laneCount, count: CROWD });
  await stage.truth.query(
    `INSERT INTO tickets (sale_id, ticket, entry_id, bucket)
     SELECT $1, row_number() OVER (ORDER BY right(entry_id, 22)), entry_id, 0 FROM entries WHERE sale_id = $1`,
    [id],
  );
});
afterAll(async () => {
  await stage.close();
});

/** Runs the work in a transaction that is rolled back. @returns which tables its statements read from end to end */
async function tablesReadWhole(work: (tx: Statements) => Promise<void>): Promise<Set<string>> {
  const whole = new Set<string>();
  class Enough extends Error {}
  const told = stage.truth.transaction(async (tx) => {
    // Our connections prefer indexes anyway; the statements are held to it without that.
    await tx.query("SET LOCAL enable_seqscan = on");
    await work({
      async query(text: string, values: readonly unknown[] = []) {
        const { rows } = await tx.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
        for (const { "QUERY PLAN": line } of rows) {
          const table = /Seq Scan on (\w+)/.exec(line)?.[1];
          if (table !== undefined) whole.add(table);
          if (/Join Filter: .*\b(unit|entry_id)\b/.test(line)) whole.add(`each with each: ${line.trim()}`);
        }
        return tx.query(text, values) as never;
      },
    });
    throw new Enough();
  });
  await expect(told).rejects.toThrow(Enough);
  return whole;
}

test.each([
  ["as long as PostgreSQL has not counted them", ""],
  ["when it has", "ANALYZE"],
])(
  "a tick's statements look up by key, so that it costs the same however many wait: %s",
  async (_, first) => {
    if (first !== "") await stage.truth.query(first);
    const sale = {
      saleId: stage.sale.id,
      limitPerShopper: 1,
      serving: 0,
      drawnTo: CROWD,
      claimWindowSeconds: 60,
    };
    const whole = await tablesReadWhole(async (tx) => {
      const winners = await lockWinners(tx, sale as TickSale, OFFERS, []);
      expect(winners).toHaveLength(OFFERS);
      const { rows: takes } = await stage.truth.query<{ unit: number; lane: number }>(
        "SELECT unit, lane FROM units WHERE sale_id = $1 ORDER BY unit LIMIT $2",
        [stage.sale.id, OFFERS],
      );
      expect((await lockFreeUnits(tx, stage.sale.id, takes)).size).toBe(OFFERS);
      const offers = winners.map((winner, i) => ({
        holdId: `hold ${i}`,
        unit: takes[i]?.unit ?? 0,
        winner: winner as Winner & { slot: number },
      }));
      expect(await insertOffers(tx, sale as TickSale, offers)).toBe(OFFERS);
      const entries = await readEntries(
        tx,
        winners.map((winner) => winner.entryId),
      );
      expect(entries.map((entry) => entry.state)).toEqual(winners.map(() => "offered"));
    });
    // The small ones: one sale, and holds as long as there are none.
    expect([...whole].filter((table) => table !== "sales" && table !== "holds")).toEqual([]);
  },
);

test("a page of a lane's entries, and of a drawn bucket's, costs the same however many there are", async () => {
  const whole = await tablesReadWhole(async (tx) => {
    expect(await readLaneEntries(tx, stage.sale.id, 0, 0, 500)).toHaveLength(500);
    const range = { lane: 0, fromSeq: 0, toSeq: 1_400 };
    const pages: number[] = [];
    for await (const page of listDrawnEntries(tx, stage.sale.id, [range], 500)) pages.push(page.length);
    expect(pages).toEqual([500, 500, 400]);
  });
  expect([...whole].filter((table) => table !== "sales" && table !== "holds")).toEqual([]);
});
