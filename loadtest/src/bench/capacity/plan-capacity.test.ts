import fc from "fast-check";
import { expect, test } from "vitest";
import { type Costs, planCapacity, writesPerSecond } from "./plan-capacity.ts";

const costs: Costs = {
  joinGatewayCpu: 40,
  joinRedisCpu: 10,
  connectGatewayCpu: 60,
  deliveryGatewayCpu: 10,
  socketBytes: 2_000,
  storeWorkerCpu: 20,
  storePostgresCpu: 30,
  shopperRedisBytes: 130,
  shopperPostgresBytes: 500,
  joinRequestBytes: 300,
  joinAnswerBytes: 600,
};

test("a short line hears everything at once, and the writes of a long one grow slower than it", () => {
  // A minute's turns at four a second.
  expect(writesPerSecond(600, 100)).toBe(2_400);
  expect(writesPerSecond(6_000, 100)).toBe(24_000);
  const [million, ten] = [writesPerSecond(1_000_000, 100), writesPerSecond(10_000_000, 100)];
  expect(million).toBeGreaterThan(24_000);
  expect(ten / million).toBeLessThan(3);
});

test("ten thousand in ten seconds are less than one core of anything", () => {
  const plan = planCapacity({ waiting: 10_000, joinSeconds: 10, ratePerSecond: 20 }, costs);
  expect(plan).toMatchObject({ joinsPerSecond: 1_000, redis: { masters: 1 }, workers: { count: 1 } });
  expect(plan.gateways.count).toBe(1);
});

test("more people, or fewer seconds, never need less", () => {
  const crowd = fc.record({
    waiting: fc.integer({ min: 1, max: 10_000_000 }),
    joinSeconds: fc.integer({ min: 1, max: 3_600 }),
    ratePerSecond: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(crowd, fc.integer({ min: 1, max: 10 }), (one, times) => {
      const [less, more] = [
        planCapacity(one, costs),
        planCapacity(
          { ...one, waiting: one.waiting * times, joinSeconds: Math.max(1, one.joinSeconds / times) },
          costs,
        ),
      ];
      expect(more.gateways.count).toBeGreaterThanOrEqual(less.gateways.count);
      expect(more.redis.masters).toBeGreaterThanOrEqual(less.redis.masters);
      expect(more.writesPerSecond).toBeGreaterThanOrEqual(less.writesPerSecond);
      expect(more.postgres.diskBytes).toBeGreaterThanOrEqual(less.postgres.diskBytes);
    }),
  );
});

test("memory is what limits gateways whose crowd hardly moves", () => {
  const plan = planCapacity({ waiting: 5_000_000, joinSeconds: 3_600, ratePerSecond: 1 }, costs);
  expect(plan.gateways).toMatchObject({ limitedBy: "memory", count: 10 });
});
