import { describe, expect, test } from "vitest";
import { distanceKm, isServed, loadPostalTable, placeOf } from "./places.ts";

const table = await loadPostalTable();
const place = (postalCode: string, region?: string, country = "US") =>
  placeOf({ country, postalCode, region }, table);

describe("where an address lies", () => {
  test("a postal code is a point and a state", () => {
    const seattle = place("98101");
    expect(seattle.region).toBe("WA");
    expect(seattle.coordinates?.lat).toBeCloseTo(47.61, 1);
    expect(place("98101-1234").coordinates).toEqual(seattle.coordinates);
  });

  test("a code that no census has lies among its neighbours", () => {
    const unknown = place("98111");
    expect(distanceKm(unknown.coordinates!, place("98101").coordinates!)).toBeLessThan(50);
    expect(place("00000").coordinates).toBeNull();
  });

  test("the address' own region counts before the table's, however it is written", () => {
    expect(place("98101", "or").region).toBe("OR");
    expect(place("98101", "US-OR").region).toBe("OR");
    expect(place("98101", "Washington").region).toBe("WA");
    expect(place("EC1A 1BB", undefined, "GB")).toMatchObject({ region: null, coordinates: null });
  });

  test("each state's capital is in its state", () => {
    const capitals =
      "AK 99801|AL 36104|CA 95814|CT 06103|DC 20001|GA 30303|HI 96813|MA 02108|NY 12207|TX 78701";
    for (const capital of capitals.split("|")) {
      const [state, code = ""] = capital.split(" ");
      expect(place(code).region).toBe(state);
    }
  });

  test("New York and Los Angeles are some 3,940 km apart", () => {
    const km = distanceKm({ lat: 40.7128, lon: -74.006 }, { lat: 34.0522, lon: -118.2437 });
    expect(km).toBeGreaterThan(3_920);
    expect(km).toBeLessThan(3_960);
  });
});

describe("service regions", () => {
  test("a country, a part of it, the beginning of its postal codes", () => {
    for (const region of ["US", "US-WA", "US:98", "US:98101"])
      expect(isServed([region], place("98101"))).toBe(true);
    for (const region of ["CA", "US-OR", "US:97", "US:981011"]) {
      expect(isServed([region], place("98101"))).toBe(false);
    }
    expect(isServed([], place("98101"))).toBe(false);
  });

  test("a prefix is compared without spaces, and is of its own country only", () => {
    expect(isServed(["GB:EC1A 1"], place("ec1a1bb", undefined, "GB"))).toBe(true);
    expect(isServed(["DE:98"], place("98101"))).toBe(false);
  });

  test("a region is not served by guess where nobody knows it", () => {
    expect(isServed(["GB-ENG"], place("EC1A 1BB", undefined, "GB"))).toBe(false);
    expect(isServed(["GB-ENG"], place("EC1A 1BB", "ENG", "GB"))).toBe(true);
  });
});
