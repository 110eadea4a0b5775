import fc from "fast-check";
import { expect, test } from "vitest";
import { degrees, linesBetween, sheetOf, spotOf, WIDTH_TO_HEIGHT } from "./projection.ts";

const place = fc.record({
  lat: fc.double({ min: -60, max: 70, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

test("every place stands on the sheet that was made for them", () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 40 }), (places) => {
      const sheet = sheetOf(places);
      for (const each of places) {
        const { x, y } = spotOf(each, sheet);
        expect(Math.min(x, y, 100 - x, 100 - y)).toBeGreaterThan(0);
      }
    }),
  );
});

test("north is up, east is right, and a degree is as long in both directions on the ground", () => {
  const sheet = sheetOf([{ lat: 60, lon: 10 }]);
  expect(spotOf({ lat: 61, lon: 10 }, sheet).y).toBeLessThan(50);
  expect(spotOf({ lat: 60, lon: 11 }, sheet).x).toBeGreaterThan(50);
  const high = sheet.north - sheet.south;
  const wide = (sheet.east - sheet.west) * Math.cos((60 * Math.PI) / 180);
  expect(wide / high).toBeCloseTo(WIDTH_TO_HEIGHT);
});

test("a map has few lines, at round degrees", () => {
  expect(linesBetween(-124.3, -73.1)).toEqual([-120, -110, -100, -90, -80]);
  expect(linesBetween(45.2, 49.9)).toEqual([46, 47, 48, 49]);
  expect([degrees(-122, ["E", "W"]), degrees(0, ["N", "S"])]).toEqual(["122°W", "0°"]);
});
