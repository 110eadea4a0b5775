import { saleFiguresSchema } from "@dropgate/contracts/sale-metrics";
import { expect, test } from "vitest";
import { nowFigures } from "./now-figures.ts";

const zeros = Object.fromEntries(Object.keys(saleFiguresSchema.shape).map((name) => [name, 0]));
const figures = (waiting: number) =>
  saleFiguresSchema.parse({ ...zeros, at: new Date("2026-01-01").toISOString(), waiting, sold: waiting });
const sale = {
  units: { free: 9, held: 2, sold: 1, returned: 0 },
  queue: { waiting: 5, serving: 3, ratePerSecond: 1 },
};
const link = { figures: figures(40), states: { waiting: 40, offered: 7, held: 0, purchased: 0 } };

test("the live link counts first, then what was asked for, then the sale", () => {
  const asked = { now: figures(30) };
  expect(nowFigures(sale, link, asked).waiting).toBe(40);
  expect(nowFigures(sale, null, asked)).toMatchObject({ waiting: 30, sold: 30 });
  expect(nowFigures(sale, null, null)).toMatchObject({ waiting: 5, serving: 3, free: 9, held: 2, sold: 1 });
});

test("how many have an offer is told by the live link alone, and is no zero without it", () => {
  expect(nowFigures(sale, link, null).offered).toBe(7);
  expect(nowFigures(sale, null, { now: figures(30) }).offered).toBeNull();
});
