// What a shipment costs and how long it is under way. An interface, because merchants have contracts of their own,
// with a table behind it that is good enough to start with.

import type { Location, Product } from "./model.ts";
import { distanceKm, type Place } from "./places.ts";

/**
 * A shipment costs `base`, once, and `perBilledUnit` for each billed unit in it, all in minor units.
 *
 * So the price is a fixed part and a part that grows evenly with what is in the parcel. That is what lets the choice
 * be exact over all assignments in milliseconds: each line brings its own share to wherever it goes, and a location
 * is paid once. A carrier with steps of weight is given as the line through the upper ends of its steps.
 */
export interface Tariff {
  base: number;
  perBilledUnit: number;
  /** Business days; 0 arrives on the day it is shipped. */
  transitDays: number;
}

export interface ShippingRates {
  /** ISO 4217; one currency, for amounts are added and compared. */
  currency: string;
  /** Whole billed units of one piece. */
  billedUnits(product: Product): number;
  /** Null where the method does not go from there. */
  tariff(method: string, from: Location, to: Place): Tariff | null;
}

export interface RateTable {
  currency: string;
  /** The farthest distance of each zone in km; what is beyond the last is the last zone. */
  zonesKm: readonly number[];
  /** Weight is billed in steps of this for each piece. */
  unitGrams: number;
  /** A large light piece is billed as if this many cubic millimetres weighed a gram; 5,000 cm³ for a kilogram. */
  dimensionalMm3PerGram: number;
  /** By method: a tariff for each zone, nearest first; where the list ends, the method ends. */
  methods: Readonly<Record<string, { zones: readonly Tariff[]; abroad: Tariff | null }>>;
}

function tariffs(bases: number[], perUnit: number[], transit: number[]): Tariff[] {
  return bases.map((base, zone) => ({
    base,
    perBilledUnit: perUnit[zone] ?? 0,
    transitDays: transit[zone] ?? 0,
  }));
}

/** Of the size of published parcel rates in the United States, in cents; a start, not anybody's contract. */
export const RATE_TABLE: RateTable = {
  currency: "USD",
  zonesKm: [80, 240, 480, 960, 1_600, 2_250, 2_900, Number.POSITIVE_INFINITY],
  unitGrams: 100,
  dimensionalMm3PerGram: 5_000,
  methods: {
    standard: {
      zones: tariffs(
        [495, 525, 565, 610, 660, 710, 765, 830],
        [3, 4, 5, 7, 9, 11, 13, 16],
        [1, 2, 2, 3, 4, 4, 5, 5],
      ),
      abroad: { base: 2_200, perBilledUnit: 60, transitDays: 10 },
    },
    expedited: {
      zones: tariffs(
        [895, 960, 1_040, 1_150, 1_280, 1_420, 1_560, 1_720],
        [8, 10, 13, 16, 20, 24, 28, 33],
        [1, 1, 2, 2, 2, 2, 2, 2],
      ),
      abroad: { base: 4_200, perBilledUnit: 110, transitDays: 4 },
    },
    next_day: {
      zones: tariffs(
        [1_690, 1_890, 2_150, 2_480, 2_850, 3_200, 3_560, 3_950],
        [20, 25, 31, 38, 46, 54, 62, 71],
        [1, 1, 1, 1, 1, 1, 1, 1],
      ),
      abroad: null,
    },
    same_day: { zones: tariffs([1_290], [15], [0]), abroad: null },
  },
};

export function tableRates(table: RateTable = RATE_TABLE): ShippingRates {
  return {
    currency: table.currency,
    billedUnits: ({ weightGrams, dimensionsMm: { length, width, height } }) => {
      const dimensionalGrams = (length * width * height) / table.dimensionalMm3PerGram;
      return Math.ceil(Math.max(weightGrams, dimensionalGrams) / table.unitGrams);
    },
    tariff: (method, from, to) => {
      const rates = Object.hasOwn(table.methods, method) ? table.methods[method] : undefined;
      if (rates === undefined) return null;
      if (from.address.country !== to.country) return rates.abroad;
      return rates.zones[zoneOf(table, from, to)] ?? null;
    },
  };
}

function zoneOf({ zonesKm }: RateTable, from: Location, to: Place): number {
  const last = zonesKm.length - 1;
  if (to.coordinates === null) return last;
  const km = distanceKm(from.coordinates, to.coordinates);
  const zone = zonesKm.findIndex((farthest) => km <= farthest);
  return zone === -1 ? last : zone;
}
