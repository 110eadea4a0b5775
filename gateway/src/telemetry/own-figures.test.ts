import { expect, test } from "vitest";
import { fleetFigures, gatewayFiguresSchema, OwnFigures } from "./own-figures.ts";

test("the words of two gateways are added: clients, refusals by code, answers by their time", () => {
  const one = new OwnFigures();
  const other = new OwnFigures();
  for (let i = 0; i < 98; i++) one.answered(3);
  other.answered(900);
  other.answered(900);
  one.refused("RATE_LIMITED");
  for (let i = 0; i < 3; i++) other.refused("SOLD_OUT");
  one.turn();
  other.turn();
  const said = [one.read({ aurora: 7 }), other.read({ aurora: 2, borealis: 1 })];
  // As they come back from PostgreSQL.
  const read = said.map((figures) => gatewayFiguresSchema.parse(JSON.parse(JSON.stringify(figures))));
  const { latency, ...fleet } = fleetFigures(read, "aurora");
  expect(fleet).toEqual({
    clients: 9,
    gateways: 2,
    rejections: [
      { code: "SOLD_OUT", perSecond: 3, total: 3 },
      { code: "RATE_LIMITED", perSecond: 1, total: 1 },
    ],
  });
  expect(latency.requestsPerSecond).toBe(100);
  expect(latency.p50Ms).toBeGreaterThanOrEqual(3);
  expect(latency.p50Ms).toBeLessThanOrEqual(3 * 1.25);
  expect(latency.p99Ms).toBeGreaterThanOrEqual(900);
  expect(latency.p99Ms).toBeLessThanOrEqual(900 * 1.25);
});

test("what is some seconds ago counts in the totals alone, and silence has no percentiles", () => {
  const figures = new OwnFigures();
  figures.answered(3);
  figures.refused("BUSY");
  for (let second = 0; second < 6; second++) figures.turn();
  const { rejections, latency } = fleetFigures([figures.read({})], "aurora");
  expect(rejections).toEqual([{ code: "BUSY", perSecond: 0, total: 1 }]);
  expect(latency).toEqual({ requestsPerSecond: 0, p50Ms: null, p99Ms: null });
});
