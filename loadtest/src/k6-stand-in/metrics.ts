// Stands in for k6/metrics in the tests: what is added goes into the figures of the Node engine.

import { type FigureMeter, figureMeter } from "../runs/figures.ts";
import type { MetricName } from "../runs/metrics.ts";

let meter: FigureMeter = figureMeter();

/** Begins anew, and hands out what will be added from now on. */
export function freshFigures(): FigureMeter["figures"] {
  meter = figureMeter();
  return meter.figures;
}

class Metric {
  readonly #name: MetricName;

  constructor(name: MetricName) {
    this.#name = name;
  }

  add(value: number): void {
    meter.add(this.#name, value);
  }
}

export { Metric as Counter, Metric as Rate, Metric as Trend };
