// How long things took, as the figures that a table shows.

export interface LatencySummary {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Times in ms, in any order; all of them are kept, eight bytes each. */
export interface Latencies {
  add(ms: number): void;
  summary(): LatencySummary;
}

export function beginLatencies(): Latencies {
  const times: number[] = [];
  return {
    add: (ms) => void times.push(ms),
    summary: () => {
      const sorted = Float64Array.from(times).toSorted();
      return {
        count: sorted.length,
        p50: percentile(sorted, 0.5),
        p95: percentile(sorted, 0.95),
        p99: percentile(sorted, 0.99),
        max: sorted.at(-1) ?? 0,
      };
    },
  };
}

/** The smallest value that the share `of` of all values does not exceed; 0 of none. */
export function percentile(sorted: Float64Array, of: number): number {
  return sorted[Math.max(0, Math.ceil(of * sorted.length) - 1)] ?? 0;
}
