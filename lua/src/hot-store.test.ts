import { Cluster, type Redis } from "ioredis";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { HotStoreAway } from "./away.ts";
import { type GeneralClient, openGeneralClient } from "./general-client.ts";
import { HotStore, type HotStoreOptions } from "./hot-store.ts";
import { fillLane, joinOf, keyOf, newSaleId, openStore, valueOf } from "./lane-fixture.ts";
import { readScripts } from "./scripts.ts";
import { pauseMs } from "./stay-connected.ts";
import { TcpProxy } from "./tcp-proxy.ts";

let proxy: TcpProxy;
let redis: GeneralClient;
const stores: HotStore[] = [];
beforeEach(async () => {
  proxy = await TcpProxy.listen(inject("redisUrl"));
  redis = await openGeneralClient(inject("redisUrl"));
});
afterEach(async () => {
  redis.disconnect();
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await proxy.close();
});

async function open(options: Partial<HotStoreOptions> = {}): Promise<HotStore> {
  const store = await openStore({ url: proxy.url, ...options });
  stores.push(store);
  return store;
}
const away = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "answered",
    (error: unknown) => (error instanceof HotStoreAway ? error.effect : error),
  );

async function masterOf(cluster: Cluster, key: string): Promise<Redis> {
  const slot = await cluster.cluster("KEYSLOT", key);
  const ranges = await cluster.cluster("SLOTS");
  const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[1];
  const master = cluster.nodes("master").find((node) => node.options.port === port);
  if (!master) throw new Error(`no master has slot ${slot}`);
  return master;
}

test("a store knows its server before it is ready", async () => {
  const store = await open();
  expect(store.ready).toBe(true);
  const saleId = newSaleId();
  // Of a cluster the server that has the sale, which a question without a key would not find.
  const server = redis instanceof Cluster ? await masterOf(redis, `{${saleId}}`) : redis;
  expect(await server.info("server")).toContain(`run_id:${store.runIdOf({ saleId })}`);
});

test("without a connection nothing is sent, nothing waits, and the caller knows", async () => {
  proxy.refusing = true;
  const errors: Error[] = [];
  const store = new HotStore({ url: proxy.url, onError: (error) => errors.push(error) });
  stores.push(store);
  const lane = store.lane({ saleId: newSaleId(), lane: 0, epoch: 1, runId: "x" });
  expect(await away(lane.look([]))).toBe("nothing");
  expect(await away(store.whenReady(20))).toBe("nothing");
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1), { timeout: 20_000 });
  expect(errors[0]).toBeInstanceOf(HotStoreAway);
  proxy.refusing = false;
  await store.whenReady(5_000);
  expect(store.whole).toBe(true);
  expect(await store.whenReachable(lane.address, 20)).toMatch(/^[0-9a-f]{40}$/);
});

test("a call under way when the connection breaks has an unknown outcome, and is not sent again", async () => {
  const store = await open({ callMsMax: 60_000 });
  const { lane } = await fillLane(store);
  proxy.hold();
  const joining = away(lane.join([joinOf("ann")]));
  await vi.waitFor(
    async () => {
      expect(await redis.hget(`{${lane.address.saleId}:0}:lane`, "seq")).toBe("1");
    },
    { timeout: 20_000 },
  );
  proxy.cut();
  expect(await joining).toBe("unknown");
  await store.whenReady(5_000);
  // It ran once; the shopper who asks again finds the same entry.
  expect(valueOf(await lane.join([joinOf("ann")]))).toMatchObject([{ outcome: "same", card: { seq: 1 } }]);
});

test("an answer that does not come in time is an unknown outcome; the connection stays for the others", async () => {
  const store = await open();
  const { lane } = await fillLane(store);
  const hurried = store.lane(lane.address, { callMsMax: 30 });
  proxy.hold();
  expect(await away(hurried.look([keyOf("ann")]))).toBe("unknown");
  proxy.release();
  expect(valueOf(await lane.look([keyOf("ann")]))).toEqual([null]);
  expect(store.ready).toBe(true);
});

