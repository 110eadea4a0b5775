import fc from "fast-check";
import { expect, test } from "vitest";
import { elapsedText, timeLabels, timeMarks, timeRange } from "./chart-time.ts";

const AT = Date.parse("2026-11-29T14:03:07Z") / 1_000;
const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const words = {
  second: (seconds: number) => iso(seconds).slice(11, 19),
  minute: (seconds: number) => iso(seconds).slice(11, 16),
  day: (seconds: number) => iso(seconds).slice(5, 10),
};
const labels = (from: number, to: number, most: number): string[] =>
  timeLabels(timeMarks(from, to, most), words);

test("a sale of a few seconds has seconds, an hour has minutes, and midnight says its day", () => {
  expect(labels(AT, AT + 4, 4)).toEqual(["14:03:07", "14:03:08", "14:03:09", "14:03:10", "14:03:11"]);
  expect(labels(AT, AT + 60, 4)).toEqual(["14:03:15", "14:03:30", "14:03:45", "14:04:00"]);
  expect(labels(AT, AT + 3_600, 5)).toEqual(["14:15", "14:30", "14:45", "15:00"]);
  expect(labels(AT, AT + 86_400, 5)).toEqual(["18:00", "11-30", "06:00", "12:00"]);
});

test("whatever the span, marks are within it, in order, no more than there is room for, and each is written differently", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 * 86_400 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: -12, max: 14 }),
      (span, most, hours) => {
        const { at, stepSeconds } = timeMarks(AT, AT + span, most, hours * 3_600);
        expect(at.length).toBeLessThanOrEqual(most + 1);
        for (const [i, mark] of at.entries()) {
          expect(mark).toBeGreaterThanOrEqual(i === 0 ? AT : (at[i - 1] ?? 0) + 1);
          expect(mark).toBeLessThanOrEqual(AT + span);
          expect((mark + hours * 3_600) % Math.min(stepSeconds, 86_400)).toBe(0);
        }
        // Within a day the clock alone tells them apart.
        const said = timeLabels({ at, stepSeconds }, words);
        if (span < 86_400) expect(new Set(said).size).toBe(said.length);
      },
    ),
  );
});

test("a chart that has begun just now is ten seconds wide", () => {
  expect(timeRange([AT])).toEqual([AT - 10, AT]);
  expect(timeRange([AT, AT + 60])).toEqual([AT, AT + 60]);
});

test("what counts from its beginning is told in minutes and seconds", () => {
  expect([0, 45, 720, 3_900].map(elapsedText)).toEqual(["0:00", "0:45", "12:00", "1:05:00"]);
});
