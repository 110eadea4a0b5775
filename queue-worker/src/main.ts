// The worker process: reads its settings, connects, works until it is told to stop.
import { readSettings } from "@dropgate/contracts/settings";
import { HotStore } from "@dropgate/lua";
import { Truth } from "@dropgate/sql";
import { pino } from "pino";
import { SaleJobs } from "./jobs/sale-jobs.ts";
import { WorkerMetrics } from "./telemetry.ts";
import { Worker } from "./worker.ts";

/** After this a stop is no longer waited for: every step is one that another worker takes up. */
const STOP_MS_MAX = 6_000;

const read = readSettings(process.env);
if (!read.ok) {
  process.stderr.write(`${read.sentences.join("\n")}\n`);
  process.exit(1);
}
const { settings } = read;
const name = settings.PROCESS_NAME || `worker-${process.pid}`;
const log = pino({ name, level: settings.LOG_LEVEL });

const truth = new Truth({
  url: settings.DATABASE_URL,
  name,
  connectionsMax: 12,
  onError: (error) => log.warn({ err: error }, "a connection to PostgreSQL broke"),
});
const hotStore = new HotStore({
  url: settings.REDIS_URL,
  name,
  onError: (error) => log.warn({ err: error }, "a connection to Redis broke"),
});
const metrics = new WorkerMetrics();
if (settings.WORKER_METRICS_PORT > 0) {
  // Nobody's sale should stand still because somebody else has the port.
  metrics.listen(settings.WORKER_METRICS_PORT, settings.HOST).catch((error: unknown) => {
    log.warn({ err: error }, "nobody can read this worker's metrics: it could not listen");
  });
}
const worker = new Worker({
  name,
  truth,
  hotStore,
  log,
  happened: metrics.happened,
  watch: metrics.watch,
  reconcileEverySeconds: settings.RECONCILE_EVERY_SECONDS,
  warehouse: {
    url: settings.WMS_URL ?? null,
    secret: settings.WMS_SECRET ?? null,
    allowPrivate: settings.WMS_ALLOW_PRIVATE,
  },
  webhooks: { secret: settings.DROPGATE_SECRET, allowPrivate: settings.WEBHOOK_ALLOW_PRIVATE },
});
const jobs = new SaleJobs({
  redisUrl: settings.REDIS_URL,
  truth,
  wake: (saleId) => worker.wake(saleId),
  onError: (error, what) => log.warn({ err: error, what }, "jobs will be tried again"),
});
log.info("the worker is up");

let stopping = false;
async function stop(why: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ why }, "stopping");
  setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
  await Promise.all([worker.stop(), jobs.stop()]);
  await hotStore.close();
  await truth.close();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
// Started by `start` with a channel: when that process is gone, nobody would ever stop us.
process.on("disconnect", () => void stop("the process that started us is gone"));
