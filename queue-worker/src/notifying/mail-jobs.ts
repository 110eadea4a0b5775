// The queue `notify`: what is to be sent are rows of PostgreSQL, written down from what is so; a job says which to look
// at, and any worker may do it. A job that is lost, or a Redis that was emptied, is made up for by the next look.
import { MAILS_AT_ONCE, MAILS_LOOK_MAX } from "@dropgate/contracts/room-limits";
import { type GeneralClient, openGeneralClient } from "@dropgate/lua/general-client";
import { readDueMails, writeReturnedMails, writeTurnMails } from "@dropgate/sql/notifications/write-mails";
import { Worker as JobWorker, Queue } from "bullmq";
import { Loop } from "../running/loop.ts";
import { type MailParts, tellByMail } from "./telling-by-mail.ts";

/** One hash tag for all keys of a queue, which a cluster has to have in one slot. */
const PREFIX = "{dropgate}";
const NOTIFY = "notify";
/** An offer lasts some 45 s: a mail that is looked for later than this has lost too much of them. */
const LOOK_MS = 250;
const STOP_MS_MAX = 2_000;

interface Due {
  mailId: string;
}

export interface MailJobsOptions extends MailParts {
  /** As in REDIS_URL: one server, or several of a cluster by comma. */
  redisUrl: string;
  /** Of the queue's keys; another one in tests, which share a Redis. */
  prefix?: string;
  onError: (error: unknown, what: string) => void;
}

interface Crew {
  clients: GeneralClient[];
  queue: Queue<Due>;
  worker: JobWorker<Due>;
}

export class MailJobs {
  readonly #options: MailJobsOptions;
  readonly #look: Loop;
  #crew: Crew | null = null;

  constructor(options: MailJobsOptions) {
    this.#options = options;
    this.#look = new Loop({
      name: NOTIFY,
      intervalMs: () => LOOK_MS,
      onError: options.onError,
      step: async () => {
        this.#crew ??= await this.#open();
        return this.#makeJobs(this.#crew.queue);
      },
    });
  }

  async stop(): Promise<void> {
    const closed = async (): Promise<void> => {
      await this.#look.stop();
      // What is being sent is finished, so that nobody has to guess whether it was.
      await this.#crew?.worker.close();
      await this.#crew?.queue.close();
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_MS_MAX);
    });
    await Promise.race([closed(), late]);
    clearTimeout(timer);
    for (const client of this.#crew?.clients ?? []) client.disconnect();
    this.#options.server.close();
  }

  async #open(): Promise<Crew> {
    const { redisUrl, onError, prefix = PREFIX } = this.#options;
    const forQueue = await openGeneralClient(redisUrl);
    const forWorker = await openGeneralClient(redisUrl).catch((error: unknown) => {
      forQueue.disconnect();
      throw error;
    });
    const queue = new Queue<Due>(NOTIFY, { connection: forQueue, prefix });
    queue.on("error", (error) => onError(error, NOTIFY));
    const worker = new JobWorker<Due>(NOTIFY, (job) => tellByMail(this.#options, job.data.mailId), {
      connection: forWorker,
      prefix,
      concurrency: MAILS_AT_ONCE,
    });
    worker.on("error", (error) => onError(error, NOTIFY));
    worker.on("failed", (_job, error) => onError(error, NOTIFY));
    return { clients: [forQueue, forWorker], queue, worker };
  }

  /** @returns whether there may be more */
  async #makeJobs(queue: Queue<Due>): Promise<boolean> {
    const { truth } = this.#options;
    const written = await writeTurnMails(truth, MAILS_LOOK_MAX);
    const returned = await writeReturnedMails(truth, MAILS_LOOK_MAX);
    const due = await readDueMails(truth, MAILS_LOOK_MAX);
    // A mail's next try is another job: kept or running ones swallow those of their own id.
    await queue.addBulk(
      due.map(({ mailId, attempts }) => ({
        name: "mail",
        data: { mailId },
        opts: { jobId: `${mailId}-${attempts}`, removeOnComplete: true, removeOnFail: true, attempts: 1 },
      })),
    );
    return Math.max(written, returned) === MAILS_LOOK_MAX;
  }
}
