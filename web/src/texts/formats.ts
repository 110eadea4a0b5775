// Numbers, times, money and plurals as a language writes them: all by Intl, made once for each language.
import type { Money } from "@dropgate/contracts/values";

/** The words for a count, one for each of the language's forms; `{n}` is the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

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
  /** "45 seconds", "10 minutes". */
  span: (count: number, unit: "second" | "minute") => string;
  /** The form for this count, with the number in its place. */
  count: (count: number, forms: PluralForms) => string;
}

type UnitDisplay = "narrow" | "short" | "long";

/** Where the short form of a unit is a bare letter, or none that anybody writes, a longer one is taken. */
function displayOf(language: string, usual: UnitDisplay): UnitDisplay {
  if (language.startsWith("ar")) return "long";
  return language === "ja" ? "short" : usual;
}

export function formatsFor(language: string): Formats {
  const numbers = new Intl.NumberFormat(language);
  const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });
  const unitIn = (unit: string, usual: UnitDisplay) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: displayOf(language, usual) });
  const days = unitIn("day", "narrow");
  const units = { minute: unitIn("minute", "short"), hour: unitIn("hour", "short") };
  const spans = { second: unitIn("second", "long"), minute: unitIn("minute", "long") };
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
    // Of equal ends the range would say "~2 min".
    duration: (low, high, unit) =>
      low === high ? units[unit].format(high) : units[unit].formatRange(low, high),
    span: (count, unit) => spans[unit].format(count),
    count: (count, forms) =>
      // A browser may know of forms that came into its language later.
      (forms[plurals.select(count)] ?? forms.other).replace("{n}", numbers.format(count)),
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
