import { randomBytes } from "node:crypto";
import { STOCK_PENDING_MS, STOCK_TOGETHER_MAX } from "@dropgate/contracts/limits";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type GeneralClient, openGeneralClient } from "./general-client.ts";
import type { HotStore } from "./hot-store.ts";
import { stockTag } from "./keys.ts";
import { openStore } from "./lane-fixture.ts";
import { readScripts } from "./scripts.ts";
import { type StockAnswer, type StockRow, StockStore } from "./stock-store.ts";
import { TcpProxy } from "./tcp-proxy.ts";

let store: HotStore;
let redis: GeneralClient;
beforeAll(async () => {
  store = await openStore({ url: inject("redisUrl") });
  redis = await openGeneralClient(inject("redisUrl"));
});
afterAll(async () => {
  redis.disconnect();
  await store.close();
});

const newSku = (): string => `shoe: {red} ${randomBytes(6).toString("hex")}`;
const row = (locationId: string, onHand: number, over: Partial<StockRow> = {}): StockRow => ({
  locationId,
  rev: 1,
  onHand,
  allocated: 0,
  reserved: 0,
  safetyStock: 0,
  sellable: true,
  ...over,
});
function valueOf<Value>(answer: StockAnswer<Value>): Value {
  if (!answer.ok) throw new Error("it is not loaded");
  return answer.value;
}
async function loadOf(answer: Promise<StockAnswer<unknown>>): Promise<string> {
  const told = await answer;
  if (told.ok) throw new Error("it is loaded");
  return told.load;
}
async function filled(...rows: StockRow[]): Promise<StockStore> {
  const stock = store.stock({ sku: newSku(), truth: "t" });
  expect(await stock.load(await loadOf(stock.look()), rows)).toBe(true);
  return stock;
}
const line = (quantity: number, locationId = "east") => ({ locationId, quantity });
const held = async (stock: StockStore) =>
  Object.fromEntries(valueOf(await stock.look()).map(({ locationId, held }) => [locationId, held]));

test("what is not loaded is shown to nobody, and everybody who asks is told the same load", async () => {
  const stock = store.stock({ sku: newSku(), truth: "t" });
  const token = await loadOf(stock.look());
  expect(await loadOf(stock.look())).toBe(token);
  expect(await loadOf(stock.hold([{ reservationId: "r", lines: [line(1)] }]))).toBe(token);
  expect(await stock.load("another", [row("east", 1)])).toBe(false);
  expect(await stock.load(token, [])).toBe(true);
  expect(valueOf(await stock.look())).toEqual([]);
  expect(await stock.load(token, [row("east", 1)])).toBe(false);
});

test("all lines of a reservation are held, or none", async () => {
  const stock = await filled(
    row("east", 5),
    row("west", 3, { safetyStock: 1, allocated: 1 }),
    row("shut", 9, { sellable: false }),
  );
  const outcomes = valueOf(
    await stock.hold([
      { reservationId: "a", lines: [line(2), line(1, "west")] },
      { reservationId: "b", lines: [line(1), line(1, "west")] },
      { reservationId: "c", lines: [line(2), line(2)] },
      { reservationId: "d", lines: [line(1, "shut")] },
      { reservationId: "e", lines: [line(1, "nowhere")] },
      { reservationId: "f", lines: [line(3)] },
    ]),
  );
  expect(outcomes).toEqual([
    { ok: true },
    { ok: false, short: [{ locationId: "west", available: 0 }] },
    { ok: false, short: [{ locationId: "east", available: 3 }] },
    { ok: false, short: [{ locationId: "shut", available: 0 }] },
    { ok: false, short: [{ locationId: "nowhere", available: 0 }] },
    { ok: true },
  ]);
  expect(await held(stock)).toEqual({ east: 5, west: 1, shut: 0 });
});

test("who proposes again takes what they held, and no more", async () => {
  const stock = await filled(row("east", 5), row("west", 5));
  const hold = async (reservationId: string, ...lines: ReturnType<typeof line>[]) =>
    valueOf(await stock.hold([{ reservationId, lines }]))[0];
  expect(await hold("a", line(5))).toEqual({ ok: true });
  expect(await hold("a", line(5))).toEqual({ ok: true });
  expect(await held(stock)).toEqual({ east: 5, west: 0 });
  expect(await hold("a", line(2), line(2, "west"))).toEqual({ ok: true });
  expect(await held(stock)).toEqual({ east: 2, west: 2 });
  expect(await hold("a", line(6))).toEqual({ ok: false, short: [{ locationId: "east", available: 5 }] });
  expect(await held(stock)).toEqual({ east: 0, west: 0 });
});

