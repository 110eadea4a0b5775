// What a worker counts, in a registry of its own, and the small server that tells it to Prometheus.
import { createServer, type Server } from "node:http";
import { type Metric, WORKER_METRICS, type WorkerMetric } from "@dropgate/contracts/metrics";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Happening, WorkerWatch } from "./running/context.ts";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export class WorkerMetrics {
  readonly registry = new Registry();
  readonly #events = new Counter(this.#named("dropgate_worker_events_total", ["event"]));
  readonly #steps = new Histogram({
    ...this.#named("dropgate_worker_step_seconds", ["loop"]),
    buckets: SECONDS,
  });
  readonly #failed = new Counter(this.#named("dropgate_worker_steps_failed_total", ["loop"]));
  readonly #lag = new Histogram({
    ...this.#named("dropgate_worker_intake_lag_seconds", []),
    buckets: SECONDS,
  });
  readonly #behind = new Set<string>();

  constructor() {
    const behind = this.#behind;
    // It registers itself; what it shows is looked up when it is asked for.
    void new Gauge({
      ...this.#named("dropgate_worker_loops_behind", []),
      collect() {
        this.set(behind.size);
      },
    });
    collectDefaultMetrics({ register: this.registry });
  }

  readonly happened = (what: Happening, count: number): void => this.#events.inc({ event: what }, count);

  readonly watch: WorkerWatch = {
    stepped: (name, seconds, failed) => {
      const [loop = name] = name.split(" ");
      this.#steps.observe({ loop }, seconds);
      if (failed) {
        this.#failed.inc({ loop });
        this.#behind.add(name);
      } else this.#behind.delete(name);
    },
    // By two clocks, Redis' and ours: good enough to be looked at.
    storedSince: (oldestMs) => this.#lag.observe(Math.max(0, Date.now() - oldestMs) / 1_000),
  };

  /** Answers `GET /metrics`. @throws when the port is taken */
  async listen(port: number, host: string): Promise<Server> {
    const server = createServer((request, response) => {
      if (request.method !== "GET" || request.url !== "/metrics") {
        response.writeHead(404).end();
        return;
      }
      this.registry.metrics().then(
        (text) => response.writeHead(200, { "content-type": this.registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return server;
  }

  #named<Label extends string>(
    name: WorkerMetric,
    labelNames: readonly Label[],
  ): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
    const { help }: Metric = WORKER_METRICS[name];
    return { name, help, labelNames: [...labelNames], registers: [this.registry] };
  }
}
