import { type Availability, availabilitySchema } from "@dropgate/contracts/availability";
import { AVAILABILITY_REGIONS_MAX } from "@dropgate/contracts/limits";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DENVER, location, NEW_YORK, NOW, postalTable, product, rates } from "../fulfilment/choose-stage.ts";
import type { Location } from "../fulfilment/model.ts";
import { isServed, placeOf } from "../fulfilment/places.ts";
import { type AskedPlace, availabilityOf, unknownAvailability } from "./availability.ts";
import { type Band, bandOf, bandTogether } from "./bands.ts";

const STATUSES = ["out_of_stock", "preorder", "low_stock", "in_stock"] as const;
const SEATTLE_ADDRESS = { country: "US", postalCode: "98101" };
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

interface Told {
  locations: Location[];
  bands: Record<string, Band>;
  place?: AskedPlace;
  figure?: number | null;
  now?: Date;
  preorder?: boolean;
  hazmat?: boolean;
}
function told(asked: Told): Availability {
  const {
    locations,
    bands,
    place = null,
    figure = null,
    now = NOW,
    preorder = false,
    hazmat = false,
  } = asked;
  const shown = { asOf: NOW.toISOString(), product: { ...product("shirt", { hazmat }), preorder }, bands };
  return availabilityOf(shown, locations, place, figure, { now, postalTable, rates });
}
const regionsOf = (availability: Availability) =>
  Object.fromEntries(availability.availableByRegion.map(({ region, status }) => [region, status]));

describe("what lies there", () => {
  test("is none, few up to the line, or many, and owing some is none", () => {
    const bands = [-5, 0, 1, 10, 11, 1e9].map((available) => bandOf(available, 10));
    expect(bands).toEqual(["none", "none", "few", "few", "many", "many"]);
    expect([0, 1].map((available) => bandOf(available, 0))).toEqual(["none", "many"]);
  });

  test("in several places is the most that lies in one: few and few are not called many", () => {
    expect(bandTogether([])).toBe("none");
    expect(bandTogether(["none", "few", "none", "few"])).toBe("few");
    expect(bandTogether(["few", "many", "none"])).toBe("many");
  });
});

describe("the status and its word", () => {
  const one = (band: Band, over: Partial<Told> = {}) =>
    told({ locations: [location("west")], bands: { west: band }, ...over });

  test.each([
    ["many", false, "in_stock", "In stock"],
    ["many", true, "in_stock", "In stock"],
    ["few", false, "low_stock", "Only a few left"],
    ["few", true, "low_stock", "Only a few left"],
    ["none", false, "out_of_stock", "Out of stock"],
    ["none", true, "preorder", "Available for pre-order"],
  ] as const)("of %s, orderable ahead %s: %s", (band, preorder, overallStatus, stockMessage) => {
    expect(one(band, { preorder })).toMatchObject({
      overallStatus,
      stockMessage,
      availableByRegion: [{ region: "US", status: overallStatus, stockMessage }],
    });
  });

  test("a figure is told of what is low alone, and never of a region: it counts them all", () => {
    expect(one("few", { figure: 3 })).toMatchObject({
      stockMessage: "Only 3 left",
      availableByRegion: [{ stockMessage: "Only a few left" }],
    });
    expect(one("many", { figure: 3 }).stockMessage).toBe("In stock");
    expect(one("none", { figure: 3 }).stockMessage).toBe("Out of stock");
  });

  test("that nobody knows names no place, no day, and nothing to be had", () => {
    expect(unknownAvailability("shirt", NOW)).toEqual({
      sku: "shirt",
      overallStatus: "unknown",
      stockMessage: "Check availability at checkout",
      availableByRegion: [],
      estimatedDelivery: null,
      asOf: NOW.toISOString(),
    });
  });
});

