import { merchantShopper, type SaleTag } from "@dropgate/contracts/ids";
import { INTAKE_CROWD, INTAKE_CROWD_EVERY_MS, INTAKE_REST_MS } from "@dropgate/contracts/limits";
import { entryIdFor, placeOfShopper } from "@dropgate/inventory/ids";
import { addressOf } from "@dropgate/inventory/lanes";
import { type LaneRow, readLanes } from "@dropgate/sql/lanes/lane-row";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { WorkerContext } from "../running/context.ts";
import { SaleStage } from "../sale-stage.ts";
import { fillLobby } from "../sealing/full-lobby.ts";
import { intakeLane, restOfIntake } from "./intake-lane.ts";

let stage: SaleStage;
let context: WorkerContext;
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  const { truth, hotStore } = stage;
  context = { name: "w", truth, hotStore, log: { info() {}, warn() {}, error() {} }, happened() {} };
});
afterAll(async () => {
  await stage.close();
});

async function freshSale(): Promise<void> {
  const { id, tag, laneCount } = await stage.createSale();
  await fillLobby({ ...context, saleId: id, tag, laneCount, count: 0 });
}

async function laneRow(lane: number): Promise<LaneRow> {
  const row = (await readLanes(stage.truth, [stage.sale.id])).find((candidate) => candidate.lane === lane);
  if (!row) throw new Error(`there is no lane ${lane}`);
  return row;
}

const laneOf = (name: string): number => Number.parseInt(stage.entryOf(name).slice(6, 8), 16);

async function storedNames(lane: number): Promise<{ shopper: string; seq: number }[]> {
  const { rows } = await stage.truth.query<{ shopper: string; seq: number }>(
    "SELECT shopper, seq FROM entries WHERE sale_id = $1 AND lane = $2 ORDER BY seq",
    [stage.sale.id, lane],
  );
  return rows;
}

test("a lane with more than a batch is stored whole at one look, in order and once, whoever else looks too", async () => {
  await freshSale();
  const names = Array.from({ length: 9_500 }, (_, i) => `shopper | ${i}`);
  await stage.join(names);
  for (let lane = 0; lane < stage.sale.laneCount; lane++) {
    const row = await laneRow(lane);
    const ofLane = names.filter((name) => laneOf(name) === lane);
    const outcomes = await Promise.all([1, 2, 3].map(() => intakeLane(context, row)));
    expect(outcomes.every((outcome) => !outcome.fenced)).toBe(true);
    while ((await intakeLane(context, await laneRow(lane))).more);
    expect(await storedNames(lane)).toEqual(ofLane.map((name, i) => ({ shopper: `m:${name}`, seq: i + 1 })));
    expect((await laneRow(lane)).lastSeq).toBe(ofLane.length);
  }
});

test("a join that is a row already stays as it is, and those beside it are stored", async () => {
  await freshSale();
  const names = Array.from({ length: 40 }, (_, i) => `shopper ${i}`);
  const lane = laneOf("shopper 0");
  const ofLane = names.filter((name) => laneOf(name) === lane);
  await stage.join(ofLane);
  // As after a rebuild: its journal offers again what was stored under another number.
  await stage.truth.query(
    `INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq)
     VALUES ($1, $2, $3, 'm:shopper 0', 'its key', 1, 0, 1000)`,
    [stage.entryOf("shopper 0"), stage.sale.id, lane],
  );
  expect(await intakeLane(context, await laneRow(lane))).toMatchObject({ fenced: false, more: false });
  const stored = await storedNames(lane);
  expect(stored).toHaveLength(ofLane.length);
  expect(stored.at(-1)).toEqual({ shopper: "m:shopper 0", seq: 1000 });
  expect((await laneRow(lane)).lastSeq).toBe(ofLane.length);
});

test("whoever joins anew in the moment in which the old place is given back has the new one, and one only", async () => {
  await freshSale();
  const lane = laneOf("shopper 1");
  // The old entry, restored behind Redis' back; its shopper's next attempt is among the arrivals.
  await stage.truth.query(
    `INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq, restored_at, restore_told)
     VALUES ('old', $1, $2, 'm:shopper 1', 'its key', 1, 0, 1000, now(), true)`,
    [stage.sale.id, lane],
  );
  const { id, tag, idKey, laneCount } = stage.sale;
  const ids = { tag: tag as SaleTag, idKey, laneCount };
  const shopper = merchantShopper("shopper 1");
  const address = addressOf(await laneRow(lane));
  if (address === null) throw new Error(`lane ${lane} of ${id} is not ready`);
  const entryId = entryIdFor(ids, lane, shopper, 2);
  const { shopperKey: key } = placeOfShopper(ids, shopper);
  await stage.hotStore.lane(address).join([{ key, entryId, shopper, attempt: 2 }], false);
  await intakeLane(context, await laneRow(lane));
  const { rows } = await stage.truth.query(
    "SELECT attempt, state FROM entries WHERE sale_id = $1 ORDER BY attempt",
    [stage.sale.id],
  );
  expect(rows).toEqual([
    { attempt: 1, state: "left" },
    { attempt: 2, state: "waiting" },
  ]);
});

test("while a crowd comes its rows wait for each other, but none for longer than the time between two looks", () => {
  expect(restOfIntake(INTAKE_CROWD - 1, 0)).toBe(INTAKE_REST_MS);
  expect(restOfIntake(INTAKE_CROWD, 0)).toBe(INTAKE_CROWD_EVERY_MS);
  expect(restOfIntake(5_000, 250)).toBe(INTAKE_CROWD_EVERY_MS - 250);
  expect(restOfIntake(50_000, 2_000)).toBe(INTAKE_REST_MS);
});
