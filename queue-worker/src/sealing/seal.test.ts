import { createHash } from "node:crypto";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { LaneStore } from "@dropgate/lua/lane-store";
import type { Statements } from "@dropgate/sql";
import { readOpenSale } from "@dropgate/sql/admission/open-sales";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { intakeLane } from "../intake/intake-lane.ts";
import type { Happening, WorkerContext } from "../running/context.ts";
import { SaleStage } from "../sale-stage.ts";
import { type Pieces, USUAL_PIECES } from "./bucket-draw.ts";
import { Died, DyingWorker } from "./dying-worker.ts";
import { fillLobby } from "./full-lobby.ts";
import { closeNextBucket, isCloseDue, sealBuckets } from "./seal.ts";

let stage: SaleStage;
let living: WorkerContext;
let happened: Happening[] = [];
beforeAll(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  living = {
    name: "the living",
    truth: stage.truth,
    hotStore: stage.hotStore,
    log: { info() {}, warn() {}, error() {} },
    happened: (what) => happened.push(what),
  };
});
afterAll(async () => {
  await stage.close();
});

/** So small that twelve entries are sealed in some forty calls. */
const CRUMBS: Pieces = { pageIds: 3, pageCards: 3, ticketBatch: 5, ticketBatchesAtOnce: 2, cardTickets: 2 };

/** A sale whose lobby has so many entries and has just been closed in every lane. */
async function closedLobby(count: number): Promise<void> {
  happened = [];
  const { id, tag, laneCount } = await stage.createSale({ quantity: 4 });
  const { truth, hotStore } = stage;
  await fillLobby({ truth, hotStore, saleId: id, tag, laneCount, count });
  await truth.query(
    "UPDATE sales SET phase = 'drawing', lobby_at = clock_timestamp(), draw_at = clock_timestamp(), opens_at = clock_timestamp() WHERE id = $1",
    [id],
  );
  const sale = await openSale();
  const lanes = await stage.lanes();
  const copy = { phase: sale.phase, version: sale.version, limitPerShopper: sale.limitPerShopper };
  const pulses = await Promise.all(
    [...lanes.values()].map(async (address) => {
      const answer = await hotStore.lane(address).pulse(copy, false);
      if (!answer.ok) throw new Error("a lane is fenced");
      return answer.value;
    }),
  );
  expect(await closeNextBucket(living, sale, lanes, pulses)).toBe(true);
  for (const row of await readLanes(truth, [id])) await intakeLane(living, row);
}

async function openSale(): Promise<NonNullable<Awaited<ReturnType<typeof readOpenSale>>>> {
  const sale = await readOpenSale(stage.truth, stage.sale.id);
  if (sale === null) throw new Error("the sale is gone");
  return sale;
}

async function seal(context: WorkerContext, pieces: Pieces): Promise<boolean> {
  return sealBuckets(context, await openSale(), await stage.lanes(), pieces);
}

interface Drawn {
  entryId: string;
  ticket: number;
}

/** What came out, judged from the stores alone: one bucket, drawn as the format says, every card with its ticket. */
async function expectDrawn(count: number): Promise<void> {
  const { truth, sale } = stage;
  const { rows: list } = await truth.query<{ entryId: string; lane: number; shopperKey: string }>(
    `SELECT entry_id AS "entryId", lane, shopper_key AS "shopperKey" FROM entries WHERE sale_id = $1 ORDER BY lane, seq`,
    [sale.id],
  );
  const { rows: buckets } = await truth.query<{ digest: Buffer; seed: Buffer; state: string; told: boolean }>(
    "SELECT digest, seed, state, told_at IS NOT NULL AS told FROM draw_buckets WHERE sale_id = $1",
    [sale.id],
  );
  const digest = createHash("sha256")
    .update(list.map(({ entryId }) => `${entryId}\n`).join(""))
    .digest();
  expect(buckets).toMatchObject([{ digest, state: "drawn", told: true }]);
  const seed = buckets[0]?.seed ?? Buffer.alloc(0);
  const due = list
    .map(({ entryId }) => ({ entryId, key: createHash("sha256").update(seed).update(entryId).digest() }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entryId }, i) => ({ entryId, ticket: i + 1 }));
  const { rows: tickets } = await truth.query<Drawn>(
    `SELECT entry_id AS "entryId", ticket FROM tickets WHERE sale_id = $1 ORDER BY ticket`,
    [sale.id],
  );
  expect(tickets).toHaveLength(count);
  expect(tickets).toEqual(due);
  const { rows: ends } = await truth.query(
    `SELECT drawn_to AS "drawnTo", next_ticket AS "nextTicket", next_bucket AS "nextBucket" FROM sales WHERE id = $1`,
    [sale.id],
  );
  expect(ends).toEqual([{ drawnTo: count, nextTicket: count + 1, nextBucket: 1 }]);
  const ticketOf = new Map(tickets.map(({ entryId, ticket }) => [entryId, ticket]));
  for (const [lane, address] of await stage.lanes()) {
    const ofLane = list.filter((entry) => entry.lane === lane);
    for (let from = 0; from < ofLane.length; from += 500) {
      const page = ofLane.slice(from, from + 500);
      const cards = await stage.hotStore.lane(address).look(page.map((entry) => entry.shopperKey as never));
      expect(cards.ok && cards.value.map((card) => card?.ticket)).toEqual(
        page.map((entry) => ticketOf.get(entry.entryId)),
      );
    }
  }
}

