import { REFUSALS, type RefusalCode } from "@dropgate/contracts/refusals";
import { describe, expect, test } from "vitest";
import { formatsFor } from "./formats.ts";
import { texts } from "./texts.ts";

describe("times and numbers", () => {
  const { countdown, plural, duration, money } = formatsFor("en");
  test.each([
    [8_049_000, "02:14:09"],
    [299_000, "04:59"],
    [44_200, "00:45"],
    [0, "00:00"],
    [-5_000, "00:00"],
    [3 * 86_400_000 + 3_600_000, "3d 01:00:00"],
  ])("%i ms are %s", (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });

  test("a range is short, and no range when both ends are the same", () => {
    expect(duration(6, 8, "minute")).toBe("6–8 min");
    expect(duration(2, 2, "hour")).toBe("2 hr");
  });

  test("one is one and the rest are many", () => {
    expect(plural(1, { one: "unit", other: "units" })).toBe("unit");
    expect(plural(0, { one: "unit", other: "units" })).toBe("units");
  });

  test("money has as many decimals as its currency", () => {
    expect(money({ amount: 18_000, currency: "EUR" })).toBe("€180.00");
    expect(money({ amount: 18_000, currency: "JPY" })).toBe("¥18,000");
  });

  test("another language writes its own digits", () => {
    expect(formatsFor("ar-EG").countdown(299_000)).toBe("٠٤:٥٩");
  });
});

test.each(Object.keys(REFUSALS) as RefusalCode[])("%s is told without its code", (code) => {
  expect(texts.refusal(code)).toMatch(/\.$/);
  expect(texts.refusal(code)).not.toMatch(/[A-Z]{2,}_|error/i);
});
