// Tickets that two workers append at once, or one after the other's death within a batch.
import { appendTickets, type TicketRange, wholeBatches } from "@dropgate/sql/sealing/append-tickets";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SaleStage } from "../sale-stage.ts";
import { fillEntries } from "./full-lobby.ts";

const COUNT = 10;

let stage: SaleStage;
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(async () => {
  await stage.close();
});

/** A sale with a crowd that has no tickets yet. */
async function undrawn(): Promise<{ range: TicketRange; ids: string[] }> {
  const { id, tag, laneCount } = await stage.createSale({ quantity: 4 });
  await fillEntries({ truth: stage.truth, saleId: id, tag, laneCount, count: COUNT });
  const { rows } = await stage.truth.query<{ id: string }>(
    "SELECT entry_id AS id FROM entries WHERE sale_id = $1 ORDER BY entry_id",
    [id],
  );
  return {
    range: { saleId: id, bucket: 0, firstTicket: 1, count: COUNT },
    ids: rows.map((row) => row.id),
  };
}

async function ticketsOf(saleId: string): Promise<string[]> {
  const { rows } = await stage.truth.query<{ id: string }>(
    "SELECT entry_id AS id FROM tickets WHERE sale_id = $1 ORDER BY ticket",
    [saleId],
  );
  return rows.map((row) => row.id);
}

test.each([
  ["none", 0],
  ["some", 4],
  ["all", COUNT],
])("a batch is whole afterwards, whether %s of it was there", async (_, there) => {
  const { range, ids } = await undrawn();
  await appendTickets(stage.truth, range, 0, ids.slice(0, there));
  await appendTickets(stage.truth, range, 0, ids);
  expect(await ticketsOf(range.saleId)).toEqual(ids);
  expect(await wholeBatches(stage.truth, range, COUNT)).toEqual(new Set([0]));
});

test("what is refused for another reason is no row that is there", async () => {
  const { range, ids } = await undrawn();
  await expect(
    appendTickets(stage.truth, range, 0, [...ids.slice(1), "aaaaaa00-nobody"]),
  ).rejects.toMatchObject({
    code: "23503",
  });
  expect(await ticketsOf(range.saleId)).toEqual([]);
});