test("a server that stays silent is given up, so that what waits for it does not grow", async () => {
  const onReady = vi.fn<(runId: string) => void>();
  const store = await open({ callMsMax: 50, silenceMsMax: 40, onReady });
  const { lane } = await fillLane(store);
  proxy.hold();
  expect(await away(lane.look([]))).toBe("unknown");
  await vi.waitFor(() => expect(onReady).toHaveBeenCalledTimes(proxy.servers + 1), { timeout: 20_000 });
  expect(valueOf(await lane.look([]))).toEqual([]);
});

test("another server behind the same address is another run_id: its lanes are fenced, nothing is sent", async () => {
  const store = await open();
  const { lane } = await fillLane(store);
  const runId = store.runIdOf(lane.address);
  proxy.rewrite = (text) => text.replace(`run_id:${runId}`, `run_id:${"f".repeat(40)}`);
  proxy.cut();
  await vi.waitFor(() => expect(store.runIdOf(lane.address)).toBe("f".repeat(40)), { timeout: 20_000 });
  expect(await lane.join([joinOf("ann")])).toEqual({ ok: false, fenced: true });
  expect(await redis.hget(`{${lane.address.saleId}:0}:lane`, "seq")).toBe("0");
});

test("a server that forgot its scripts gets them again, and the call runs once", async () => {
  const store = await open();
  const { lane } = await fillLane(store);
  const sha = readScripts().get("join")?.sha ?? "";
  let forgotten = 0;
  // Only this client's server forgets: a SCRIPT FLUSH would reach every other test's.
  proxy.rewriteSent = (text) =>
    text.replaceAll(sha, (known) => {
      forgotten += 1;
      return forgotten <= 3 ? "0".repeat(known.length) : known;
    });
  const answers = await Promise.all(["ann", "bob", "eve"].map((name) => lane.join([joinOf(name)])));
  expect(answers.map(valueOf).flat()).toMatchObject([
    { outcome: "new", card: { seq: 1 } },
    { outcome: "new", card: { seq: 2 } },
    { outcome: "new", card: { seq: 3 } },
  ]);
  expect(forgotten).toBe(6);
});

test.each([
  ["LOADING", "unknown"],
  ["READONLY", "unknown"],
  ["OOM", "unknown"],
  ["MISCONF", "unknown"],
])("a server that answers %s is away", async (code, effect) => {
  const transform = (name: string, text: string): string =>
    name === "look" ? `return redis.error_reply('${code} not now') -- ${text.length}` : text;
  const store = await open({ transform });
  const { lane } = await fillLane(store);
  expect(await away(lane.look([]))).toBe(effect);
});

test("a script that fails is a bug, told with the script's name", async () => {
  const store = await open({ transform: (name, text) => (name === "look" ? "return nothing" : text) });
  const { lane } = await fillLane(store);
  await expect(lane.look([])).rejects.toThrow("the script look failed");
});

test("an old Redis is refused before it counts as ready", async () => {
  proxy.rewrite = (text) => text.replace(/redis_version:\d/, "redis_version:6");
  const errors: Error[] = [];
  const store = new HotStore({ url: proxy.url, onError: (error) => errors.push(error) });
  stores.push(store);
  await vi.waitFor(() => expect(errors.map(({ cause }) => String(cause)).join()).toContain("7.0 or later"), {
    timeout: 20_000,
  });
  expect(store.ready).toBe(false);
});

test("closing ends the connections for calls and for news for good", async () => {
  const store = await open();
  await vi.waitFor(() => expect(proxy.connections).toBe(2 * proxy.servers), { timeout: 20_000 });
  await store.close();
  await vi.waitFor(() => expect(proxy.connections).toBe(0), { timeout: 20_000 });
  expect(store.ready).toBe(false);
});

test("pauses between tries grow, are bounded, and differ from process to process", () => {
  expect(pauseMs(0, 0)).toBeLessThan(pauseMs(0, 0.99));
  expect(pauseMs(0, 0.99)).toBeLessThanOrEqual(50);
  expect(pauseMs(1_000, 0.99)).toBeLessThanOrEqual(2_000);
  expect(pauseMs(1_000, 0)).toBeGreaterThan(pauseMs(0, 0.99));
});
