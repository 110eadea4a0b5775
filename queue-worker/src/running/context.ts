// What every part of the worker is handed: the two stores, a log, and the counters that tell afterwards
// which branches have really run.
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";

export interface WorkerLog {
  info(fields: Record<string, unknown>, text: string): void;
  warn(fields: Record<string, unknown>, text: string): void;
  error(fields: Record<string, unknown>, text: string): void;
}

/** Told of each thing that happens; the metrics count them. */
export type Happening =
  | "arrivals.stored"
  | "bucket.frozen"
  | "bucket.drawn"
  | "bucket.told"
  | "offers.made"
  | "offers.refused"
  | "offers.setAside"
  | "take.orphaned"
  | "take.wrong"
  | "take.skipped"
  | "take.voided"
  | "hold.expired"
  | "reservation.expired"
  | "event.applied"
  | "backorder.filled"
  | "hold.applied"
  | "lane.rebuilt"
  | "lane.overtaken"
  | "pool.repaired"
  | "phase.changed"
  | "gap.added"
  | "ledger.page"
  | "restore.told"
  | "inventory.page"
  | "reconciliation.page"
  | "reconciliation.difference"
  | "order.allocated"
  | "warehouse.asked"
  | "warehouse.failed"
  | "warehouse.dead"
  | "webhook.told"
  | "webhook.failed"
  | "webhook.dead"
  | "stock.followed";

/** Told how the worker's loops do; the metrics measure it. */
export interface WorkerWatch {
  /** @param loop its kind and, of a sale's, the sale */
  readonly stepped: (loop: string, seconds: number, failed: boolean) => void;
  /** A batch was stored. @param oldestMs when its oldest arrival came, by Redis' clock */
  readonly storedSince: (oldestMs: number) => void;
}

export interface WorkerContext {
  /** What the worker calls itself. */
  name: string;
  truth: Truth;
  hotStore: HotStore;
  log: WorkerLog;
  happened(what: Happening, count?: number): void;
  /** Absent when nobody looks. */
  watch?: WorkerWatch | undefined;
}
