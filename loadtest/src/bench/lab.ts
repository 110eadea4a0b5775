// What the rows of the worker's side work on: durable stores of the row's own, a sale written straight to PostgreSQL,
// a crowd that is there already. The worker's own functions are called in this process, or its program is started.
import { randomBytes } from "node:crypto";
import { RATE_PER_SECOND_MAX } from "@dropgate/contracts/limits";
import { type SaleCreate, saleCreateSchema } from "@dropgate/contracts/sale";
import { addressesOf } from "@dropgate/inventory/lanes";
import { createSaleIn } from "@dropgate/inventory/sales/create";
import { HotStore } from "@dropgate/lua";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { Happening, WorkerContext } from "@dropgate/queue-worker/running/context";
import { fillEntries, fillLobby } from "@dropgate/queue-worker/sealing/full-lobby";
import { Truth } from "@dropgate/sql";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import { migrate } from "@dropgate/sql/migrate";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { Redis } from "ioredis";
import type { Bench, Stores } from "./bench.ts";
import type { Child } from "./child.ts";

export class Lab {
  readonly stores: Stores;
  readonly truth: Truth;
  readonly hotStore: HotStore;
  readonly context: WorkerContext;
  /** Told of each thing that the worker's functions do in this process. */
  onHappened: (what: Happening) => void = () => {};

  private constructor(stores: Stores, truth: Truth, hotStore: HotStore) {
    this.stores = stores;
    this.truth = truth;
    this.hotStore = hotStore;
    this.context = {
      name: "bench",
      truth,
      hotStore,
      log: { info() {}, warn() {}, error() {} },
      happened: (what) => this.onHappened(what),
    };
  }

  static async open(bench: Bench): Promise<Lab> {
    const stores = await bench.stores();
    await migrate(stores.postgres.url);
    const truth = new Truth({ url: stores.postgres.url, connectionsMax: 12, statementMsMax: 300_000 });
    bench.atEnd(() => truth.close());
    const hotStore = new HotStore({ url: stores.redis.url });
    bench.atEnd(() => hotStore.close());
    await hotStore.whenReady(5_000);
    return new Lab(stores, truth, hotStore);
  }

  /** Process ids by name, for `measure`. */
  get processes(): Record<string, number> {
    return { redis: this.stores.redis.pid, postgres: this.stores.postgres.pid };
  }

  /** The worker's own program on these stores, once it works. */
  async worker(bench: Bench): Promise<Child> {
    const env = {
      REDIS_URL: this.stores.redis.url,
      DATABASE_URL: this.stores.postgres.url,
      DROPGATE_SECRET: randomBytes(24).toString("hex"),
      BOOTSTRAP_API_KEY: randomBytes(24).toString("hex"),
      LOG_LEVEL: "warn",
      PROCESS_NAME: "worker-1",
    };
    await this.truth.query("DELETE FROM process_heartbeats");
    const isReady = async (): Promise<boolean> =>
      (await this.truth.query("SELECT 1 FROM process_heartbeats")).rowCount === 1;
    return bench.start({ script: "queue-worker/src/main.ts", env, isReady });
  }

  /** A sale in its lobby, drawn in an hour unless said otherwise. */
  async sale(wanted: Partial<SaleCreate> = {}): Promise<SaleRow> {
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
    const request = saleCreateSchema.parse({
      title: "A benchmark",
      sku: "bench",
      source: "own",
      quantity: 100,
      admission: { ratePerSecond: 100, burst: 100 },
      claimWindowSeconds: 3_600,
      schedule: { drawAt: at(3_600), opensAt: at(3_600), closesAt: at(7_200) },
      ...wanted,
    });
    const created = await this.truth.transaction((tx) => createSaleIn(tx, request));
    if (!created.ok) throw new Error(created.refusal);
    return created.value;
  }

  /** Fills the sale with a crowd: rows and cards, or rows alone. */
  async fill({ id, tag, laneCount }: SaleRow, count: number, what: "all" | "rows" = "all"): Promise<void> {
    const { truth, hotStore } = this;
    const lobby = { truth, hotStore, saleId: id, tag, laneCount, count };
    await (what === "all" ? fillLobby(lobby) : fillEntries(lobby));
  }

  /**
   * A sale that is live, drawn, and waited for by a crowd: everybody has a ticket, nobody was offered anything yet.
   * The crowd's cards are what rebuilding would write, made by Redis itself: a million would take a minute.
   */
  async drawn(crowd: number, wanted: Partial<SaleCreate> = {}): Promise<SaleRow> {
    const sale = await this.sale({
      admission: { ratePerSecond: RATE_PER_SECOND_MAX, burst: RATE_PER_SECOND_MAX },
      ...wanted,
    });
    await this.fill(sale, 0);
    await this.fill(sale, crowd, "rows");
    await this.truth.query(
      `INSERT INTO tickets (sale_id, ticket, entry_id, bucket)
       SELECT $1, row_number() OVER (ORDER BY right(entry_id, 22)), entry_id, 0 FROM entries WHERE sale_id = $1`,
      [sale.id],
    );
    await this.truth.query(
      `UPDATE sales SET next_ticket = $2::bigint + 1, drawn_to = $2::bigint, next_bucket = 1, phase = 'drawing'
       WHERE id = $1`,
      [sale.id, crowd],
    );
    await this.truth.query(
      "UPDATE sales SET phase = 'live', tokens = burst, tokens_at = clock_timestamp(), went_live_at = clock_timestamp() WHERE id = $1",
      [sale.id],
    );
    const redis = new Redis(this.stores.redis.url);
    try {
      for (const [lane, { epoch }] of await this.lanes(sale.id)) {
        await redis.eval(
          `for n = 1, tonumber(ARGV[1]) do
             redis.call('HSET', KEYS[1], string.format('%022d', n), '1|0|w|0|0|0|' .. n .. '|' .. n .. '|||')
           end
           redis.call('HSET', KEYS[2], 'waiting', ARGV[1], 'phase', 'live')`,
          2,
          `{${sale.id}:${lane}}:${epoch}:cards`,
          `{${sale.id}:${lane}}:lane`,
          Math.floor(crowd / sale.laneCount),
        );
      }
    } finally {
      redis.disconnect();
    }
    return sale;
  }

  /** What Redis has spent in scripts since it was started, in µs. */
  async scriptMicroseconds(): Promise<number> {
    const redis = new Redis(this.stores.redis.url);
    try {
      const stats = await redis.info("commandstats");
      return Number(/^cmdstat_evalsha:calls=\d+,usec=(\d+)/m.exec(stats)?.[1] ?? 0);
    } finally {
      redis.disconnect();
    }
  }

  async lanes(saleId: string): Promise<Map<number, LaneAddress>> {
    return addressesOf(await readLanes(this.truth, [saleId]));
  }

  async one<Row extends Record<string, unknown>>(text: string, values: unknown[]): Promise<Row> {
    const { rows } = await this.truth.query<Row>(text, values);
    if (!rows[0]) throw new Error(`nothing: ${text}`);
    return rows[0];
  }
}