describe("a region", () => {
  test("has what all have who serve it, also those who serve the whole country", () => {
    const locations = [
      location("country"),
      location("state", { serviceRegions: ["US-WA"] }),
      location("town", { serviceRegions: ["US:981", "US-OR"] }),
    ];
    expect(regionsOf(told({ locations, bands: { country: "many", state: "none", town: "few" } }))).toEqual({
      US: "in_stock",
      "US-OR": "in_stock",
      "US-WA": "in_stock",
      "US:981": "in_stock",
    });
    // A part has what the whole has (981 lies in Washington), the whole not what a part has.
    expect(regionsOf(told({ locations, bands: { country: "none", state: "many", town: "few" } }))).toEqual({
      US: "out_of_stock",
      "US-OR": "low_stock",
      "US-WA": "in_stock",
      "US:981": "in_stock",
    });
  });

  test("of a location that has never had the product is not listed", () => {
    const locations = [location("west"), location("abroad", { serviceRegions: ["CA"] })];
    expect(regionsOf(told({ locations, bands: { west: "many" } }))).toEqual({ US: "in_stock" });
    expect(told({ locations, bands: {} })).toMatchObject({
      overallStatus: "out_of_stock",
      availableByRegion: [],
      estimatedDelivery: null,
    });
    // No name that every object has is a location with stock.
    expect(told({ locations: [location("constructor")], bands: {} }).availableByRegion).toEqual([]);
  });

  test("of a place is one of those that serve it, with the day on which it would come there", () => {
    const locations = [
      location("near", { serviceRegions: ["US-WA", "US:97"] }),
      location("far", { ...NEW_YORK, serviceRegions: ["US"] }),
    ];
    const here = told({ locations, bands: { near: "none", far: "many" }, place: SEATTLE_ADDRESS });
    expect(here).toMatchObject({
      overallStatus: "in_stock",
      availableByRegion: [
        { region: "US", status: "in_stock", estimatedDelivery: here.estimatedDelivery },
        { region: "US-WA", status: "in_stock", estimatedDelivery: here.estimatedDelivery },
      ],
    });
    const nearer = told({ locations, bands: { near: "few", far: "many" }, place: SEATTLE_ADDRESS });
    const [country, state] = nearer.availableByRegion;
    expect(country?.estimatedDelivery).toBe(here.estimatedDelivery);
    expect(state?.estimatedDelivery).toBe(nearer.estimatedDelivery);
    expect(Date.parse(nearer.estimatedDelivery ?? "")).toBeLessThan(Date.parse(here.estimatedDelivery ?? ""));
  });

  test("is one of at most so many, the first by their bytes", () => {
    const serviceRegions = Array.from(
      { length: AVAILABILITY_REGIONS_MAX + 5 },
      (_, nth) => `US:${100 + nth}`,
    );
    const locations = [location("west", { serviceRegions: serviceRegions.toReversed() })];
    const { availableByRegion } = told({ locations, bands: { west: "many" } });
    expect(availableByRegion.map(({ region }) => region)).toEqual(
      serviceRegions.slice(0, AVAILABILITY_REGIONS_MAX),
    );
  });
});

