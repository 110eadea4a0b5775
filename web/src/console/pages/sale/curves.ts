// The series of a running sale as curves: what the server has in steps, and the newest figures as their end. Pure.
import type { SaleFigures, SaleMetrics } from "@dropgate/contracts/sale-metrics";
import type { Curve } from "../../ui/chart.tsx";

export const RANGES = [
  { value: "10min", name: "Last 10 minutes", step: "1", seconds: 600 },
  { value: "hour", name: "Last hour", step: "10", seconds: 3_600 },
  { value: "day", name: "Last day", step: "60", seconds: 86_400 },
] as const;
export type RangeName = (typeof RANGES)[number]["value"];

/** @param now the newest figures, should they be newer than the series */
export function pointsOf(
  series: SaleMetrics["series"] | undefined,
  now: SaleFigures | null,
  seconds: number,
): SaleFigures[] {
  const points = series?.points ?? [];
  const last = points.at(-1);
  const all =
    now !== null && (last === undefined || Date.parse(now.at) > Date.parse(last.at))
      ? [...points, now]
      : points;
  const end = all.at(-1);
  if (end === undefined) return [];
  const from = Date.parse(end.at) - seconds * 1_000;
  return all.filter(({ at }) => Date.parse(at) >= from);
}

export function timesOf(points: readonly SaleFigures[]): number[] {
  return points.map(({ at }) => Date.parse(at) / 1_000);
}

const FLOWS = [
  ["Joins", "--curve-1", "joinedPerSecond"],
  ["Offers", "--curve-3", "offeredPerSecond"],
  ["Claims", "--curve-5", "claimedPerSecond"],
  ["Confirms", "--curve-2", "confirmedPerSecond"],
  ["Expiries", "--curve-4", "expiredPerSecond"],
] as const satisfies readonly [string, string, keyof SaleFigures][];

/** What happens a second. */
export function flowsOf(points: readonly SaleFigures[]): Curve[] {
  return FLOWS.map(([name, color, field]) => ({ name, color, values: points.map((point) => point[field]) }));
}

const LEVELS = [
  ["Waiting", "--curve-1", "waiting"],
  ["Sold", "--curve-2", "sold"],
  ["Held", "--curve-3", "held"],
] as const satisfies readonly [string, string, keyof SaleFigures][];

/** How many there are. */
export function levelsOf(points: readonly SaleFigures[]): Curve[] {
  return LEVELS.map(([name, color, field]) => ({ name, color, values: points.map((point) => point[field]) }));
}
