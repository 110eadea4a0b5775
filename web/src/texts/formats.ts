// Numbers, times, money and plurals as a language writes them: all by Intl, made once for each language.
import type { Money } from "@dropgate/contracts/values";

export interface Formats {
  number: (value: number) => string;
  money: (money: Money) => string;
  /** "14:03:20" in the reader's time zone. @param at ms since 1970 */
  clock: (at: number) => string;
  /** "14:03", or with the day when that is not today. @param now ms since 1970 */
  moment: (at: number, now: number) => string;
  /** "02:14:09" or "04:59"; with days in front from two days on. @param ms what is left, rounded up to seconds */
  countdown: (ms: number) => string;
  /** "6–8 min", "1–1.5 h", or "2 min" when both are the same. */
  duration: (low: number, high: number, unit: "minute" | "hour") => string;
  plural: (count: number, forms: { one: string; other: string }) => string;
}

export function formatsFor(language: string): Formats {
  const numbers = new Intl.NumberFormat(language);
  const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });
  const days = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "narrow" });
  const short = { style: "unit", unitDisplay: "short" } as const;
  const units = {
    minute: new Intl.NumberFormat(language, { ...short, unit: "minute" }),
    hour: new Intl.NumberFormat(language, { ...short, unit: "hour" }),
  };
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short", hourCycle: "h23" });
  const dayAndTime = new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const plurals = new Intl.PluralRules(language);

  return {
    number: (value) => numbers.format(value),
    money: ({ amount, currency }) => {
      const money = new Intl.NumberFormat(language, { style: "currency", currency });
      const { maximumFractionDigits } = money.resolvedOptions();
      return money.format(amount / 10 ** (maximumFractionDigits ?? 2));
    },
    clock: (at) => clock.format(at),
    moment: (at, now) => (isSameDay(at, now) ? time : dayAndTime).format(at),
    countdown: (ms) => {
      const seconds = Math.max(0, Math.ceil(ms / 1_000));
      const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
      const hours = Math.floor(seconds / 3_600);
      const isLong = hours >= 48;
      if (hours > 0) parts.unshift(isLong ? hours % 24 : hours);
      const clockwork = parts.map((part) => twoDigits.format(part)).join(":");
      return isLong ? `${days.format(Math.floor(hours / 24))} ${clockwork}` : clockwork;
    },
    duration: (low, high, unit) => {
      const last = units[unit].format(high);
      return low === high ? last : `${numbers.format(low)}–${last}`;
    },
    plural: (count, forms) => (plurals.select(count) === "one" ? forms.one : forms.other),
  };
}

function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** A date and time with its zone, for where the reader's is not known. @param at ms since 1970 */
export function dateTimeUtc(language: string, at: number): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
    hourCycle: "h23",
  });
  return `${format.format(at)} UTC`;
}
