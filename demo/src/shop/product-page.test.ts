// What the shop's front says about a sale.
import { expect, test } from "vitest";
import { momentText } from "./product-page.ts";

test("a moment is told to the second, and with its day where that is another one", () => {
  const now = "2026-11-24T11:58:00.000Z";
  expect(momentText("2026-11-24T12:00:07.250Z", now)).toBe("12:00:07 UTC");
  expect(momentText("2026-12-01T00:00:30Z", now)).toBe("00:00:30 UTC on 1 December");
});
