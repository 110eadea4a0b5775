import { describe, expect, test } from "vitest";
import { fulfilmentCase } from "./cases.ts";
import type { Product } from "./model.ts";
import { distanceKm, type Place } from "./places.ts";
import { RATE_TABLE, tableRates } from "./rates.ts";

const rates = tableRates();
const [location] = fulfilmentCase(1).facts.locations;
const here: Place = { country: "US", region: null, postalCode: "", coordinates: location!.coordinates };

function tariff(method: string, to: Place) {
  return rates.tariff(method, location!, to);
}

/** A place so far north of the location. */
function north(km: number): Place {
  const { lat, lon } = location!.coordinates;
  return { ...here, coordinates: { lat: lat + km / 111.195, lon } };
}

describe("a tariff", () => {
  test("is by zone of distance, the edge belonging to the nearer one", () => {
    const bases = [0, 79, 81, 239, 241, 3_500].map((km) => tariff("standard", north(km))?.base);
    expect(bases).toEqual([495, 495, 525, 525, 565, 830]);
  });

  test("of an unknown place is that of the farthest, of another country its own, or none", () => {
    expect(tariff("standard", { ...here, coordinates: null })?.base).toBe(830);
    const abroad = { ...here, country: "CA" };
    expect(tariff("standard", abroad)?.transitDays).toBe(10);
    expect(tariff("next_day", abroad)).toBeNull();
  });

  test("ends where the method ends, and is none for a method nobody has", () => {
    expect(tariff("same_day", north(50))?.transitDays).toBe(0);
    expect(tariff("same_day", north(100))).toBeNull();
    for (const method of ["by_balloon", "constructor", "__proto__"]) expect(tariff(method, here)).toBeNull();
  });

  test("never falls, nor gets quicker, with distance; and a quicker method is never slower", () => {
    const all = Object.values(RATE_TABLE.methods).map(({ zones }) => zones);
    for (const zones of all) {
      zones.slice(1).forEach((zone, i) => {
        expect(zone.base).toBeGreaterThanOrEqual(zones[i]!.base);
        expect(zone.perBilledUnit).toBeGreaterThanOrEqual(zones[i]!.perBilledUnit);
        expect(zone.transitDays).toBeGreaterThanOrEqual(zones[i]!.transitDays);
      });
    }
    const [standard = [], expedited = [], nextDay = []] = all;
    standard.forEach((zone, i) => {
      expect(expedited[i]!.transitDays).toBeLessThanOrEqual(zone.transitDays);
      expect(nextDay[i]!.transitDays).toBeLessThanOrEqual(expedited[i]!.transitDays);
    });
  });
});

describe("billed units", () => {
  const product = (weightGrams: number, length: number): Product => ({
    sku: "s",
    weightGrams,
    dimensionsMm: { length, width: 100, height: 100 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  });

  test("a piece is billed in whole steps of its weight, or of its size when that is more", () => {
    expect(rates.billedUnits(product(500, 1))).toBe(5);
    expect(rates.billedUnits(product(501, 1))).toBe(6);
    // 1,000 × 100 × 100 mm³ are 10 dm³: as much as two kilograms.
    expect(rates.billedUnits(product(500, 1_000))).toBe(20);
    expect(rates.billedUnits(product(0, 0))).toBe(0);
  });
});

test("distance is none to itself, and half the way round at most", () => {
  expect(distanceKm(here.coordinates!, here.coordinates!)).toBe(0);
  expect(distanceKm({ lat: 90, lon: 0 }, { lat: -90, lon: 77 })).toBeCloseTo(20_015, 0);
});
