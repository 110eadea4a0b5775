// Redis beside PostgreSQL: a record or card that tells another story fails the check, what is on its way is
// named and fails nothing.
import { ABSENT, FREE } from "@dropgate/lua/lane-answers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ProofStage } from "./proof-stage.ts";

let stage: ProofStage;
beforeAll(async () => {
  const stores = { databaseUrl: inject("databaseUrl"), redisUrl: inject("redisUrl") };
  stage = await ProofStage.open(stores, "none");
});
afterAll(async () => {
  await stage.close();
});

test("redis-agrees: a sold unit that lies in a pool", () =>
  stage.expectOnly(
    "redis-agrees",
    async (_, sale) => {
      const { unit, holdId } = sale.holdOf(1);
      await stage.laneOf(sale, 0).mark([{ unit, seen: holdId, becomes: FREE }]);
    },
    /unit 1 is sold by hold \S+, lane 0 has it free/,
  ));

test("redis-agrees: a unit that is in no pool", () =>
  stage.expectOnly(
    "redis-agrees",
    async (_, sale) => {
      const { unit, holdId } = sale.holdOf(1);
      await stage.laneOf(sale, 0).mark([{ unit, seen: holdId, becomes: ABSENT }]);
    },
    /unit 1 is sold by hold \S+, lane 0 has it not at all/,
  ));

test("redis-agrees: a unit that PostgreSQL never had", () =>
  stage.expectOnly(
    "redis-agrees",
    (_, sale) => stage.laneOf(sale, 1).mark([{ unit: 99, seen: ABSENT, becomes: FREE }]),
    /lane 1 has 1 records of units that are not in its pool/,
  ));

test("redis-agrees: a card that tells another story", () =>
  stage.expectOnly(
    "redis-agrees",
    (_, sale) => stage.rewriteCard(sale, 7, { state: "left" }),
    /entry \S+: state is released, its card says left, rev is \d+, its card says \d+/,
  ));

test("redis-agrees: a hold that ended long ago and nobody followed", () =>
  stage.expectOnly(
    "redis-agrees",
    async (tx, sale) => {
      const { unit, holdId } = sale.holdOf(7);
      const { holdId: now } = sale.units[unit - 1] ?? { holdId: null };
      const lane = stage.laneOf(sale, (unit - 1) % 2);
      await lane.mark([{ unit, seen: now ?? "withdrawal:returned", becomes: holdId }]);
      await tx.query("UPDATE holds SET applied_rev = rev - 1 WHERE hold_id = $1", [holdId]);
    },
    /unit \d is .*, lane \d has it taken by/,
  ));

describe("what is under way is named and fails nothing", () => {
  test("a unit that a tick has just taken", async () => {
    const sale = await stage.spoiled(async (_, sale) => {
      const back = sale.units.find(({ state }) => state === "returned");
      if (back === undefined) throw new Error("the story has no unit that went back");
      const seen = "withdrawal:returned";
      const lane = stage.laneOf(sale, back.lane);
      await lane.mark([{ unit: back.unit, seen, becomes: "a-hold-on-its-way" }]);
    });
    const report = await stage.reportOf(sale);
    expect(report.checks.at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/1 under way \(unit \d is returned, lane \d has it taken by a-hold/),
    });
  });

  test("a lane whose epoch has been raised", async () => {
    const sale = await stage.spoiled((tx, { saleId }) =>
      tx.query("UPDATE lanes SET epoch = 2 WHERE sale_id = $1 AND lane = 1", [saleId]),
    );
    const report = await stage.reportOf(sale);
    expect(report.checks.at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/not looked at, being rebuilt: lane 1$/),
    });
  });
});
