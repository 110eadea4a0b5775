import { expect, test } from "vitest";
import { pointsOf, rangeOf, rangesOf } from "./curves.ts";

const NOW = Date.parse("2026-11-29T14:00:00Z");
const iso = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
const sale = (lobby: number, opens: number, kind: "lottery" | "rush" = "lottery") => ({
  kind,
  schedule: { lobbyAt: iso(lobby), drawAt: iso(opens), opensAt: iso(opens), closesAt: iso(-120) },
});

test("a young sale is shown whole and by the second, an older one by its last hour", () => {
  expect(rangeOf("", sale(3, 1), NOW)).toEqual({ name: "lobby", seconds: 185, step: "1" });
  expect(rangeOf("", sale(45, 30), NOW)).toMatchObject({ name: "lobby", step: "10" });
  expect(rangeOf("", sale(300, 30), NOW)).toMatchObject({ name: "opening", step: "10" });
  expect(rangeOf("", sale(900, 800), NOW)).toEqual({ name: "hour", seconds: 3_600, step: "10" });
});

test("what has not been cannot be looked back to, and a rush has no lobby of its own", () => {
  const names = (...of: Parameters<typeof sale>) => rangesOf(sale(...of), NOW).map(({ value }) => value);
  expect(names(3, -5)).toEqual(["lobby", "10min", "hour", "day"]);
  expect(names(-3, -5)).toEqual(["10min", "hour", "day"]);
  expect(names(3, 1, "rush")).toEqual(["opening", "10min", "hour", "day"]);
  expect(rangeOf("opening", sale(3, -5), NOW).name).toBe("lobby");
  expect(rangeOf("day", sale(3, 1), NOW)).toMatchObject({ name: "day", step: "60" });
});

test("the newest figures end the series, and what lies before the range is left out", () => {
  const figures = (minutesAgo: number) => ({ at: iso(minutesAgo) }) as never;
  const series = { stepSeconds: 1, points: [figures(9), figures(4), figures(2)] };
  expect(pointsOf(series, figures(1), 300).map(({ at }) => at)).toEqual([iso(4), iso(2), iso(1)]);
  expect(pointsOf(series, figures(3), 300).map(({ at }) => at)).toEqual([iso(4), iso(2)]);
  expect(pointsOf(undefined, null, 300)).toEqual([]);
});