describe("the day on which it would come", () => {
  const toSeattle = (facts: Partial<Location>, now: string): string | null =>
    told({
      locations: [location("here", facts)],
      bands: { here: "many" },
      place: SEATTLE_ADDRESS,
      now: new Date(now),
    }).estimatedDelivery;

  test("moves with the cut-off by the location's own clock, from that very minute on", () => {
    // Seattle to Seattle is a day. 17:00 there is 01:00 in UTC in winter.
    expect(toSeattle({}, "2026-01-14T00:59:59Z")).toBe("2026-01-14T20:00:00.000Z");
    expect(toSeattle({}, "2026-01-14T01:00:00Z")).toBe("2026-01-15T20:00:00.000Z");
    // By New York's clock it is three hours earlier, and five days away.
    expect(toSeattle(NEW_YORK, "2026-01-13T21:59:59Z")).toBe("2026-01-20T17:00:00.000Z");
    expect(toSeattle(NEW_YORK, "2026-01-13T22:00:00Z")).toBe("2026-01-21T17:00:00.000Z");
  });

  test("is an hour earlier in UTC from the day on which clocks go forward", () => {
    expect(toSeattle({}, "2026-03-06T00:59:59Z")).toBe("2026-03-06T20:00:00.000Z");
    expect(toSeattle({}, "2026-03-09T23:59:59Z")).toBe("2026-03-10T19:00:00.000Z");
    expect(toSeattle({}, "2026-03-10T00:00:00Z")).toBe("2026-03-11T19:00:00.000Z");
    // Half the earth goes the other way in the same month, and Phoenix does not go at all.
    expect(toSeattle({ timeZone: "Australia/Sydney" }, "2026-04-06T06:59:59Z")).toBe(
      "2026-04-07T02:00:00.000Z",
    );
    expect(toSeattle({ timeZone: "America/Phoenix" }, "2026-03-09T23:59:59Z")).toBe(
      "2026-03-10T19:00:00.000Z",
    );
  });

  test("waits for a location that is closed, and for carriers that rest on Sunday", () => {
    // Friday, after the cut-off.
    expect(toSeattle({}, "2026-01-17T02:00:00Z")).toBe("2026-01-20T20:00:00.000Z");
    expect(toSeattle({ operatingDays: EVERY_DAY }, "2026-01-17T02:00:00Z")).toBe("2026-01-19T20:00:00.000Z");
    expect(toSeattle({ operatingDays: [] }, "2026-01-17T02:00:00Z")).toBeNull();
  });

  test("is the quickest location's that has it, may handle it, has capacity and ships it so", () => {
    const here = { serviceRegions: ["US"] };
    const locations = [location("near", here), location("middle", { ...here, ...DENVER })];
    const estimate = (facts: Partial<Location>, over: Partial<Told> = {}) =>
      told({
        locations: [location("near", { ...here, ...facts }), locations[1] ?? location("")],
        bands: { near: "many", middle: "many" },
        place: SEATTLE_ADDRESS,
        ...over,
      }).estimatedDelivery;
    const [quick, slow] = ["2026-01-14T20:00:00.000Z", "2026-01-19T19:00:00.000Z"];
    expect(estimate({})).toBe(quick);
    expect(estimate({}, { bands: { near: "none", middle: "few" } })).toBe(slow);
    expect(estimate({ capacityPerDay: 10, currentUtilization: 1 })).toBe(slow);
    expect(estimate({ shippingMethods: [{ method: "expedited", cutoff: "17:00" }] })).toBe(slow);
    expect(estimate({ serviceRegions: ["US-OR"] })).toBe(slow);
    expect(estimate({}, { hazmat: true })).toBeNull();
    const handles = { hazmat: true, oversized: false, refrigerated: false };
    expect(estimate({ handles }, { hazmat: true })).toBe(quick);
  });

  test("without a place is the earliest of any region", () => {
    const locations = [
      location("west", { serviceRegions: ["US-WA"] }),
      location("north", { serviceRegions: ["CA"] }),
    ];
    const { availableByRegion, estimatedDelivery } = told({
      locations,
      bands: { west: "many", north: "many" },
    });
    const estimates = availableByRegion.map((region) => region.estimatedDelivery);
    expect(new Set(estimates).size).toBe(2);
    expect(estimatedDelivery).toBe(estimates.toSorted()[0]);
  });
});