test("a sealing that is killed after any of its steps is taken up with the same result", async () => {
  let at = 0;
  for (;;) {
    at++;
    await closedLobby(12);
    const dying = new DyingWorker(living, "the dying", at);
    const outcome = await seal(dying.context, CRUMBS).catch((error: unknown) => error);
    if (!dying.dead) {
      // It has fewer calls than that: every one of them has been the last.
      expect(outcome).toBe(true);
      await expectDrawn(12);
      break;
    }
    expect(outcome).toBeInstanceOf(Died);
    await stage.truth.query("UPDATE sealing_turns SET until = clock_timestamp() WHERE sale_id = $1", [
      stage.sale.id,
    ]);
    while (await seal(living, CRUMBS));
    await expectDrawn(12);
  }
  expect(at).toBeGreaterThan(30);
}, 120_000);

test("while one worker has the turn another does nothing, and takes it when nothing was heard for a while", async () => {
  await closedLobby(8);
  const dying = new DyingWorker(living, "the dying", 6);
  await expect(seal(dying.context, CRUMBS)).rejects.toThrow(Died);
  const before = await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1");
  expect(await seal(living, CRUMBS)).toBe(false);
  expect(happened).not.toContain("bucket.told");
  expect(await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1")).toBe(before);
  await expect.poll(() => seal(living, CRUMBS), { timeout: 10_000, interval: 100 }).toBe(true);
  await expectDrawn(8);
});

test("two workers that seal at the same time, because one was thought dead, come to the same result", async () => {
  await closedLobby(40);
  const names = ["a", "b", "c"];
  const sealing = names.map(async (name) => {
    await stage.truth.query("DELETE FROM sealing_turns WHERE sale_id = $1", [stage.sale.id]);
    return seal({ ...living, name }, CRUMBS);
  });
  await Promise.all(sealing);
  await stage.truth.query("DELETE FROM sealing_turns WHERE sale_id = $1", [stage.sale.id]);
  while (await seal(living, CRUMBS));
  await expectDrawn(40);
});

test("a crowd of twenty thousand is sealed in the usual pieces", async () => {
  await closedLobby(20_000);
  expect(await seal(living, USUAL_PIECES)).toBe(true);
  await expectDrawn(20_000);
}, 60_000);

/** The living worker, and the largest of what it has had in hand at once: rows read, rows written, cards written. */
function watchedWorker(): {
  context: WorkerContext;
  largest: { read: number; written: number; cards: number };
} {
  const largest = { read: 0, written: 0, cards: 0 };
  const watch = <Store extends object>(store: Store, told: Partial<Record<string, unknown>>): Store =>
    new Proxy(store, {
      get(target, name) {
        if (typeof name === "string" && name in told) return told[name];
        const method: unknown = Reflect.get(target, name, target);
        return typeof method === "function" ? method.bind(target) : method;
      },
    });
  const query =
    (statements: Statements) =>
    async (text: string, values: readonly unknown[] = []): Promise<unknown> => {
      const result = await statements.query<Record<string, unknown>>(text, values);
      // A page of ids is one row, which says how many it has.
      const counts = result.rows.map((row) => ("ids" in row ? Number(row["count"]) : 0));
      largest.read = Math.max(largest.read, result.rows.length, ...counts);
      const lists = values.map((value) => (Array.isArray(value) ? value.length : 0));
      largest.written = Math.max(largest.written, ...lists);
      return result;
    };
  const lane = (address: LaneAddress): LaneStore => {
    const store = stage.hotStore.lane(address);
    const tickets: LaneStore["tickets"] = (writes, bucket) => {
      largest.cards = Math.max(largest.cards, writes.length);
      return store.tickets(writes, bucket);
    };
    return watch(store, { tickets });
  };
  const transaction = (work: (tx: Statements) => Promise<unknown>): Promise<unknown> =>
    stage.truth.transaction((tx) => work(watch(tx, { query: query(tx) })));
  const truth = watch(stage.truth, { query: query(stage.truth), transaction });
  return { context: { ...living, truth, hotStore: watch(stage.hotStore, { lane }) }, largest };
}

test("a crowd is read and written a page at a time, and no usual page is more than a command should be", async () => {
  await closedLobby(40);
  const { context, largest } = watchedWorker();
  const pieces = { pageIds: 6, pageCards: 5, ticketBatch: 7, ticketBatchesAtOnce: 2, cardTickets: 4 };
  expect(await seal(context, pieces)).toBe(true);
  expect(largest).toEqual({ read: 6, written: 7, cards: 4 });
  await expectDrawn(40);
  expect(USUAL_PIECES.cardTickets).toBeLessThanOrEqual(250);
  for (const size of Object.values(USUAL_PIECES)) expect(size).toBeLessThanOrEqual(10_000);
});

test("nothing is drawn from a list that is not the one that was frozen", async () => {
  await closedLobby(6);
  const frozenOnly: WorkerContext = {
    ...living,
    happened: (what) => {
      if (what === "bucket.frozen") throw new Died("it had just been frozen");
    },
  };
  await expect(seal(frozenOnly, CRUMBS)).rejects.toThrow(Died);
  const { truth, sale } = stage;
  expect(await stage.count("SELECT count(*) AS n FROM draw_buckets WHERE sale_id = $1")).toBe(1);
  await truth.query(`UPDATE draw_bucket_ranges SET to_seq = to_seq - 2 WHERE sale_id = $1 AND lane = 0`, [
    sale.id,
  ]);
  await expect(seal(living, CRUMBS)).rejects.toThrow("another list than was frozen");
  expect(await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1")).toBe(0);
});

test("a ticket must name an entry of its own sale, and an entry keeps its name", async () => {
  await closedLobby(4);
  const other = stage.sale.id;
  const { rows } = await stage.truth.query<{ entryId: string }>(
    `SELECT entry_id AS "entryId" FROM entries WHERE sale_id = $1 LIMIT 1`,
    [other],
  );
  const entryId = rows[0]?.entryId;
  await stage.createSale({ quantity: 1 });
  const insert = (id: string | undefined): Promise<unknown> =>
    stage.truth.query("INSERT INTO tickets (sale_id, ticket, entry_id, bucket) VALUES ($1, 1, $2, 0)", [
      stage.sale.id,
      id,
    ]);
  await expect(insert(entryId)).rejects.toThrow("no entry of its sale");
  await expect(insert("nobody")).rejects.toThrow("no entry of its sale");
  await expect(stage.truth.query("DELETE FROM entries WHERE entry_id = $1", [entryId])).rejects.toThrow(
    "append-only",
  );
  await expect(
    stage.truth.query("UPDATE entries SET sale_id = $2 WHERE entry_id = $1", [entryId, stage.sale.id]),
  ).rejects.toThrow("append-only");
});

test("the lobby closes when the draw begins, a later bucket a second after its first arrival", () => {
  const pulse = { bucket: 3, openedMs: 1_000, nowMs: 1_999 } as Parameters<typeof isCloseDue>[1][number];
  expect(isCloseDue({ phase: "lobby", nextBucket: 0 }, [])).toBe(false);
  expect(isCloseDue({ phase: "drawing", nextBucket: 0 }, [])).toBe(true);
  expect(isCloseDue({ phase: "live", nextBucket: 3 }, [pulse])).toBe(false);
  expect(isCloseDue({ phase: "live", nextBucket: 3 }, [{ ...pulse, nowMs: 2_000 }])).toBe(true);
  expect(isCloseDue({ phase: "live", nextBucket: 3 }, [{ ...pulse, openedMs: null }])).toBe(false);
  expect(isCloseDue({ phase: "live", nextBucket: 2 }, [pulse])).toBe(true);
});
