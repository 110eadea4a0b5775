// A worker: looks which sales there are and runs each; beats the service's heart; sweeps. Any number of
// workers at once give the same result as one.
import { HEARTBEAT_MS, RECONCILE_LOOK_MS } from "@dropgate/contracts/limits";
import { NOTIFICATION_SWEEP_MS } from "@dropgate/contracts/room-limits";
import { HotStock } from "@dropgate/inventory/hot/hot-stock";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import { readOpenSales } from "@dropgate/sql/admission/open-sales";
import { beatProcess, beatService } from "@dropgate/sql/heartbeat/beat";
import { applyWmsEvents, fillWaitingOrders } from "./applying-events.ts";
import { bookSaleOrders } from "./booking.ts";
import { followStock } from "./following-stock.ts";
import { closeInventoryPages } from "./inventory-pages.ts";
import { reconcileStock } from "./reconciling-stock.ts";
import { Rehearsing } from "./rehearsing/rehearsing.ts";
import type { Happening, WorkerContext, WorkerLog, WorkerWatch } from "./running/context.ts";
import { Loop } from "./running/loop.ts";
import { SaleRunner } from "./running/sale-runner.ts";
import { sweepHolds } from "./sweeping.ts";
import { sweepAnswers } from "./sweeping-answers.ts";
import { sweepNotifications } from "./sweeping-notifications.ts";
import { sweepReservations } from "./sweeping-reservations.ts";
import { WarehouseAsking, type WarehouseSettings } from "./warehouse/asking.ts";
import { type WebhookSettings, WebhookTelling } from "./webhooks/telling.ts";

export interface WorkerOptions {
  /** What the worker calls itself in heartbeats. */
  name: string;
  truth: Truth;
  hotStore: HotStore;
  log: WorkerLog;
  happened?: (what: Happening, count: number) => void;
  watch?: WorkerWatch | undefined;
  /** RECONCILE_EVERY_SECONDS; 0, as unless said otherwise: only when asked. */
  reconcileEverySeconds?: number;
  /** Where the simulated shoppers of dry runs go; without it none is run here. */
  rehearsals?: { gatewayUrl: string };
  /** How warehouses are reached; without it none is asked. */
  warehouse?: WarehouseSettings;
  /** Without it no webhook is told. */
  webhooks?: WebhookSettings;
}

const SALES_INTERVAL_MS = 250;
const SWEEP_INTERVAL_MS = 200;
const ANSWERS_SWEEP_INTERVAL_MS = 60_000;
const INVENTORY_PAGES_INTERVAL_MS = 1_000;
/** So that a level is written a few times a second, however many confirm. */
const BOOKING_INTERVAL_MS = 250;
const WAREHOUSE_INTERVAL_MS = 250;
const REHEARSALS_INTERVAL_MS = 500;
const WEBHOOKS_INTERVAL_MS = 250;
const WEBHOOKS_SWEEP_INTERVAL_MS = 60_000;
const WMS_EVENTS_INTERVAL_MS = 100;
const BACKORDERS_INTERVAL_MS = 500;
const STOCK_INTERVAL_MS = 200;
/** While something changes: a little more often, rather than much at once that everybody else waits behind. */
const STOCK_BUSY_INTERVAL_MS = 50;

export class Worker {
  readonly #context: WorkerContext;
  readonly #name: string;
  readonly #runners = new Map<string, SaleRunner>();
  readonly #loops: Loop[];
  readonly #asking: WarehouseAsking | null;
  readonly #rehearsing: Rehearsing;
  readonly #telling: WebhookTelling | null;