test("what PostgreSQL has judged is pending no more, and its rows are mirrored", async () => {
  const stock = await filled(row("east", 5));
  valueOf(await stock.hold(["a", "b"].map((reservationId) => ({ reservationId, lines: [line(2)] }))));
  expect(await stock.settle(["a", "never"], [row("east", 5, { rev: 2, reserved: 2 })])).toBe(true);
  expect(valueOf(await stock.look())).toEqual([{ ...row("east", 5, { rev: 2, reserved: 2 }), held: 2 }]);
  expect(await stock.settle([], [row("west", 1), row("east", 9)])).toBe(true);
  expect(valueOf(await stock.look()).map(({ locationId, onHand }) => [locationId, onHand])).toEqual([
    ["east", 5],
    ["west", 1],
  ]);
  expect(await stock.settle(["b"], [row("west", 1)])).toBe(false);
  expect(await held(stock)).toEqual({ east: 0, west: 0 });
});

test("a row that was written while a load was under way outlives the older one that it brings", async () => {
  const stock = store.stock({ sku: newSku(), truth: "t" });
  const token = await loadOf(stock.look());
  await stock.settle([], [row("east", 7, { rev: 6 })]);
  expect(await loadOf(stock.look())).toBe(token);
  await stock.load(token, [row("east", 8, { rev: 5 }), row("west", 1)]);
  expect(valueOf(await stock.look())).toMatchObject([
    { locationId: "east", onHand: 7, rev: 6 },
    { locationId: "west", onHand: 1 },
  ]);
});

test("levels that nobody asked for are not mirrored by a change", async () => {
  const stock = store.stock({ sku: newSku(), truth: "t" });
  await stock.settle([], [row("east", 7)]);
  const token = await loadOf(stock.look());
  await stock.load(token, []);
  expect(valueOf(await stock.look())).toEqual([]);
});

test("a load that began before a drop marks nothing as whole; what is pending stays", async () => {
  const stock = await filled(row("east", 5));
  valueOf(await stock.hold([{ reservationId: "a", lines: [line(2)] }]));
  await stock.drop();
  const before = await loadOf(stock.look());
  await stock.drop();
  expect(await stock.load(before, [row("east", 1)])).toBe(false);
  const token = await loadOf(stock.look());
  expect(token).not.toBe(before);
  await stock.load(token, [row("east", 4)]);
  expect(await held(stock)).toEqual({ east: 2 });
});

test("what Redis has lost is loaded anew", async () => {
  const sku = newSku();
  const stock = store.stock({ sku, truth: "t" });
  await stock.load(await loadOf(stock.look()), [row("east", 5)]);
  await redis.del(...(await keysOf(sku)));
  await stock.load(await loadOf(stock.look()), [row("east", 4)]);
  expect(valueOf(await stock.look())).toMatchObject([{ onHand: 4 }]);
});

test("what was held by somebody who never came back counts no more", async () => {
  const sku = newSku();
  const stock = store.stock({ sku, truth: "t" });
  await stock.load(await loadOf(stock.look()), [row("east", 5)]);
  valueOf(await stock.hold(["a", "b"].map((reservationId) => ({ reservationId, lines: [line(2)] }))));
  const pending = (await keysOf(sku)).find((key) => key.endsWith(":pending")) ?? "";
  // As the script wrote it, ten seconds earlier.
  const [ms = "", lines = ""] = ((await redis.hget(pending, "a")) ?? "").split("|");
  await redis.hset(pending, "a", `${Number(ms) - STOCK_PENDING_MS}|${lines}`);
  expect(await held(stock)).toEqual({ east: 2 });
  expect(await redis.hkeys(pending)).toEqual(["b"]);
});

test("no server's mirror is another's", async () => {
  const sku = newSku();
  const calls: string[] = [];
  const of = (runId: string): StockStore =>
    new StockStore(
      async (_name, { keys }) => {
        calls.push(String(keys.stockLevels));
        return ["LOAD", "1.1"];
      },
      { sku, truth: "t" },
      0,
      () => runId,
    );
  await of("0123456789abcdef").look();
  await of("fedcba9876543210").look();
  expect(new Set(calls).size).toBe(2);
});

test("hostile quantities and ids reach no script", async () => {
  const stock = await filled(row("east", 5));
  for (const quantity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => stock.hold([{ reservationId: "a", lines: [line(quantity)] }])).toThrow(RangeError);
  }
  for (const id of ["", "a,b", "a=1", "a|b", ".", "é", "a".repeat(65)]) {
    expect(() => stock.hold([{ reservationId: id, lines: [line(1)] }]), id).toThrow(RangeError);
    expect(() => stock.hold([{ reservationId: "a", lines: [line(1, id)] }]), id).toThrow(RangeError);
  }
  expect(await held(stock)).toEqual({ east: 0 });
});

test("of many who find nothing shown one makes it, and a drop undoes what it began with", async () => {
  const stock = await filled(row("east", 5));
  const answers = await Promise.all(Array.from({ length: 100 }, () => stock.readDisplay()));
  const fills = answers.flatMap((answer) => ("fill" in answer ? [answer.fill] : []));
  expect(fills).toHaveLength(1);
  expect(answers.filter((answer) => "wait" in answer)).toHaveLength(99);
  await stock.settle([], [row("east", 4, { rev: 2 })]);
  expect(await stock.fillDisplay(fills[0] ?? "", "5")).toBe(false);
  const again = await stock.readDisplay();
  if (!("fill" in again)) throw new Error("nobody is to make it");
  expect(await stock.fillDisplay(again.fill, "4")).toBe(true);
  expect(await stock.readDisplay()).toEqual({ text: "4" });
  // The worker tells the same once more: nothing differs, so what is shown stays.
  await stock.settle([], [row("east", 4, { rev: 2 })]);
  expect(await stock.readDisplay()).toEqual({ text: "4" });
  await stock.drop(true);
  expect(await stock.readDisplay()).toHaveProperty("fill");
  expect(await held(stock)).toEqual({ east: 0 });
});

