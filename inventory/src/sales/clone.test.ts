import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cloneRequest } from "./clone.ts";

const NAMES = ["lobbyAt", "drawAt", "opensAt", "closesAt"] as const;
const HOUR_MS = 3_600_000;

/** Only what the times need. */
function saleAt(lobbyMs: number, gaps: readonly [number, number, number]): SaleRow {
  const [toDraw, toOpen, toClose] = gaps;
  const times = [lobbyMs, lobbyMs + toDraw, lobbyMs + toDraw + toOpen, lobbyMs + toDraw + toOpen + toClose];
  const [lobbyAt, drawAt, opensAt, closesAt] = times.map((ms) => new Date(ms));
  return { lobbyAt, drawAt, opensAt, closesAt, quantity: 10, withdrawn: 3, poolCount: 9 } as SaleRow;
}

const gap = fc.integer({ min: 0, max: 48 * HOUR_MS });
const arbitrary = {
  now: fc.integer({ min: 1e12, max: 2e12 }),
  ago: fc.integer({ min: -1e10, max: 1e11 }),
  gaps: fc.tuple(gap, gap, gap),
};

test("without times all are later by whole days, the fewest after which the first lies ahead", () => {
  fc.assert(
    fc.property(arbitrary.now, arbitrary.ago, arbitrary.gaps, (now, ago, gaps) => {
      const sale = saleAt(now - ago, gaps);
      const { schedule } = cloneRequest(sale, {}, new Date(now));
      const shifts = NAMES.map((name) => Date.parse(String(schedule[name])) - sale[name].getTime());
      const [shift = 0] = shifts;
      expect(new Set(shifts).size).toBe(1);
      expect(shift % (24 * HOUR_MS)).toBe(0);
      expect(Date.parse(String(schedule.lobbyAt))).toBeGreaterThan(now);
      expect(shift === 0 || sale.lobbyAt.getTime() + shift - 24 * HOUR_MS <= now).toBe(true);
    }),
  );
});

test("one time that is given moves the others along; those that are given stay", () => {
  fc.assert(
    fc.property(arbitrary.now, arbitrary.gaps, fc.constantFrom(...NAMES), (now, gaps, name) => {
      const sale = saleAt(now - HOUR_MS, gaps);
      const given = new Date(now + 5 * HOUR_MS).toISOString();
      const { schedule } = cloneRequest(sale, { schedule: { [name]: given } }, new Date(now));
      expect(schedule[name]).toBe(given);
      const shifts = NAMES.map((each) => Date.parse(String(schedule[each])) - sale[each].getTime());
      expect(new Set(shifts).size).toBe(1);
    }),
  );
  const sale = saleAt(0, [HOUR_MS, 0, HOUR_MS]);
  const closesAt = "2030-01-01T00:00:00.000Z";
  const opensAt = "2029-12-31T00:00:00.000Z";
  expect(cloneRequest(sale, { schedule: { opensAt, closesAt } }, new Date(0)).schedule).toEqual({
    lobbyAt: "2029-12-30T23:00:00.000Z",
    drawAt: "2029-12-31T00:00:00.000Z",
    opensAt,
    closesAt,
  });
});

test("units that an operator took out again are not copied, and pools are no more than units", () => {
  const request = cloneRequest(saleAt(0, [0, 0, 1]), {}, new Date(0));
  expect(request).toMatchObject({ quantity: 7, poolCount: 7 });
});
