// A figure over its rounds: the median says how fast, the extremes how sure.
import { percentile } from "../latencies.ts";
import type { Figures, Sample } from "./row.ts";

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @returns NaN of none */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: medianOf(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The sample as numbers by name, see {@link Figures}. */
export function figuresOf(sample: Sample): Figures {
  const figures: Record<string, number> = { rate: sample.units / sample.seconds };
  for (const [process, seconds] of Object.entries(sample.cpu ?? {})) {
    figures[`cpu.${process}`] = (seconds * 1e6) / sample.units;
  }
  const times = Float64Array.from(sample.latenciesMs ?? []).toSorted();
  if (times.length > 0) {
    figures.p50 = percentile(times, 0.5);
    figures.p95 = percentile(times, 0.95);
    figures.p99 = percentile(times, 0.99);
    figures.max = times.at(-1) ?? 0;
  }
  return { ...figures, ...sample.figures };
}

/** Each figure's spread over the rounds that have it. */
export function spreadsOf(rounds: readonly Figures[]): Record<string, Spread> {
  const names = new Set(rounds.flatMap((figures) => Object.keys(figures)));
  return Object.fromEntries(
    [...names].map((name) => [name, spreadOf(rounds.flatMap((figures) => figures[name] ?? []))]),
  );
}
