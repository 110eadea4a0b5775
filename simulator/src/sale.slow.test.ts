// A whole sale from outside, at a size that fits into every run of the tests: with nothing in its way, and
// with a process killed in its middle. `npx pnpm scenario` and `npx pnpm kills` are the same at full size.
import { afterAll, beforeAll, expect, test } from "vitest";
import { House } from "./house.ts";
import { runStrikeIn } from "./kills.ts";
import { runRush } from "./rush-run.ts";
import { runSale } from "./sale-run.ts";
import type { Strike } from "./strikes.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** One for all of them: what was killed in an earlier sale must have come back whole for the next. */
let house: House;
beforeAll(async () => {
  house = await House.open({ gateways: 2, workers: 2 });
}, 180_000);
afterAll(() => house?.close());

test(`a crowd over real sockets buys exactly what there is (SEED=${seed})`, async () => {
  const result = await runSale(house, {
    shoppers: 250,
    units: 15,
    ratePerSecond: 10,
    joinsPerSecond: 125,
    claimWindowSeconds: 3,
    seed,
  });
  expect(result.failures).toEqual([]);
  expect(result.report.sold).toBe(15);
});

/** A gateway is killed in the rush below. */
const STRIKES: readonly Strike[] = [
  { moment: "joining", victim: "redis" },
  { moment: "first offers", victim: "postgres" },
  // Only a cluster has somebody who could take over.
  ...(process.env["TEST_REDIS"] === "cluster"
    ? [{ moment: "first offers", victim: "redis hung" } as const]
    : []),
];

test.each(STRIKES)(
  `$victim is struck at the moment of $moment, and nobody loses anything (SEED=${seed})`,
  async (what) => {
    const { failures } = await runStrikeIn(house, what, { shoppers: 120, units: 10, seed });
    expect(failures).toEqual([]);
  },
);

test(`a rush sells each unit once, though a gateway is killed in its middle (SEED=${seed})`, async () => {
  const victim = await house.process("gateway-1");
  let killed = false;
  const result = await runRush(house, {
    shoppers: 200,
    units: 20,
    pools: 10,
    ratePerSecond: 200,
    shoppersPerSecond: 200,
    seed,
    onHold(holds) {
      if (killed || holds < 8) return;
      killed = true;
      process.kill(victim.pid, "SIGKILL");
    },
  });
  expect(result.failures).toEqual([]);
  expect(killed).toBe(true);
  const pidNow = async (): Promise<number> =>
    (await house.processes()).find(({ name }) => name === "gateway-1")?.pid ?? victim.pid;
  await expect.poll(pidNow, { timeout: 20_000 }).not.toBe(victim.pid);
});
