// BullMQ only wakes: a job says what to look at, never what the answer was. Schedules are rows in
// PostgreSQL, from which the jobs are made again every ten seconds and after Redis was emptied, so none has
// to survive. A handler that is early by PostgreSQL's clock puts itself back.
import { QUEUE_PREFIX, SALE_LIFECYCLE_QUEUE } from "@dropgate/contracts/queues";
import { type GeneralClient, openGeneralClient } from "@dropgate/lua/general-client";
import type { Truth } from "@dropgate/sql";
import { readMoments } from "@dropgate/sql/admission/moments";
import { DelayedError, Worker as JobWorker, Queue } from "bullmq";
import { Loop } from "../running/loop.ts";

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
  /** As in REDIS_URL: one server, or several of a cluster by comma. */
  redisUrl: string;
  truth: Truth;
  /** Called at each moment of a sale: something is due. */
  wake: (saleId: string) => void;
  onError: (error: unknown, what: string) => void;
}

interface Crew {
  clients: GeneralClient[];
  queue: Queue<Moment>;
  worker: JobWorker<Moment>;
}

export class SaleJobs {
  readonly #options: SaleJobsOptions;
  readonly #remake: Loop;
  #crew: Crew | null = null;

  constructor(options: SaleJobsOptions) {
    this.#options = options;
    this.#remake = new Loop({
      name: "jobs",
      intervalMs: () => REMAKE_MS,
      onError: options.onError,
      step: async () => {
        this.#crew ??= await this.#open();
        await this.#makeJobs(this.#crew.queue);
        return false;
      },
    });
  }

  async stop(): Promise<void> {
    const closed = async (): Promise<void> => {
      await this.#remake.stop();
      await Promise.all([this.#crew?.worker.close(true), this.#crew?.queue.close()]);
    };
    await Promise.race([closed(), timeout(2_000)]);
    for (const client of this.#crew?.clients ?? []) client.disconnect();
  }

  /** BullMQ insists on waiting for ever; its jobs only wake, so nothing is fenced by that. */
  async #open(): Promise<Crew> {
    const { redisUrl, truth, wake, onError } = this.#options;
    const forQueue = await openGeneralClient(redisUrl);
    const forWorker = await openGeneralClient(redisUrl).catch((error: unknown) => {
      forQueue.disconnect();
      throw error;
    });
    const queue = new Queue<Moment>(SALE_LIFECYCLE_QUEUE, { connection: forQueue, prefix: QUEUE_PREFIX });
    queue.on("error", (error) => onError(error, SALE_LIFECYCLE_QUEUE));
    const worker = new JobWorker<Moment>(
      SALE_LIFECYCLE_QUEUE,
      async (job, token) => {
        const nowMs = await readNowMs(truth);
        if (nowMs < job.data.atMs) {
          await job.moveToDelayed(Date.now() + (job.data.atMs - nowMs), token);
          throw new DelayedError();
        }
        wake(job.data.saleId);
      },
      { connection: forWorker, prefix: QUEUE_PREFIX, concurrency: 4 },
    );
    worker.on("error", (error) => onError(error, SALE_LIFECYCLE_QUEUE));
    return { clients: [forQueue, forWorker], queue, worker };
  }

  async #makeJobs(queue: Queue<Moment>): Promise<void> {
    const { truth } = this.#options;
    const nowMs = await readNowMs(truth);
    for (const moment of await readMoments(truth, AHEAD_MS)) {
      // The time is part of the id: a schedule that was changed makes another job, and the old one's wake-up
      // finds nothing due. Kept jobs would swallow new ones of the same id.
      await queue.add(moment.moment, moment, {
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