test("what is shown is shown for as long as its filler said", async () => {
  const sku = newSku();
  const stock = store.stock({ sku, truth: "t" });
  const asked = await stock.readDisplay();
  if (!("fill" in asked)) throw new Error("nobody is to make it");
  await stock.fillDisplay(asked.fill, "5", 20_000);
  const [display = ""] = (await keysOf(sku)).filter((key) => key.includes("display"));
  const left = await redis.pttl(display);
  expect(left).toBeGreaterThan(15_000);
  expect(left).toBeLessThanOrEqual(20_000);
});

async function keysOf(sku: string): Promise<string[]> {
  const tag = stockTag({ sku, truth: "t" }).slice(1, -1);
  return (await Promise.all(nodesOf(redis).map((node) => node.keys(`*${tag}*`)))).flat();
}

function nodesOf(client: GeneralClient): { keys(pattern: string): Promise<string[]> }[] {
  return "nodes" in client ? client.nodes("master") : [client];
}

test("what one turn asks for many SKUs is answered for each, whatever the others hear", async () => {
  const stocks = await Promise.all(
    Array.from({ length: 2 * STOCK_TOGETHER_MAX + 7 }, async (_, n) =>
      n % 5 === 0
        ? store.stock({ sku: newSku(), truth: "t" })
        : filled(row("east", n), row("west", 1, { sellable: n % 2 === 0 })),
    ),
  );
  const holds = await Promise.all(
    stocks.map((stock, n) => stock.hold([{ reservationId: `r${n}`, lines: [line(3)] }])),
  );
  const looks = await Promise.all(stocks.map((stock) => stock.look()));
  const settled = await Promise.all(
    stocks.map((stock, n) => stock.settle([`r${n}`], [row("east", n, { rev: 2 })])),
  );
  for (const [n, look] of looks.entries()) {
    const isLoaded = n % 5 !== 0;
    const hold = holds[n];
    expect([n, look.ok, hold?.ok]).toEqual([n, isLoaded, isLoaded]);
    // Of one that is not there yet a change is kept for the load that has begun.
    expect(settled[n]).toBe(true);
    if (!look.ok || !hold?.ok) continue;
    const isHeld = n >= 3;
    expect(hold.value).toEqual([
      isHeld ? { ok: true } : { ok: false, short: [{ locationId: "east", available: n }] },
    ]);
    expect(look.value).toEqual([
      { ...row("east", n), held: isHeld ? 3 : 0 },
      { ...row("west", 1, { sellable: n % 2 === 0 }), held: 0 },
    ]);
  }
});

test("a server that has forgotten its scripts is given them again, those for many too", async () => {
  // Only this client's server forgets: a SCRIPT FLUSH would reach every other test's.
  const proxy = await TcpProxy.listen(inject("redisUrl"));
  const forgetful = await openStore({ url: proxy.url });
  try {
    const stocks = [1, 2, 3].map(() => forgetful.stock({ sku: newSku(), truth: "t" }));
    for (const stock of stocks) await stock.load(await loadOf(stock.look()), [row("east", 1)]);
    const { sha = "", many } = readScripts().get("stock-look") ?? {};
    let asked = 0;
    const forget = (known: string): string => {
      asked += 1;
      return asked <= 1 ? "0".repeat(known.length) : known;
    };
    proxy.rewriteSent = (text) => text.replaceAll(sha, forget).replaceAll(many?.sha ?? sha, forget);
    const looks = await Promise.all(stocks.map((stock) => stock.look()));
    expect(looks.map((look) => valueOf(look)[0]?.onHand)).toEqual([1, 1, 1]);
    // Once more for what was forgotten: one call of all of them, or in a cluster one of each.
    const inCluster = redis instanceof Cluster;
    expect(asked).toBe(inCluster ? stocks.length + 1 : 2);
  } finally {
    await forgetful.close();
    await proxy.close();
  }
});

test("a failure of many is told to each", async () => {
  const broken = await openStore({
    url: inject("redisUrl"),
    transform: (name, text) =>
      name === "stock-look" ? text.replace("\nunrepeated()\n", "\nredis.call('HGETALL')\n") : text,
  });
  try {
    const stocks = [1, 2, 3].map(() => broken.stock({ sku: newSku(), truth: "t" }));
    const told = await Promise.allSettled(stocks.map((stock) => stock.look()));
    for (const each of told)
      expect(each).toMatchObject({ reason: { message: "the script stock-look failed" } });
  } finally {
    await broken.close();
  }
});
