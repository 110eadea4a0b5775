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
    const capitals = [
      "AL 36104|AK 99801|AZ 85007|AR 72201|CA 95814|CO 80203|CT 06103|DE 19901|DC 20001|FL 32301|GA 30303",
      "HI 96813|ID 83702|IL 62701|IN 46225|IA 50309|KS 66603|KY 40601|LA 70802|ME 04330|MD 21401|MA 02108",
      "MI 48933|MN 55102|MS 39205|MO 65101|MT 59623|NE 68502|NV 89701|NH 03301|NJ 08608|NM 87501|NY 12207",
      "NC 27601|ND 58501|OH 43215|OK 73102|OR 97301|PA 17101|RI 02903|SC 29217|SD 57501|TN 37219|TX 78701",
      "UT 84111|VT 05602|VA 23219|WA 98507|WV 25301|WI 53703|WY 82001|PR 00901",
    ].join("|");
    for (const capital of capitals.split("|")) {
      const [state, code = ""] = capital.split(" ");
      expect(place(code).region).toBe(state);
    }
  });

  test("a town at a border is in its state, though the next one's post serves it", () => {
    const towns =
      "CT 06320|NY 06390|TX 75501|AR 71854|WY 83414|ID 83422|TX 73960|MA 01810|MA 05501|GU 96910|MP 96950";
    for (const town of towns.split("|")) {
      const [state, code = ""] = town.split(" ");
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
