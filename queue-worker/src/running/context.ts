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
  | "hold.applied"
  | "lane.rebuilt"
  | "lane.overtaken"
  | "pool.repaired"
  | "phase.changed"
  | "gap.added"
  | "ledger.page";

export interface WorkerContext {
  /** What the worker calls itself. */
  name: string;
  truth: Truth;
  hotStore: HotStore;
  log: WorkerLog;
  happened(what: Happening, count?: number): void;
}
