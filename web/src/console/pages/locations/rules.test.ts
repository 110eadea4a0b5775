import type { Location } from "@dropgate/contracts/location";
import { expect, test } from "vitest";
import { addressText, daysText, rulesOf, textsOf } from "./rules.ts";

const RENO: Location = {
  id: "reno",
  name: "Reno",
  type: "warehouse",
  address: { city: "Reno", region: "NV", postalCode: "89502", country: "US" },
  coordinates: { lat: 39.5, lon: -119.8 },
  timeZone: "America/Los_Angeles",
  shippingMethods: [
    { method: "standard", cutoff: "17:00" },
    { method: "next_day", cutoff: "12:30" },
  ],
  handles: { hazmat: true, oversized: false, refrigerated: true },
  serviceRegions: ["US", "US:98"],
  operatingDays: [1, 2, 6],
  capacityPerDay: 500,
  currentUtilization: 0.25,
  version: 1,
  createdAt: "2026-11-01T00:00:00Z",
  updatedAt: "2026-11-01T00:00:00Z",
};

test("rules that nobody touched are told back as they were", () => {
  const { name, type, address, coordinates, timeZone, shippingMethods } = RENO;
  const { handles, serviceRegions, operatingDays, capacityPerDay } = RENO;
  expect(rulesOf(textsOf(RENO))).toEqual({
    ...{ name, type, address, coordinates, timeZone, shippingMethods },
    ...{ handles, serviceRegions, operatingDays, capacityPerDay },
  });
});

test("a day that is none is told as one that the server refuses, not left out", () => {
  expect(rulesOf({ ...textsOf(RENO), days: "monday, Holiday" }).operatingDays).toEqual([1, 0]);
});

test("a word for what can be handled that is none is told as well, so that the server refuses it", () => {
  expect(rulesOf({ ...textsOf(RENO), handles: "hazmat, frozen" }).handles).toEqual({
    hazmat: true,
    oversized: false,
    refrigerated: false,
    frozen: true,
  });
});

test("days and addresses are read as people write them", () => {
  expect([daysText([7, 1]), daysText([1, 2, 3, 4, 5, 6, 7])]).toEqual(["Mon, Sun", "every day"]);
  expect(addressText(RENO.address)).toBe("89502 Reno, NV, US");
});
