// What a run of the Node engine has counted: as plain data, so that each driver process sends its own and they are
// put together; and as the numbers that thresholds and the table ask for, under k6's names for them.

import { percentile } from "../latencies.ts";
import { METRIC_NAMES, METRICS, type Meter, type MetricName } from "./metrics.ts";

export interface Figures {
  counters: Partial<Record<MetricName, number>>;
  rates: Partial<Record<MetricName, { yes: number; all: number }>>;
  trends: Partial<Record<MetricName, number[]>>;
}

export interface FigureMeter extends Meter {
  readonly figures: Figures;
}

export function figureMeter(): FigureMeter {
  const figures: Figures = { counters: {}, rates: {}, trends: {} };
  return {
    figures,
    add: (metric, value) => {
      const { kind } = METRICS[metric];
      if (kind === "counter") figures.counters[metric] = (figures.counters[metric] ?? 0) + value;
      else if (kind === "trend") (figures.trends[metric] ??= []).push(value);
      else {
        const rate = (figures.rates[metric] ??= { yes: 0, all: 0 });
        rate.all++;
        if (value !== 0) rate.yes++;
      }
    },
  };
}

export function together(parts: readonly Figures[]): Figures {
  const whole: Figures = { counters: {}, rates: {}, trends: {} };
  for (const metric of METRIC_NAMES) {
    for (const { counters, rates, trends } of parts) {
      const count = counters[metric];
      if (count !== undefined) whole.counters[metric] = (whole.counters[metric] ?? 0) + count;
      const rate = rates[metric];
      if (rate !== undefined) {
        const sum = (whole.rates[metric] ??= { yes: 0, all: 0 });
        sum.yes += rate.yes;
        sum.all += rate.all;
      }
      const values = trends[metric];
      // Not spread into a push: a hundred thousand arguments are more than a call can take.
      if (values !== undefined) whole.trends[metric] = (whole.trends[metric] ?? []).concat(values);
    }
  }
  return whole;
}

/**
 * One number of a metric: `count`; `rate`; `min`, `max`, `avg`, `med`, `p(N)` and `count` of a trend. Nothing seen is 0,
 * as in k6.
 */
export function figureOf(figures: Figures, metric: MetricName, aggregate: string): number {
  const { kind } = METRICS[metric];
  if (kind === "counter") return figures.counters[metric] ?? 0;
  if (kind === "rate") {
    const { yes, all } = figures.rates[metric] ?? { yes: 0, all: 0 };
    return all === 0 ? 0 : yes / all;
  }
  const sorted = Float64Array.from(figures.trends[metric] ?? []).toSorted();
  if (aggregate === "count") return sorted.length;
  if (aggregate === "min") return sorted[0] ?? 0;
  if (aggregate === "max") return sorted.at(-1) ?? 0;
  if (aggregate === "med") return percentile(sorted, 0.5);
  if (aggregate === "avg")
    return sorted.length === 0 ? 0 : sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
  return percentile(sorted, Number(/^p\(([\d.]+)\)$/.exec(aggregate)?.[1]) / 100);
}

/** All that was seen, a line for each metric. */
export function figureTable(figures: Figures): string {
  const cell = (value: number): string => value.toFixed(0).padStart(9);
  const lines = METRIC_NAMES.flatMap((metric) => {
    const { kind } = METRICS[metric];
    const name = `  ${metric.padEnd(20)}`;
    if (kind === "counter") {
      return figures.counters[metric] === undefined ? [] : [`${name}${cell(figures.counters[metric])}`];
    }
    if (kind === "rate") {
      const rate = figures.rates[metric];
      return rate === undefined ? [] : [`${name}${cell(rate.yes)} of ${rate.all}`];
    }
    if (figures.trends[metric] === undefined) return [];
    const of = ["count", "med", "p(95)", "p(99)", "max"].map((name) => figureOf(figures, metric, name));
    return [`${name}${of.map(cell).join("")}`];
  });
  const head = `  ${"".padEnd(20)}${["count", "med ms", "p95 ms", "p99 ms", "max ms"].map((name) => name.padStart(9)).join("")}`;
  return [head, ...lines].join("\n");
}
