// What is kept of a SKU's stock to be shown: by location a band, never a count, for what is shown may be half a minute
// old and a figure would be a lie by then.
import type { HotLevel } from "./hot-stock.ts";

/** `few`: at most the low-stock line. */
export type Band = "none" | "few" | "many";

export function bandOf(available: number, lowStockThreshold: number): Band {
  if (available <= 0) return "none";
  return available <= lowStockThreshold ? "few" : "many";
}

/** Of locations together. Few here and few there may be many, but is not said to be: too careful is no lie. */
export function bandTogether(bands: Iterable<Band>): Band {
  let together: Band = "none";
  for (const band of bands) {
    if (band === "many") return "many";
    if (band === "few") together = "few";
  }
  return together;
}

export function bandsOf(levels: readonly HotLevel[], lowStockThreshold: number): Record<string, Band> {
  return Object.fromEntries(
    levels.map(({ locationId, available }) => [locationId, bandOf(available, lowStockThreshold)]),
  );
}
