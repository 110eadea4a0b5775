// What a gateway counts, in a registry of its own: several gateways may live in one process (in tests).
import { GATEWAY_METRICS, type GatewayMetric, type Metric } from "@dropgate/contracts/metrics";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { OwnFigures } from "./own-figures.ts";

/** What is read when the metrics are asked for, instead of counted when it happens. */
export type Readings = Partial<Record<GatewayMetric, () => number>>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
  readonly registry = new Registry();
  /** The same of the last seconds, for operators who look on. */
  readonly own = new OwnFigures();
  readonly seconds: Histogram<"operation">;
  readonly aborted: Counter;
  readonly cut: Counter<"reason">;
  readonly unexpected: Counter;
  readonly signIns: Counter<"outcome">;
  readonly #requests: Counter<"operation" | "status">;
  readonly #refusals: Counter<"code">;
  readonly #refused = new Map<string, Counter.Internal>();
  readonly #answered = new Map<
    string,
    { count: number; requests: Counter.Internal; seconds: Histogram.Internal<"operation"> }
  >();

  constructor() {
    const answered = this.#answered;
    this.#requests = new Counter({
      ...this.#named("dropgate_http_requests_total", ["operation", "status"]),
      collect() {
        for (const children of answered.values()) {
          children.requests.inc(children.count);
          children.count = 0;
        }
      },
    });
    this.seconds = new Histogram({
      ...this.#named("dropgate_http_request_seconds", ["operation"]),
      buckets: SECONDS,
    });
    this.aborted = new Counter(this.#named("dropgate_http_aborted_total", []));
    this.cut = new Counter(this.#named("dropgate_http_cut_total", ["reason"]));
    this.#refusals = new Counter(this.#named("dropgate_refusals_total", ["code"]));
    this.unexpected = new Counter(this.#named("dropgate_unexpected_errors_total", []));
    this.signIns = new Counter(this.#named("dropgate_sign_ins_total", ["outcome"]));
    collectDefaultMetrics({ register: this.registry });
  }

  /**
   * Counts an answer. Children are remembered: finding one by its labels costs more than counting; and so does telling
   * it of one, which is done when somebody asks.
   */
  answered(operation: string, status: number, seconds: number): void {
    const name = `${operation} ${status}`;
    let children = this.#answered.get(name);
    if (!children) {
      children = {
        count: 0,
        requests: this.#requests.labels({ operation, status }),
        seconds: this.seconds.labels({ operation }),
      };
      this.#answered.set(name, children);
    }
    this.own.answered(seconds * 1_000);
    children.count++;
    children.seconds.observe(seconds);
  }

  /** Counts a refusal by its code. */
  refused(code: string): void {
    this.own.refused(code);
    let child = this.#refused.get(code);
    if (!child) {
      child = this.#refusals.labels({ code });
      this.#refused.set(code, child);
    }
    child.inc();
  }

  /** Registers what is read off elsewhere. */
  read(readings: Readings): void {
    for (const [name, reading] of Object.entries(readings) as [GatewayMetric, () => number][]) {
      const { help, kind }: Metric = GATEWAY_METRICS[name];
      const made =
        kind === "gauge"
          ? new Gauge({
              name,
              help,
              registers: [],
              collect() {
                this.set(reading());
              },
            })
          : new Counter({
              name,
              help,
              registers: [],
              collect() {
                this.reset();
                this.inc(reading());
              },
            });
      this.registry.registerMetric(made);
    }
  }

  #named<Label extends string>(
    name: GatewayMetric,
    labelNames: Label[],
  ): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
    return { name, help: GATEWAY_METRICS[name].help, labelNames, registers: [this.registry] };
  }
}
