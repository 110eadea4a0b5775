// Numbers and times as the operator's browser writes them, always with the zone where a mistake would cost an hour.

const language = typeof navigator === "undefined" ? "en" : navigator.language;
const numbers = new Intl.NumberFormat(language);
const fractions = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const clocks = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
const minutes = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const weekdays = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
const moments = new Intl.DateTimeFormat(language, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const stamps = new Intl.DateTimeFormat(language, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const zoned = new Intl.DateTimeFormat(language, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
  hourCycle: "h23",
});

export const formats = {
  number: (value: number): string => numbers.format(value),
  /** With one digit behind the point. */
  rate: (value: number): string => fractions.format(value),
  /** @param part of 1 */
  percent: (part: number): string => percents.format(part),
  /** "14:03:20" */
  clock: (at: string | number): string => clocks.format(new Date(at)),
  /** "14:03" */
  minute: (at: string | number): string => minutes.format(new Date(at)),
  /** "29 Nov" */
  day: (at: string | number): string => days.format(new Date(at)),
  /** "14:03:20", and "Mon, 30 Nov, 14:03:20" where that is another day than `now`. */
  clockOrDay: (at: number, now: number): string =>
    days.format(at) === days.format(now) ? clocks.format(at) : `${weekdays.format(at)}, ${clocks.format(at)}`,
  /** "29 Nov 2026, 14:03" */
  moment: (at: string | number): string => moments.format(new Date(at)),
  /** "29 Nov 2026, 14:03:20" */
  stamp: (at: string | number): string => stamps.format(new Date(at)),
  /** With weekday, seconds and zone, for where it counts. */
  exact: (at: string | number): string => zoned.format(new Date(at)),
  count: (count: number, one: string, many = `${one}s`): string =>
    `${numbers.format(count)} ${count === 1 ? one : many}`,
  /** @param milliseconds "340 ms", "2.1 s" */
  latency: (milliseconds: number): string =>
    milliseconds < 1_000
      ? `${numbers.format(Math.round(milliseconds))} ms`
      : `${fractions.format(milliseconds / 1_000)} s`,
  money: ({ amount, currency }: { amount: number; currency: string }): string => {
    const money = new Intl.NumberFormat(language, { style: "currency", currency });
    return money.format(amount / 10 ** (money.resolvedOptions().maximumFractionDigits ?? 2));
  },
};

/** "20 s", "3 min", "1 h 10 min", "2 d 3 h": two units at most. Pure. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const parts: string[] = [];
  const units: [number, string][] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  let left = whole;
  for (const [size, name] of units) {
    const count = Math.floor(left / size);
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${name}` : "");
    left -= count * size;
  }
  return parts
    .slice(0, 2)
    .filter((part) => part !== "")
    .join(" ");
}

/** "GMT+1": what times of a form are meant in. */
export function zoneName(): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: "short" }).formatToParts(new Date());
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "local time";
}

/** What `<input type="datetime-local">` takes, in the browser's zone. */
export function localInput(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @returns ms since 1970; NaN for what is no time */
export function fromLocalInput(text: string): number {
  return text === "" ? Number.NaN : new Date(text).getTime();
}
