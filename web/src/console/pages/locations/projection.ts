// Where places stand on a schematic map: their coordinates on a flat sheet that fits all of them. Pure.

export interface Coordinates {
  lat: number;
  lon: number;
}
/** The part of the world that is drawn. */
export interface Sheet {
  south: number;
  north: number;
  west: number;
  east: number;
}

/** Of the drawn sheet; the style sheet gives the map the same. */
export const WIDTH_TO_HEIGHT = 2;
/** Degrees of latitude: one place alone is not drawn as if from a ladder. */
const SPAN_MIN = 4;
const MARGIN = 0.14;
const STEPS = [1, 2, 5, 10, 15, 30, 45];
const LINES_MAX = 7;

/** A sheet around all places, as wide as it is drawn: degrees of longitude shrink with the latitude. */
export function sheetOf(places: readonly Coordinates[]): Sheet {
  if (places.length === 0) return { south: -90, north: 90, west: -180, east: 180 };
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  const middle = { lat: middleOf(lats), lon: middleOf(lons) };
  const shrink = Math.max(0.2, Math.cos((middle.lat * Math.PI) / 180));
  const high = Math.max(SPAN_MIN, spanOf(lats), (spanOf(lons) * shrink) / WIDTH_TO_HEIGHT);
  const height = high * (1 + 2 * MARGIN);
  const width = (height * WIDTH_TO_HEIGHT) / shrink;
  return {
    south: middle.lat - height / 2,
    north: middle.lat + height / 2,
    west: middle.lon - width / 2,
    east: middle.lon + width / 2,
  };
}

/** Percent from the left and from the top. */
export function spotOf({ lat, lon }: Coordinates, sheet: Sheet): { x: number; y: number } {
  return {
    x: (100 * (lon - sheet.west)) / (sheet.east - sheet.west),
    y: (100 * (sheet.north - lat)) / (sheet.north - sheet.south),
  };
}

/** The degrees at which lines are drawn between two edges. */
export function linesBetween(low: number, high: number): number[] {
  const step = STEPS.find((each) => (high - low) / each <= LINES_MAX) ?? 90;
  const first = Math.ceil(low / step) * step;
  const lines: number[] = [];
  for (let at = first; at <= high; at += step) lines.push(at);
  return lines;
}

/** "47°N", "122°W" */
export function degrees(value: number, [positive, negative]: readonly [string, string]): string {
  if (value === 0) return "0°";
  return `${Math.abs(value)}°${value > 0 ? positive : negative}`;
}

function middleOf(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2;
}

function spanOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
