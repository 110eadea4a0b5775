// What follows from a request, on any dice.
import type { WmsRequest } from "@dropgate/contracts/wms-requests";
import { expect, test } from "vitest";
import { diceOf } from "./dice.ts";
import { type Circumstances, plan, type Telling } from "./plan.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const NEVER = { late: 0, twice: 0, shuffled: 0, short: 0 };
const around = (over: Partial<Circumstances> = {}, name = "r"): Circumstances => ({
  nowMs: NOW,
  stepMs: 4_000,
  odds: NEVER,
  dice: diceOf("seed", name),
  shelf: () => 7,
  ...over,
});
const pick: WmsRequest = {
  requestId: "wms_1",
  requestType: "PICK_REQUEST",
  timestamp: "2026-03-01T12:00:00.000Z",
  locationId: "east",
  orderId: "o:1",
  items: [{ sku: "a", quantity: 2 }],
  shipTo: null,
  method: null,
};
const happened = ({ event }: Telling): number => Date.parse(event.timestamp);

test("an order is picked, packed and shipped within fifteen seconds, in this order, under ids of its own", () => {
  const tellings = plan(pick, around()) ?? [];
  expect(tellings.map(({ event }) => [event.eventType, event.items])).toEqual([
    ["PICK_COMPLETE", [{ sku: "a", quantity: 2 }]],
    ["PACK_COMPLETE", [{ sku: "a", quantity: 2 }]],
    ["SHIP_COMPLETE", [{ sku: "a", quantity: 2 }]],
  ]);
  const times = tellings.map(happened);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.at(-1)).toBeLessThanOrEqual(NOW + 15_000);
  expect(new Set(tellings.map(({ event }) => event.eventId)).size).toBe(3);
});

test("the same seed and request are the same events; another seed has other accidents", () => {
  const odds = { late: 50, twice: 50, shuffled: 50, short: 50 };
  const once = (seed: string): unknown => plan(pick, around({ odds, dice: diceOf(seed, "wms_1") }));
  expect(once("a")).toEqual(once("a"));
  const seeds = Array.from({ length: 50 }, (_, i) => JSON.stringify(once(`seed ${i}`)));
  expect(new Set(seeds).size).toBeGreaterThan(5);
});

test("nothing is told before it happened, whatever accident befalls it, and each accident does", () => {
  const odds = { late: 50, twice: 50, shuffled: 50, short: 50 };
  const seen = { late: 0, twice: 0, shuffled: 0, short: 0 };
  for (let i = 0; i < 200; i++) {
    const tellings = plan(pick, around({ odds }, `r${i}`)) ?? [];
    for (const telling of tellings) expect(telling.atMs).toBeGreaterThanOrEqual(happened(telling));
    const told = tellings.toSorted((a, b) => a.atMs - b.atMs).map(happened);
    if (told.some((ms, n) => ms < (told[n - 1] ?? 0))) seen.shuffled += 1;
    if (tellings.some(({ twice }) => twice)) seen.twice += 1;
    if (tellings.some((telling) => telling.atMs > happened(telling) + 5_000)) seen.late += 1;
    if (tellings[0]?.event.items?.[0]?.quantity === 1) seen.short += 1;
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});

test("what was not found is neither packed nor shipped", () => {
  const one = { ...pick, items: [{ sku: "a", quantity: 1 }] };
  const tellings = plan(one, around({ odds: { ...NEVER, short: 100 } })) ?? [];
  expect(tellings.map(({ event }) => [event.eventType, event.items])).toEqual([
    ["PICK_COMPLETE", [{ sku: "a", quantity: 0 }]],
  ]);
});

test("a shelf is counted as it is, and one of which nothing is known is not", () => {
  const request: WmsRequest = { ...pick, requestType: "COUNT_REQUEST", sku: "a", reason: null };
  expect(plan(request, around())?.[0]?.event).toMatchObject({
    eventType: "CYCLE_COUNT_ADJUSTMENT",
    sku: "a",
    actualCount: 7,
  });
  expect(plan(request, around({ shelf: () => null }))).toBeNull();
});

test("a transfer leaves here and arrives there", () => {
  const request: WmsRequest = {
    ...pick,
    requestType: "TRANSFER_REQUEST",
    transferId: "t",
    toLocationId: "west",
  };
  const tellings = plan(request, around()) ?? [];
  expect(tellings.map(({ event }) => [event.eventType, event.locationId, event["otherLocationId"]])).toEqual([
    ["TRANSFER_SHIPPED", "east", "west"],
    ["TRANSFER_RECEIVED", "west", "east"],
  ]);
});
