// Where a chart's time is marked, and what stands there: on round moments of the reader's clock, never the same twice. Pure.

/** Seconds between two marks, as people count time. */
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];
const MINUTE = 60;
const DAY = 86_400;
/** A chart of fewer seconds would be all marks; what is young fills from the right. */
const SECONDS_MIN = 10;

/** From where to where a chart goes, in seconds. */
export function timeRange(times: readonly number[]): [from: number, to: number] {
  const to = times.at(-1) ?? 0;
  return [Math.min(times[0] ?? 0, to - SECONDS_MIN), to];
}

export interface TimeMarks {
  stepSeconds: number;
  /** Seconds, in order. */
  at: number[];
}

/**
 * @param most marks that have room beside each other
 * @param offset seconds that the reader's clock is ahead of UTC, so that hours and days begin where theirs do
 */
export function timeMarks(from: number, to: number, most: number, offset = 0): TimeMarks {
  const room = Math.max(1, most);
  const whole = STEPS.find((step) => (to - from) / step <= room);
  const weeks = Math.ceil((to - from) / room / (7 * DAY));
  const stepSeconds = whole ?? weeks * 7 * DAY;
  const at: number[] = [];
  for (let mark = Math.ceil((from + offset) / stepSeconds) * stepSeconds; mark - offset <= to; ) {
    at.push(mark - offset);
    mark += stepSeconds;
  }
  return { stepSeconds, at };
}

export interface TimeWords {
  /** "14:03:20" */
  second: (seconds: number) => string;
  /** "14:03" */
  minute: (seconds: number) => string;
  /** "29 Nov" */
  day: (seconds: number) => string;
}

/** Seconds only where marks lie within a minute, and the day where it is another one than before. */
export function timeLabels({ stepSeconds, at }: TimeMarks, words: TimeWords): string[] {
  let before = at[0] === undefined ? "" : words.day(at[0]);
  return at.map((mark) => {
    const day = words.day(mark);
    const isNewDay = day !== before;
    before = day;
    if (stepSeconds >= DAY || isNewDay) return day;
    return stepSeconds < MINUTE ? words.second(mark) : words.minute(mark);
  });
}

/** Of a chart that counts from its beginning: "0:45", "12:00", "1:05:00". */
export function elapsedText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / MINUTE) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE)}` : `${minutes}:${two(whole % MINUTE)}`;
}