  constructor(options: WorkerOptions) {
    this.#name = options.name;
    this.#context = {
      name: options.name,
      truth: options.truth,
      hotStore: options.hotStore,
      log: options.log,
      watch: options.watch,
      happened: (what, count = 1) => {
        if (count > 0) options.happened?.(what, count);
      },
    };
    const stock = new HotStock(options);
    const loop = (name: string, intervalMs: number, step: () => Promise<boolean>): Loop =>
      new Loop({
        name,
        intervalMs: () => intervalMs,
        step,
        onError: this.#onError,
        onStep: options.watch?.stepped,
      });
    this.#asking = options.warehouse ? new WarehouseAsking(this.#context, options.warehouse) : null;
    this.#rehearsing = new Rehearsing(this.#context, options.rehearsals?.gatewayUrl ?? null);
    const { webhooks } = options;
    const telling = webhooks === undefined ? null : new WebhookTelling(this.#context, webhooks);
    this.#telling = telling;
    this.#loops = [
      ...(telling === null
        ? []
        : [
            loop("webhooks", WEBHOOKS_INTERVAL_MS, () => telling.step()),
            loop("webhooks-sweep", WEBHOOKS_SWEEP_INTERVAL_MS, () => telling.sweep()),
          ]),
      loop("heartbeat", HEARTBEAT_MS, () => this.#beat()),
      loop("sales", SALES_INTERVAL_MS, () => this.#lookForSales()),
      loop("sweep", SWEEP_INTERVAL_MS, () => sweepHolds(this.#context)),
      loop("sweep-reservations", SWEEP_INTERVAL_MS, () => sweepReservations(this.#context)),
      loop("sweep-notifications", NOTIFICATION_SWEEP_MS, () => sweepNotifications(this.#context)),
      loop("sweep-answers", ANSWERS_SWEEP_INTERVAL_MS, () => sweepAnswers(this.#context)),
      loop("inventory-pages", INVENTORY_PAGES_INTERVAL_MS, () => closeInventoryPages(this.#context)),
      loop("reconcile", RECONCILE_LOOK_MS, () =>
        reconcileStock(this.#context, stock, options.reconcileEverySeconds ?? 0),
      ),
      loop("wms-events", WMS_EVENTS_INTERVAL_MS, () => applyWmsEvents(this.#context)),
      loop("backorders", BACKORDERS_INTERVAL_MS, () => fillWaitingOrders(this.#context)),
      loop("booking", BOOKING_INTERVAL_MS, () => bookSaleOrders(this.#context)),
      loop("warehouse", WAREHOUSE_INTERVAL_MS, async () => (await this.#asking?.step()) ?? false),
      loop("rehearsals", REHEARSALS_INTERVAL_MS, () => this.#rehearsing.step()),
      this.#stockLoop(stock),
    ];
  }

  #stockLoop(stock: HotStock): Loop {
    let isBusy = false;
    return new Loop({
      name: "stock",
      intervalMs: () => (isBusy ? STOCK_BUSY_INTERVAL_MS : STOCK_INTERVAL_MS),
      step: async () => {
        const { isMore, isAny } = await followStock(this.#context, stock);
        isBusy = isAny;
        return isMore;
      },
      onError: this.#onError,
      onStep: this.#context.watch?.stepped,
    });
  }

  /** A sale, or with null every one, may have something due: look now. */
  wake(saleId: string | null): void {
    for (const loop of this.#loops) loop.wake();
    if (saleId === null) for (const runner of this.#runners.values()) runner.wake();
    else this.#runners.get(saleId)?.wake();
  }

  /** Takes no new work and resolves when what had begun has ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await Promise.all([this.#asking?.ended(), this.#telling?.ended()]);
    await this.#rehearsing.stop();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    this.#runners.clear();
  }

  readonly #onError = (error: unknown, loop: string): void => {
    this.#context.log.error({ err: error, loop }, "a step failed and will be tried again");
  };

  async #beat(): Promise<boolean> {
    const gapMs = await beatService(this.#context.truth);
    if (gapMs > 0) {
      this.#context.happened("gap.added");
      this.#context.log.warn({ gapMs }, "the service was away; every live window was made longer by that");
    }
    await beatProcess(this.#context.truth, this.#name, "worker");
    return false;
  }

  async #lookForSales(): Promise<boolean> {
    const sales = await readOpenSales(this.#context.truth);
    const open = new Set(sales.map((sale) => sale.saleId));
    for (const sale of sales) {
      if (this.#runners.has(sale.saleId)) continue;
      this.#runners.set(sale.saleId, new SaleRunner(this.#context, sale, this.#onError));
    }
    for (const [saleId, runner] of this.#runners) {
      if (open.has(saleId)) continue;
      this.#runners.delete(saleId);
      await runner.stop();
    }
    return false;
  }
}