describe("whatever lies where", () => {
  const REGIONS = ["US", "CA", "US-WA", "US-NY", "US:98", "US:981", "US:10", "CA-BC"];
  const ZONES = ["America/Los_Angeles", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
  const locationArbitrary: fc.Arbitrary<Partial<Location>> = fc.record({
    serviceRegions: fc.uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1, maxLength: 4 }),
    timeZone: fc.constantFrom(...ZONES),
    operatingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    capacityPerDay: fc.constantFrom(0, 100),
    shippingMethods: fc
      .record({
        method: fc.constantFrom("standard", "standard", "expedited"),
        cutoff: fc.constantFrom("00:00", "02:30", "17:00", "23:59"),
      })
      .map((method) => [method]),
  });
  const world = fc
    .array(fc.tuple(locationArbitrary, fc.constantFrom<Band | undefined>("none", "few", "many", undefined)), {
      maxLength: 6,
    })
    .map((drawn) => ({
      locations: drawn.map(([facts], nth) => location(`l${nth}`, facts)),
      bands: Object.fromEntries(
        drawn.flatMap(([, band], nth) => (band === undefined ? [] : [[`l${nth}`, band]])),
      ) as Record<string, Band>, // fromEntries forgets which texts they are
    }));
  const place = fc.constantFrom<AskedPlace>(
    null,
    SEATTLE_ADDRESS,
    { country: "US", postalCode: "10001" },
    { country: "CA", postalCode: undefined },
    { country: "DE", postalCode: "10115" },
  );
  const now = fc.date({
    min: new Date("2026-01-01T00:00Z"),
    max: new Date("2027-12-31T00:00Z"),
    noInvalidDate: true,
  });
  const asked: fc.Arbitrary<Told> = fc
    .record({ world, place, now, preorder: fc.boolean(), figure: fc.option(fc.integer({ min: 1, max: 10 })) })
    .map(({ world, ...rest }) => ({ ...world, ...rest }));

  const rank = (status: string): number => STATUSES.findIndex((one) => one === status);

  test("what is told fits the contract, and no order of the locations changes it", () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const answer = told(asked);
        expect(availabilitySchema.parse(answer)).toEqual(answer);
        expect(told({ ...asked, locations: asked.locations.toReversed() })).toEqual(answer);
      }),
    );
  });

  test("what cannot be had has no day on which it comes; what comes can be had", () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const { availableByRegion, ...overall } = told(asked);
        for (const { status, estimatedDelivery } of [
          ...availableByRegion,
          { ...overall, status: overall.overallStatus },
        ]) {
          if (status === "out_of_stock" || status === "preorder") expect(estimatedDelivery).toBeNull();
          if (estimatedDelivery !== null) {
            expect(Date.parse(estimatedDelivery)).toBeGreaterThan((asked.now ?? NOW).getTime());
          }
        }
      }),
    );
  });

  test("the whole is the best of its regions, in status and in day", () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const { availableByRegion, overallStatus, estimatedDelivery } = told(asked);
        const statuses = availableByRegion.map(({ status }) => rank(status));
        if (statuses.length > 0) expect(Math.max(...statuses)).toBe(rank(overallStatus));
        const days = availableByRegion.map((region) => region.estimatedDelivery);
        expect(days.filter((day) => day !== null).toSorted()[0] ?? null).toBe(estimatedDelivery);
      }),
    );
  });

  test("regions are in the order of their bytes, each once, and serve the place that was asked for", () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const regions = told(asked).availableByRegion.map(({ region }) => region);
        expect(regions).toEqual([...new Set(regions)].toSorted());
        const { place = null } = asked;
        if (place === null) return;
        expect(regions.every((region) => isServed([region], placeOf(place, postalTable)))).toBe(true);
      }),
    );
  });

  test("no figure is told but the one that was given, and that of low stock alone", () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const { overallStatus, stockMessage, availableByRegion } = told(asked);
        const isLow = overallStatus === "low_stock" && asked.figure !== null;
        expect(stockMessage.match(/\d+/)?.[0]).toBe(isLow ? String(asked.figure) : undefined);
        expect(availableByRegion.every(({ stockMessage }) => !/\d/.test(stockMessage))).toBe(true);
      }),
    );
  });

  test("more stock is never told as less, and never as later", () => {
    const more: Record<Band, Band> = { none: "few", few: "many", many: "many" };
    fc.assert(
      fc.property(asked, fc.nat(5), (asked, nth) => {
        const band = asked.bands[`l${nth}`];
        if (band === undefined) return;
        const before = told(asked);
        const after = told({ ...asked, bands: { ...asked.bands, [`l${nth}`]: more[band] } });
        const pairs = [...before.availableByRegion.entries()].map(
          ([at, region]) => [region, after.availableByRegion[at]] as const,
        );
        for (const [one, other] of pairs) {
          expect(rank(other?.status ?? "")).toBeGreaterThanOrEqual(rank(one.status));
          // Nothing sorts behind any time.
          expect((other?.estimatedDelivery ?? "~") <= (one.estimatedDelivery ?? "~")).toBe(true);
        }
        expect(rank(after.overallStatus)).toBeGreaterThanOrEqual(rank(before.overallStatus));
      }),
    );
  });
});
