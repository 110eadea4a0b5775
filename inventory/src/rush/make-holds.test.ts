// What PostgreSQL makes of a rush's tries, whatever Redis and the gateways thought.
import { randomBytes } from "node:crypto";
import { holdIdOf, type SaleTag } from "@dropgate/contracts/ids";
import { saleCreateSchema } from "@dropgate/contracts/sale";
import type { Truth } from "@dropgate/sql";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import type { RushAsk } from "@dropgate/sql/rush/insert-holds";
import { voidHolds } from "@dropgate/sql/rush/void-holds";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createSaleIn } from "../sales/create.ts";
import { makeRushHolds } from "./make-holds.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let truth: Truth;
let sale: SaleRow;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = database.truth;
});
afterAll(() => database.drop());

beforeEach(async () => {
  const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const request = saleCreateSchema.parse({
    title: "A rush",
    sku: "sku",
    kind: "rush",
    quantity: 5,
    limitPerShopper: 2,
    schedule: { opensAt: at(-1), closesAt: at(60) },
  });
  const created = await truth.transaction((tx) => createSaleIn(tx, request));
  if (!created.ok) throw new Error(created.refusal);
  sale = created.value;
  await phase("lobby", "drawing", "live");
  await beatService(truth);
});

async function phase(...phases: string[]): Promise<void> {
  for (const next of phases) {
    await truth.query("UPDATE sales SET phase = $2, version = version + 1 WHERE id = $1 AND phase <> $2", [
      sale.id,
      next,
    ]);
  }
}

let number = 0;
function askOf(unit: number, change: Partial<RushAsk> = {}): RushAsk {
  const name = randomBytes(16).toString("base64url");
  return {
    holdId: holdIdOf(sale.tag as SaleTag, 0, randomBytes(16).toString("base64url")),
    unit,
    pool: (unit - 1) % 4,
    entryId: `${sale.tag}00-${name}`,
    shopper: `m:${++number}`,
    shopperKey: name,
    lane: 0,
    attempt: 1,
    ...change,
  };
}
const outcomes = async (asks: readonly RushAsk[]): Promise<string[]> =>
  (await makeRushHolds(truth, sale.id, asks)).map(({ outcome }) => outcome);
const heldUnits = async (): Promise<number[]> =>
  (
    await truth.query<{ unit: number }>(
      `SELECT u.unit FROM units u JOIN holds h ON h.hold_id = u.hold_id AND h.unit = u.unit
         JOIN entries e ON e.entry_id = h.entry_id AND e.hold_id = h.hold_id AND e.state = 'held'
       WHERE u.sale_id = $1 AND u.state = 'held' AND h.state = 'active' ORDER BY u.unit`,
      [sale.id],
    )
  ).rows.map((row) => row.unit);

test("many are made at once: entry, hold, unit and ledger of each", async () => {
  expect(await outcomes([askOf(1), askOf(2), askOf(3)])).toEqual(["made", "made", "made"]);
  expect(await heldUnits()).toEqual([1, 2, 3]);
  const { rows } = await truth.query<{ count: number }>(
    "SELECT count(*) AS count FROM ledger WHERE sale_id = $1 AND act = 'attempted'",
    [sale.id],
  );
  expect(rows[0]?.count).toBe(3);
});

test("a unit that is not free is nobody's second, and fails nobody else", async () => {
  await outcomes([askOf(1)]);
  expect(await outcomes([askOf(1), askOf(2), askOf(99)])).toEqual(["refused", "made", "refused"]);
  expect(await heldUnits()).toEqual([1, 2]);
});

test("a shopper has one live hold, and all together no more than the limit", async () => {
  const shopper = "m:greedy";
  expect((await outcomes([askOf(1, { shopper }), askOf(2, { shopper })])).toSorted()).toEqual([
    "made",
    "refused",
  ]);
  expect(await outcomes([askOf(3, { shopper, attempt: 2 })])).toEqual(["refused"]);
  const buy = () =>
    truth.query(
      `WITH bought AS (
         UPDATE holds SET state = 'confirmed', order_id = 'order ' || hold_id WHERE sale_id = $1 AND state = 'active'
         RETURNING hold_id, entry_id, unit),
       sold AS (UPDATE units u SET state = 'sold' FROM bought b WHERE u.sale_id = $1 AND u.unit = b.unit)
       UPDATE entries e SET state = 'purchased' FROM bought b WHERE e.entry_id = b.entry_id`,
      [sale.id],
    );
  await buy();
  expect(await outcomes([askOf(3, { shopper, attempt: 2 })])).toEqual(["made"]);
  await buy();
  expect(await outcomes([askOf(4, { shopper, attempt: 3 })])).toEqual(["refused"]);
});

// Two gateways that know the same card make the same entry; one that knows an older or a newer card makes another.
test.each([
  ["one entry", () => ({ entryId: `${sale.tag}00-one` })],
  ["entries of their own", (i: number) => ({ attempt: i + 1 })],
])("fifty commits at once for one shopper and one unit each make one hold: as %s", async (_, entryOf) => {
  const shopper = "m:everywhere";
  const asks = Array.from({ length: 50 }, (_, i) => askOf((i % 5) + 1, { shopper, ...entryOf(i) }));
  const told = (await Promise.all(asks.map((ask) => outcomes([ask])))).flat();
  expect(told.filter((outcome) => outcome === "made")).toHaveLength(1);
  expect(await heldUnits()).toHaveLength(1);
});

test("a hold whose id was declared void is never made, however late its gateway comes", async () => {
  const [late, other] = [askOf(1), askOf(2)];
  expect(await voidHolds(truth, sale.id, [late.holdId])).toEqual({ void: new Set([late.holdId]), voided: 1 });
  expect(await outcomes([late, other])).toEqual(["refused", "made"]);
  // Nor is a hold that was made ever void.
  expect(await voidHolds(truth, sale.id, [late.holdId, other.holdId])).toEqual({
    void: new Set([late.holdId]),
    voided: 0,
  });
  expect(await heldUnits()).toEqual([2]);
});

test("one row that a constraint refuses fails nobody else", async () => {
  const bad = askOf(1, { attempt: 0 });
  expect(await outcomes([bad, askOf(2), askOf(3)])).toEqual(["refused", "made", "made"]);
  expect(await heldUnits()).toEqual([2, 3]);
});

test("nothing is made while the sale is paused or closed, or the service was away", async () => {
  await phase("paused");
  expect(await outcomes([askOf(1)])).toEqual(["shut"]);
  await phase("live");
  await truth.query("UPDATE service_heartbeat SET beat_at = clock_timestamp() - interval '1 minute'");
  expect(await outcomes([askOf(1)])).toEqual(["shut"]);
  await beatService(truth);
  expect(await outcomes([askOf(1)])).toEqual(["made"]);
  await phase("closed");
  expect(await outcomes([askOf(2)])).toEqual(["shut"]);
});
