// BullMQ only wakes: a job says what to look at, never what the answer was. Schedules are rows in
// PostgreSQL, from which the jobs are made again every ten seconds and after Redis was emptied, so none has
// to survive. A handler that is early by PostgreSQL's clock puts itself back.
import type { Truth } from "@dropgate/sql";
import { readMoments } from "@dropgate/sql/admission/moments";
import { DelayedError, Worker as JobWorker, Queue } from "bullmq";
import { Redis } from "ioredis";
import { Loop } from "../running/loop.ts";

/** One hash tag for all keys of the queue: BullMQ's scripts touch several at once. */
const PREFIX = "{dropgate}";
const LIFECYCLE = "sale-lifecycle";
const REMAKE_MS = 10_000;
/** Jobs are made for moments this near; the rest come with a later round. */
const AHEAD_MS = 24 * 3600 * 1000;

interface Moment {
  saleId: string;
  moment: "lobby" | "draw" | "open" | "close";
  /** When, as PostgreSQL has it, ms since 1970. */
  atMs: number;
}

export interface SaleJobsOptions {
  redisUrl: string;
  truth: Truth;
  /** Called at each moment of a sale: something is due. */
  wake: (saleId: string) => void;
  onError: (error: unknown, what: string) => void;
}

export class SaleJobs {
  readonly #queue: Queue<Moment>;
  readonly #worker: JobWorker<Moment>;
  readonly #remake: Loop;
  readonly #connections: Redis[];

  constructor(options: SaleJobsOptions) {
    const connect = (): Redis => {
      // BullMQ insists on waiting for ever; its jobs only wake, so nothing is fenced by that.
      const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
      redis.on("error", () => {});
      return redis;
    };
    this.#connections = [connect(), connect()];
    const [forQueue, forWorker] = this.#connections as [Redis, Redis];
    this.#queue = new Queue(LIFECYCLE, { connection: forQueue, prefix: PREFIX });
    this.#queue.on("error", (error) => options.onError(error, LIFECYCLE));
    this.#worker = new JobWorker<Moment>(
      LIFECYCLE,
      async (job, token) => {
        const nowMs = await readNowMs(options.truth);
        if (nowMs < job.data.atMs) {
          await job.moveToDelayed(Date.now() + (job.data.atMs - nowMs), token);
          throw new DelayedError();
        }
        options.wake(job.data.saleId);
      },
      { connection: forWorker, prefix: PREFIX, concurrency: 4 },
    );
    this.#worker.on("error", (error) => options.onError(error, LIFECYCLE));
    this.#remake = new Loop({
      name: "jobs",
      intervalMs: REMAKE_MS,
      onError: options.onError,
      step: async () => {
        await this.#makeJobs(options.truth);
        return false;
      },
    });
  }

  async stop(): Promise<void> {
    const remade = this.#remake.stop();
    await Promise.race([
      Promise.all([remade, this.#worker.close(true), this.#queue.close()]),
      timeout(2_000),
    ]);
    for (const connection of this.#connections) connection.disconnect();
  }

  async #makeJobs(truth: Truth): Promise<void> {
    const nowMs = await readNowMs(truth);
    for (const moment of await readMoments(truth, AHEAD_MS)) {
      // The time is part of the id: a schedule that was changed makes another job, and the old one's wake-up
      // finds nothing due. Kept jobs would swallow new ones of the same id.
      await this.#queue.add(moment.moment, moment, {
        jobId: `${moment.saleId}-${moment.moment}-${moment.atMs}`,
        delay: Math.max(0, moment.atMs - nowMs),
        removeOnComplete: true,
        removeOnFail: true,
        attempts: 3,
        backoff: { type: "exponential", delay: 500, jitter: 0.5 },
      });
    }
  }
}

async function readNowMs(truth: Truth): Promise<number> {
  const { rows } = await truth.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return rows[0]?.now.getTime() ?? 0;
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
