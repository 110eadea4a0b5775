// What the worker's tests play on: a database of their own, the run's Redis, one sale, and a crowd that
// joins as gateways would, straight through the hot store.
import { randomBytes } from "node:crypto";
import { merchantShopper, type SaleId, type SaleTag } from "@dropgate/contracts/ids";
import { type SaleCreate, saleCreateSchema } from "@dropgate/contracts/sale";
import { entryIdFor, placeOfShopper } from "@dropgate/inventory/ids";
import { addressesOf, byLane } from "@dropgate/inventory/lanes";
import { createSaleIn } from "@dropgate/inventory/sales/create";
import { HotStore } from "@dropgate/lua";
import type { Card } from "@dropgate/lua/card";
import type { JoinOutcome, LaneAddress } from "@dropgate/lua/lane-answers";
import { readLanes } from "@dropgate/sql/lanes/lane-row";
import { readSale, type SaleRow } from "@dropgate/sql/sales/sale-row";
import { testDatabase } from "@dropgate/sql/template-database";
import type { Happening, WorkerLog } from "./running/context.ts";
import { Worker } from "./worker.ts";

export interface StageOptions {
  redisUrl: string;
  databaseUrl: string;
}

const quietLog: WorkerLog = { info() {}, warn() {}, error() {} };

export class SaleStage {
  readonly errors: unknown[] = [];
  readonly happened = new Map<Happening, number>();
  readonly database: Awaited<ReturnType<typeof testDatabase>>;
  readonly hotStore: HotStore;
  sale!: SaleRow;
  readonly #workers: Worker[] = [];

  private constructor(database: Awaited<ReturnType<typeof testDatabase>>, hotStore: HotStore) {
    this.database = database;
    this.hotStore = hotStore;
  }

  static async open(options: StageOptions): Promise<SaleStage> {
    const stage = new SaleStage(
      await testDatabase(options.databaseUrl),
      new HotStore({ url: options.redisUrl }),
    );
    await stage.hotStore.whenReady(5_000);
    return stage;
  }

  get truth(): SaleStage["database"]["truth"] {
    return this.database.truth;
  }

  /** A sale of its own, with times in seconds from now. */
  async createSale(change: Partial<SaleCreate> = {}, drawInSeconds = 3600): Promise<SaleRow> {
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
    const request = saleCreateSchema.parse({
      id: `s_${randomBytes(6).toString("hex")}`,
      title: "A console",
      sku: "console:1 {é}",
      quantity: 10,
      admission: { ratePerSecond: 1000, burst: 100 },
      schedule: { drawAt: at(drawInSeconds), opensAt: at(drawInSeconds), closesAt: at(drawInSeconds + 7200) },
      ...change,
    });
    const created = await this.truth.transaction((tx) => createSaleIn(tx, request));
    if (!created.ok) throw new Error(created.refusal);
    this.sale = created.value;
    return this.sale;
  }

  startWorkers(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.#workers.push(
        new Worker({
          name: `worker-${this.#workers.length + 1}`,
          truth: this.truth,
          hotStore: this.hotStore,
          log: { ...quietLog, error: (fields) => this.errors.push(fields) },
          happened: (what, n) => this.happened.set(what, (this.happened.get(what) ?? 0) + n),
        }),
      );
    }
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  async lanes(): Promise<Map<number, LaneAddress>> {
    return addressesOf(await readLanes(this.truth, [this.sale.id]));
  }

  async lanesReady(): Promise<void> {
    await until("the lanes are ready", async () => (await this.lanes()).size === this.sale.laneCount);
  }

  #place(name: string): {
    shopper: ReturnType<typeof merchantShopper>;
    key: string;
    lane: number;
    entryId: string;
  } {
    const source = { tag: this.sale.tag as SaleTag, idKey: this.sale.idKey, laneCount: this.sale.laneCount };
    const shopper = merchantShopper(name);
    const { shopperKey, lane } = placeOfShopper(source, shopper);
    return { shopper, key: shopperKey, lane, entryId: entryIdFor(source, lane, shopper, 1) };
  }

  entryOf(name: string): string {
    return this.#place(name).entryId;
  }

  /** Joins a crowd, first attempts (`acknowledged`: from a journal); @returns the outcome by name */
  async join(names: readonly string[], acknowledged = false): Promise<Map<string, JoinOutcome>> {
    const lanes = await this.lanes();
    const outcomes = new Map<string, JoinOutcome>();
    for (const [lane, group] of byLane(names, (name) => this.#place(name).lane)) {
      const address = lanes.get(lane);
      if (!address) throw new Error(`lane ${lane} is not ready`);
      for (let from = 0; from < group.length; from += 200) {
        const batch = group.slice(from, from + 200);
        const answer = await this.hotStore.lane(address).join(
          batch.map((name) => {
            const { shopper, key, entryId } = this.#place(name);
            return { key: key as never, entryId: entryId as never, shopper, attempt: 1 };
          }),
          acknowledged,
        );
        if (!answer.ok) throw new Error(`lane ${lane} is fenced`);
        for (const [i, outcome] of answer.value.entries()) outcomes.set(batch[i] as string, outcome);
      }
    }
    return outcomes;
  }

  async leave(name: string): Promise<string> {
    const { lane, key, entryId } = this.#place(name);
    const address = (await this.lanes()).get(lane);
    if (!address) throw new Error(`lane ${lane} is not ready`);
    const answer = await this.hotStore
      .lane(address)
      .leave([{ key: key as never, entryId: entryId as never, attempt: 1 }]);
    if (!answer.ok) throw new Error(`lane ${lane} is fenced`);
    return answer.value[0]?.outcome ?? "nothing";
  }

  async card(name: string): Promise<Card | null> {
    const { lane, key } = this.#place(name);
    const address = (await this.lanes()).get(lane);
    if (!address) return null;
    const answer = await this.hotStore.lane(address).look([key as never]);
    return answer.ok ? (answer.value[0] ?? null) : null;
  }

  /** Moves the sale's moments, as an operator who draws by hand does. */
  async drawNow(): Promise<void> {
    await this.truth.query(
      "UPDATE sales SET lobby_at = least(lobby_at, clock_timestamp()), draw_at = clock_timestamp(), opens_at = clock_timestamp() WHERE id = $1",
      [this.sale.id],
    );
  }

  async refreshSale(): Promise<SaleRow> {
    const sale = await readSale(this.truth, this.sale.id);
    if (sale === null) throw new Error("the sale is gone");
    this.sale = sale;
    return sale;
  }

  async count(sql: string): Promise<number> {
    const { rows } = await this.truth.query<{ n: number }>(sql, [this.sale.id]);
    return rows[0]?.n ?? -1;
  }

  get saleId(): SaleId {
    return this.sale.id as SaleId;
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.hotStore.close();
    await this.database.drop();
  }
}

/** Waits for a level. @throws with the text when it is not reached in time */
export async function until(text: string, level: () => Promise<boolean>, msMax = 20_000): Promise<void> {
  const end = Date.now() + msMax;
  while (!(await level())) {
    if (Date.now() > end) throw new Error(`not reached: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
