import type { Entry } from "@dropgate/contracts/entry";
import { afterEach, expect, test } from "vitest";
import { beginCrowd, dueAfter } from "./crowd.ts";
import { beginLatencies } from "./latencies.ts";
import { nodeSurroundings } from "./node-surroundings.ts";
import { EAGER } from "./plan.ts";
import { beginScriptedGateway } from "./scripted-gateway.ts";

const ENTRY: Entry = { entryId: "e", saleId: "sale", state: "waiting", ticket: 1, position: 1, rev: 0 };
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function world() {
  const gateway = await beginScriptedGateway({
    http: ({ authorization }) => ({
      status: 201,
      body: { ...ENTRY, entryId: authorization, token: authorization },
    }),
    connected: (opened) => {
      opened.tell("entry", { ...ENTRY, entryId: opened.auth.token, state: "purchased", rev: 2 });
      opened.tell("outcome", { result: "purchased", orderId: "o", unit: 1 });
    },
  });
  const surroundings = nodeSurroundings();
  closing.push(
    () => surroundings.close(),
    () => gateway.close(),
  );
  return { gatewayUrls: [gateway.url], saleId: "sale", surroundings };
}

const checkout = async () => ({ result: "paid", orderId: "o" }) as const;

test("everybody comes, each as himself, and is counted", async () => {
  const crowd = beginCrowd({
    ...(await world()),
    count: 40,
    perSecond: 4_000,
    rampMs: 10,
    shopper: async (index) => ({ person: { kind: "jwt", jwt: `shopper-${index}` }, plan: EAGER, checkout }),
  });
  const endings = await crowd.ended;
  expect(new Set(endings.map((ending) => ending.entryId)).size).toBe(40);
  expect(endings.every((ending) => ending.result === "purchased" && ending.orderId === "o")).toBe(true);
  const view = crowd.tally.view();
  expect(view.states).toMatchObject({ purchased: 40, waiting: 0, coming: 0 });
  expect(view.counts).toMatchObject({ joined: 40, up: 40, outcome: 40, ended: 40, anomaly: 0 });
  expect(view.latencies.join.count).toBe(40);
  expect(view.connected).toBe(0);
});

test("who cannot come is told, and who is stopped has ended", async () => {
  const crowd = beginCrowd({
    ...(await world()),
    count: 2,
    perSecond: 1_000,
    rampMs: 1,
    shopper: async (index) => {
      if (index === 0) throw new Error("no identity");
      crowd.stop();
      return { person: { kind: "cookie" }, plan: EAGER, checkout };
    },
  });
  expect(await crowd.ended).toMatchObject([
    { result: "refused", refusal: "no identity" },
    { result: "stopped" },
  ]);
});

test("a crowd comes gently: slowly at first, then evenly", () => {
  expect(dueAfter(1_500, 100, 3_000)).toBe(37.5);
  expect(dueAfter(3_000, 100, 3_000)).toBe(150);
  expect(dueAfter(4_000, 100, 3_000)).toBe(250);
});

test("percentiles are values that were seen", () => {
  const latencies = beginLatencies();
  for (let ms = 100; ms >= 1; ms--) latencies.add(ms);
  expect(latencies.summary()).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
  expect(beginLatencies().summary()).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
});
