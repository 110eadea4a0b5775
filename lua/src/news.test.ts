import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import type { HotStore } from "./hot-store.ts";
import { FRESH, fillLane, joinOf, keyOf, newSaleId, openStore, valueOf, WAITING } from "./lane-fixture.ts";
import { type LaneNews, missedNews, parseLaneNews } from "./news.ts";
import type { SaleTold } from "./sale-store.ts";
import { TcpProxy } from "./tcp-proxy.ts";

let proxy: TcpProxy;
let store: HotStore;
beforeEach(async () => {
  proxy = await TcpProxy.listen(inject("redisUrl"));
  store = await openStore({ url: proxy.url });
});
afterEach(async () => {
  await store.close();
  await proxy.close();
});

const COPY = { phase: "live", version: 1, limitPerShopper: 1 } as const;

test("a lane's messages are numbered, and a pulse repeats the newest number", async () => {
  const { saleId, lane, inEpoch } = await fillLane(store);
  const heard: LaneNews[] = [];
  await new Promise<void>((resolve) => {
    store.news.lane({ saleId, lane: 0 }, { onNews: (news) => heard.push(news), onListening: resolve });
  });
  valueOf(await lane.pulse(COPY, true));
  valueOf(await lane.join([joinOf("ann")]));
  valueOf(await lane.stored(1));
  valueOf(await lane.stored(1));
  const write = [{ key: keyOf("ann"), card: { ...WAITING, rev: 1 } }];
  valueOf(await lane.cards(write, true));
  valueOf(await lane.cards(write, true));
  valueOf(await lane.cards([{ key: keyOf("ann"), card: { ...WAITING, rev: 2 } }], false));
  valueOf(await lane.tickets([{ key: keyOf("ann"), attempt: 1, ticket: 1 }], null));
  valueOf(await lane.tickets([], 0));
  valueOf(await lane.pulse(COPY, true));
  valueOf(await inEpoch(2).flip(FRESH));
  await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ epoch: 2 }), { timeout: 20_000 });
  expect(heard).toEqual([
    { epoch: 1, number: 1, body: { t: "pulse" } },
    { epoch: 1, number: 2, body: { t: "stored", seq: 1 } },
    { epoch: 1, number: 3, body: { t: "cards", keys: [keyOf("ann")] } },
    { epoch: 1, number: 4, body: { t: "drawn", bucket: 0 } },
    { epoch: 1, number: 4, body: { t: "pulse" } },
    { epoch: 2, number: 1, body: { t: "flip" } },
  ]);
});

test("a missed message shows as a gap at the next one, or at the pulse", () => {
  const stored = (epoch: number, number: number): LaneNews => ({
    epoch,
    number,
    body: { t: "stored", seq: 1 },
  });
  const pulse = (epoch: number, number: number): LaneNews => ({ epoch, number, body: { t: "pulse" } });
  expect(missedNews(stored(1, 4), stored(1, 5))).toBe(false);
  expect(missedNews(stored(1, 4), pulse(1, 4))).toBe(false);
  expect(missedNews(stored(1, 4), stored(1, 6))).toBe(true);
  expect(missedNews(stored(1, 4), pulse(1, 5))).toBe(true);
  expect(missedNews(stored(1, 4), stored(2, 5))).toBe(true);
  expect(missedNews(null, stored(1, 1))).toBe(true);
});

test("what is of no known form is not taken for news", () => {
  expect(parseLaneNews('1|2|{"t":"stored","seq":3}')).not.toBeNull();
  for (const text of ["", "1|2", '1|{"t":"pulse"}', '1|2|{"t":"later"}', '1|2|["t"]']) {
    expect(parseLaneNews(text), text).toBeNull();
  }
});

test("a sale's copy is told when it differs, and what was told last can be read", async () => {
  const saleId = newSaleId();
  const sale = store.sale(saleId);
  const heard: SaleTold[] = [];
  await new Promise<void>((resolve) => {
    store.news.sale(saleId, { onNews: (told) => heard.push(told), onListening: resolve });
  });
  expect(await sale.read()).toBeNull();
  const copy = { phase: "live", version: 2, serving: 10, waiting: 100, ratePerSecond: 2.5 } as const;
  expect(await sale.told(copy)).toBe("told");
  expect(await sale.told(copy)).toBe("same");
  expect(await sale.told(copy, true)).toBe("told");
  expect(await sale.told({ ...copy, serving: 9 }, true)).toBe("old");
  expect(await sale.told({ ...copy, version: 1, phase: "lobby" })).toBe("old");
  expect(await sale.told({ ...copy, waiting: 90 })).toBe("told");
  const told = await sale.read();
  expect(told).toMatchObject({ ...copy, waiting: 90 });
  expect(told?.atMs).toBeGreaterThan(1_600_000_000_000);
  await vi.waitFor(() => expect(heard).toHaveLength(3), { timeout: 20_000 });
  expect(heard.at(-1)).toEqual(told);
});

test("after a break the subscription stands again, and the listener is told that it may have missed something", async () => {
  const { saleId, lane } = await fillLane(store);
  const heard: LaneNews[] = [];
  let listening = 0;
  store.news.lane(
    { saleId, lane: 0 },
    {
      onNews: (news) => heard.push(news),
      onListening: () => {
        listening += 1;
      },
    },
  );
  await vi.waitFor(() => expect(listening).toBe(1), { timeout: 20_000 });
  proxy.cut();
  await vi.waitFor(() => expect(listening).toBe(2), { timeout: 20_000 });
  await store.whenReady(5_000);
  valueOf(await lane.pulse(COPY, true));
  await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 20_000 });
});

test("each listener of a channel hears it, and only while it listens", async () => {
  const { saleId, lane } = await fillLane(store);
  const heard = { one: 0, two: 0 };
  const listen = (name: keyof typeof heard): Promise<() => void> =>
    new Promise((resolve) => {
      const stop: () => void = store.news.lane(
        { saleId, lane: 0 },
        {
          onNews: () => {
            heard[name] += 1;
          },
          onListening: () => resolve(stop),
        },
      );
    });
  const [stopOne, stopTwo] = [await listen("one"), await listen("two")];
  valueOf(await lane.pulse(COPY, true));
  await vi.waitFor(() => expect(heard).toEqual({ one: 1, two: 1 }), { timeout: 20_000 });
  stopOne();
  valueOf(await lane.pulse(COPY, true));
  await vi.waitFor(() => expect(heard).toEqual({ one: 1, two: 2 }), { timeout: 20_000 });
  stopTwo();
  await listen("one");
  valueOf(await lane.pulse(COPY, true));
  await vi.waitFor(() => expect(heard).toEqual({ one: 2, two: 2 }), { timeout: 20_000 });
});

test("a subscription whose link went half open is noticed, and stands again on another", async () => {
  const held = await openStore({ url: proxy.url, callMsMax: 50, newsProbeMs: 20 });
  try {
    const onListening = vi.fn<() => void>();
    held.news.lane({ saleId: newSaleId(), lane: 0 }, { onNews: () => {}, onListening });
    await vi.waitFor(() => expect(onListening).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    proxy.hold();
    await vi.waitFor(() => expect(onListening).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  } finally {
    await held.close();
  }
});
