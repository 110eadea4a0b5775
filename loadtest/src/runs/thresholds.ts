// The thresholds of a load test, in k6's own words ("p(99)<=250"), judged by the Node engine: so that both engines
// fail for the same reason.

import { type Figures, figureOf } from "./figures.ts";
import { METRICS, type MetricName } from "./metrics.ts";

/** By metric; each must hold. */
export type Thresholds = Partial<Record<MetricName, string[]>>;

export interface Judged {
  metric: MetricName;
  threshold: string;
  value: number;
  holds: boolean;
}

const AGGREGATES = {
  counter: /^count$/,
  rate: /^rate$/,
  trend: /^(?:count|min|max|avg|med|p\(\d+(?:\.\d+)?\))$/,
} as const;

const COMPARES: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "==": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
};

/** @throws Error for a threshold that cannot be read, or that its metric does not have: it would hold by mistake */
export function judge(thresholds: Thresholds, figures: Figures): Judged[] {
  return Object.entries(thresholds).flatMap(([name, all]) =>
    all.map((threshold) => {
      // Object.entries forgets that the keys are metrics.
      const metric = name as MetricName;
      const match = /^([a-z]+(?:\([\d.]+\))?)\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+)?)$/.exec(threshold);
      const [, aggregate = "", operator = "", limit = ""] = match ?? [];
      const compares = COMPARES[operator];
      if (compares === undefined || !AGGREGATES[METRICS[metric].kind].test(aggregate)) {
        throw new Error(`${metric} can't be held against ${threshold}`);
      }
      const value = figureOf(figures, metric, aggregate);
      return { metric, threshold, value, holds: compares(value, Number(limit)) };
    }),
  );
}
