// What a row is given: how thorough to be, and what it may open. All that was opened is ended with the row, in the
// reverse order, also when the row breaks.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@dropgate/ops/stores/postgres";
import { startRedis } from "@dropgate/ops/stores/redis";
import type { RunningStore } from "@dropgate/ops/stores/store-process";
import { callUndertaker } from "@dropgate/ops/stores/undertaker";
import { type Child, type ChildOptions, startChild } from "./child.ts";

export interface Stores {
  redis: RunningStore;
  postgres: RunningStore;
}

interface StoreOptions {
  dataDir: string;
  durable: boolean;
  onSpawn: (pid: number) => void;
}

export class Bench {
  readonly quick: boolean;
  /** A line for whoever watches. */
  readonly say: (line: string) => void;
  readonly #profiles: string | undefined;
  readonly #endings: (() => Promise<unknown>)[] = [];
  #redis: Promise<RunningStore> | null = null;
  #postgres: Promise<RunningStore> | null = null;

  constructor(options: { quick: boolean; say: (line: string) => void; profiles?: string | undefined }) {
    this.quick = options.quick;
    this.#profiles = options.profiles;
    this.say = options.say;
  }

  /** `bench.pick(3, 1)`: seconds of a round, say, of a full run and of a quick one. */
  pick<Value>(full: Value, quick: Value): Value {
    return this.quick ? quick : full;
  }

  /** Done at the end of the row, the latest first. */
  atEnd(ending: () => Promise<unknown>): void {
    this.#endings.push(ending);
  }

  async start(options: ChildOptions): Promise<Child> {
    const profiled = this.#profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${this.#profiles}`];
    const child = await startChild({ ...options, nodeArgs: [...(options.nodeArgs ?? []), ...profiled] });
    this.atEnd(() => child.end());
    return child;
  }

  async folder(name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `dropgate-bench-${name}-`));
    this.atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    return folder;
  }

  /** A Redis of this row's own, as `start` runs it: append-only file, synced every second. */
  redis(): Promise<RunningStore> {
    this.#redis ??= this.#store("redis", startRedis);
    return this.#redis;
  }

  /** A PostgreSQL of this row's own, as `start` runs it: fsync and synchronous_commit on. */
  postgres(): Promise<RunningStore> {
    this.#postgres ??= this.#store("postgres", startPostgres);
    return this.#postgres;
  }

  async stores(): Promise<Stores> {
    const [redis, postgres] = await Promise.all([this.redis(), this.postgres()]);
    return { redis, postgres };
  }

  async end(): Promise<void> {
    for (const ending of this.#endings.toReversed()) await ending();
    this.#endings.length = 0;
  }

  async #store(
    name: "redis" | "postgres",
    start: (options: StoreOptions) => Promise<RunningStore>,
  ): Promise<RunningStore> {
    const dataDir = await this.folder(name);
    // Stores run in sessions of their own: should we be killed, somebody has to end them.
    const undertaker = callUndertaker(0, dataDir);
    this.atEnd(async () => undertaker.dismiss());
    const store = await start({ dataDir, durable: true, onSpawn: (pid) => undertaker.take(name, pid) });
    this.atEnd(() => store.stop());
    return store;
  }
}
