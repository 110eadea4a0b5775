// What the rows of the worker's side work on: durable stores of the row's own, a sale written straight to PostgreSQL,
// a crowd that is there already. The worker's own functions are called in this process, or its program is started.
import { randomBytes } from "node:crypto";
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

  /** The worker's own program on these stores. */
  worker(bench: Bench): Promise<Child> {
    const env = {
      REDIS_URL: this.stores.redis.url,
      DATABASE_URL: this.stores.postgres.url,
      DROPGATE_SECRET: randomBytes(24).toString("hex"),
      BOOTSTRAP_API_KEY: randomBytes(24).toString("hex"),
      LOG_LEVEL: "warn",
      PROCESS_NAME: "worker-1",
    };
    return bench.start({ script: "queue-worker/src/main.ts", env, isReady: async () => true });
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

  async lanes(saleId: string): Promise<Map<number, LaneAddress>> {
    return addressesOf(await readLanes(this.truth, [saleId]));
  }

  async one<Row extends Record<string, unknown>>(text: string, values: unknown[]): Promise<Row> {
    const { rows } = await this.truth.query<Row>(text, values);
    if (!rows[0]) throw new Error(`nothing: ${text}`);
    return rows[0];
  }
}
