// What a row is held to, declared beside it: ratios between two variants of the same round, or a figure itself.
import type { Rounds, Target } from "./row.ts";
import { medianOf } from "./spread.ts";

type Limit = { atLeast: number } | { atMost: number };

/** The median over the rounds of `ours / other`, each of one round: what slows a whole round slows both. */
export function ratioOf(rounds: Rounds, figure: string, one: string, other: string): number | null {
  const ones = rounds.get(one) ?? [];
  const others = rounds.get(other) ?? [];
  const ratios = ones.flatMap((figures, i) => {
    const top = figures[figure];
    const bottom = others[i]?.[figure];
    return top === undefined || bottom === undefined || bottom === 0 ? [] : [top / bottom];
  });
  return ratios.length === 0 ? null : medianOf(ratios);
}

/** `ratio("rate", "ours", "bare", {atLeast: 0.8})` */
export function ratio(figure: string, one: string, other: string, limit: Limit): Target {
  return {
    ...limit,
    says: `${figure}: ${one} ${words(limit, " ×")} ${other}`,
    of: (rounds) => ratioOf(rounds, figure, one, other),
  };
}

/** `figure("p99", "ours", {atMost: 25}, "ms")`: the median of the rounds. */
export function figure(name: string, variant: string, limit: Limit, unit = ""): Target {
  return {
    ...limit,
    says: `${name}: ${variant} ${words(limit, unit === "" ? "" : ` ${unit}`)}`,
    of: (rounds) => {
      const values = (rounds.get(variant) ?? []).flatMap((figures) => figures[name] ?? []);
      return values.length === 0 ? null : medianOf(values);
    },
  };
}

export function isMet(target: Target, value: number | null): boolean {
  if (value === null || Number.isNaN(value)) return false;
  return (
    value >= (target.atLeast ?? Number.NEGATIVE_INFINITY) &&
    value <= (target.atMost ?? Number.POSITIVE_INFINITY)
  );
}

function words(limit: Limit, unit: string): string {
  return "atLeast" in limit ? `≥ ${limit.atLeast}${unit}` : `≤ ${limit.atMost}${unit}`;
}
