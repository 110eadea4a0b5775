// What a benchmark is: a row of the table. It says what it measures and against what, sets its stage, and plays one
// round of one variant at a time; the harness decides the order, repeats, compares and writes down.
import type { Bench } from "./bench.ts";

/** `ceiling`: the same work with nothing of ours in it. `plain`: what most people would write. */
export type Role = "ours" | "ceiling" | "plain";

export interface Variant {
  /** Its name in results and targets, e.g. `ours`, `bare`, `plain-500`. */
  readonly key: string;
  readonly role: Role;
  /** In a few words, for the table. */
  readonly label: string;
}

/** What one round of one variant saw. */
export interface Sample {
  /** Units of work done: joins, connections, deliveries… */
  readonly units: number;
  readonly seconds: number;
  /** Seconds of CPU by process (`server`, `redis`, `postgres`, `worker`, `load`). */
  readonly cpu?: Readonly<Record<string, number>>;
  readonly latenciesMs?: Iterable<number>;
  /** Whatever else the row measures, by name. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A sample as numbers by name: `rate` (a second), `cpu.<process>` (µs a unit), `p50` `p95` `p99` `max` (ms), own ones. */
export type Figures = Readonly<Record<string, number>>;
/** The rounds of each variant, in order; the i-th of all were played beside one another. */
export type Rounds = ReadonlyMap<string, readonly Figures[]>;

export interface Target {
  /** The whole sentence, e.g. "rate at least 0.8 of bare". */
  readonly says: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The value that is held against the limits; null when this run cannot say. */
  readonly of: (rounds: Rounds) => number | null;
}

export interface Stage {
  /** One round. `warmUp`: played once before the others and not counted; it may be shorter. */
  round(variant: string, options: { warmUp: boolean; round: number }): Promise<Sample>;
  close(): Promise<void>;
}

export interface Row {
  readonly name: string;
  /** One sentence: what work, and what of it is measured. */
  readonly measures: string;
  /** One unit of work: "join". */
  readonly unit: string;
  readonly variants: readonly Variant[];
  readonly rounds: { readonly full: number; readonly quick: number };
  /** Figures for the table and the plot, the most telling first. */
  readonly shown: readonly string[];
  /** What own figures are counted in: `{bytesPerConnection: "B"}`. */
  readonly units?: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
  /** Sets the stage: stores, servers, data. What it opened, `close` ends; also when opening fails half way. */
  open(bench: Bench): Promise<Stage>;
}
