// The series of a running sale as curves: what the server has in steps, and the newest figures as their end. Pure.
import type { Schedule } from "@dropgate/contracts/sale";
import type { SaleFigures, SaleMetrics } from "@dropgate/contracts/sale-metrics";
import type { Curve } from "../../ui/chart.tsx";

const SECOND_MS = 1_000;
const HOUR = 3_600;
const NAMES = {
  lobby: "Since the lobby opened",
  opening: "Since the opening",
  "10min": "Last 10 minutes",
  hour: "Last hour",
  day: "Last day",
} as const;
export type RangeName = keyof typeof NAMES;

export interface Range {
  name: RangeName;
  seconds: number;
  /** Width of the server's steps: each has some hundred points of this range. */
  step: "1" | "10" | "60";
}

const LAST = { "10min": 600, hour: HOUR, day: 24 * HOUR } as const;
/** Before the beginning, so that the rise is seen from its foot. */
const BEFORE_SECONDS = 5;

/** Since when shoppers could come, and since when units are offered, in seconds ago; null: not yet, or too long ago. */
function since(at: string, nowMs: number): number | null {
  const seconds = (nowMs - Date.parse(at)) / SECOND_MS;
  return seconds > 0 && seconds <= LAST.day ? Math.ceil(seconds) + BEFORE_SECONDS : null;
}

interface Timed {
  kind: "lottery" | "rush";
  schedule: Schedule;
}

function secondsOf(name: RangeName, { kind, schedule }: Timed, nowMs: number): number | null {
  switch (name) {
    case "lobby":
      return kind === "rush" ? null : since(schedule.lobbyAt, nowMs);
    case "opening":
      return since(schedule.opensAt, nowMs);
    default:
      return LAST[name];
  }
}

/** What can be chosen: only beginnings that have been. */
export function rangesOf(sale: Timed, nowMs: number): { value: RangeName; name: string }[] {
  return (Object.keys(NAMES) as RangeName[]).flatMap((value) =>
    secondsOf(value, sale, nowMs) === null ? [] : [{ value, name: NAMES[value] }],
  );
}

/** @param wanted of the address; without a good one the whole sale, as long as that is within the hour */
export function rangeOf(wanted: string, sale: Timed, nowMs: number): Range {
  const able = rangesOf(sale, nowMs).map(({ value }) => value);
  const whole = (["lobby", "opening"] as const).find((name) => {
    const seconds = secondsOf(name, sale, nowMs);
    return seconds !== null && seconds <= HOUR;
  });
  const name = able.find((each) => each === wanted) ?? whole ?? "hour";
  const seconds = secondsOf(name, sale, nowMs) ?? HOUR;
  return { name, seconds, step: seconds <= LAST["10min"] ? "1" : seconds <= 3 * HOUR ? "10" : "60" };
}

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
  const from = Date.parse(end.at) - seconds * SECOND_MS;
  return all.filter(({ at }) => Date.parse(at) >= from);
}

export function timesOf(points: readonly SaleFigures[]): number[] {
  return points.map(({ at }) => Date.parse(at) / SECOND_MS);
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
