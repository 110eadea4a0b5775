import type { Availability, StockStatus } from "@dropgate/contracts/availability";
import { expect, test } from "vitest";
import { ARTICLES } from "./catalogue.ts";
import { availabilityLine, dayText, mayBuy, shelf, shelfOf } from "./shelf.ts";

const availability = (sku: string, overallStatus: StockStatus, stockMessage: string): Availability => ({
  sku,
  overallStatus,
  stockMessage,
  availableByRegion: [],
  estimatedDelivery: overallStatus === "out_of_stock" ? null : "2026-12-04T07:59:59.000Z",
  asOf: "2026-11-27T10:00:00.000Z",
});

test("what the inventory does not know is not shown; while it can't be asked, all is, and may be tried", () => {
  const known = shelfOf({ ok: true, value: [availability("AURORA-DOCK", "in_stock", "In stock")] });
  expect(known.map(({ article }) => article.sku)).toEqual(["AURORA-DOCK"]);
  expect(shelf(shelfOf({ ok: true, value: [] }))).toBeNull();
  const all = shelfOf({ ok: false, code: "NO_ANSWER" });
  expect(all).toHaveLength(ARTICLES.length);
  expect(all.every(mayBuy)).toBe(true);
  expect(shelf(all)?.text).toContain("Check availability at checkout");
  expect(shelf(all)?.text).not.toContain("In stock");
});

test("the words are the inventory's, with the day by which it comes; what is gone leads nowhere", () => {
  const [some, none] = shelfOf({
    ok: true,
    value: [
      availability("AURORA-LIGHT", "low_stock", "Only 3 left"),
      availability("AURORA-PRINT", "out_of_stock", "Out of stock"),
    ],
  });
  if (some === undefined || none === undefined) throw new Error("both are known");
  expect(availabilityLine(some).text).toContain("<strong>Only 3 left</strong>");
  expect(availabilityLine(some).text).toContain("by Thu 3 December");
  expect(availabilityLine(none).text).not.toContain("by ");
  const markup = shelf([some, none])?.text ?? "";
  expect(markup).toContain('href="/buy/AURORA-LIGHT"');
  expect(markup).not.toContain('href="/buy/AURORA-PRINT"');
});

test("the end of a day is on that day, in the east as in the west of the country", () => {
  expect(dayText("2026-12-04T04:59:59.000Z")).toBe("Thu 3 December");
  expect(dayText("2026-12-04T07:59:59.000Z")).toBe("Thu 3 December");
  expect(dayText("2026-12-04T09:59:59.000Z")).toBe("Thu 3 December");
});
