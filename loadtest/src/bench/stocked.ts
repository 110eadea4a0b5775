// What the inventory's rows stand on: a catalogue of the size that the design asks for, and beside it the few SKUs that
// the load asks for, at five locations each, with more stock than will be taken.
import { type CatalogueSize, locationAt } from "@dropgate/inventory/catalogue/catalogue";
import { fillCatalogue } from "@dropgate/inventory/catalogue/fill";
import { Truth } from "@dropgate/sql";
import { insertProducts, openLevels } from "@dropgate/sql/catalogue/insert-catalogue";
import type { Bench } from "./bench.ts";

const FULL = { skus: 100_000, locations: 200 };
const QUICK = { skus: 4_000, locations: 50 };
/** Of one SKU at one location. */
export const PLENTY = 10_000_000;
export const HOT_SKU = "hot";
export const SPREAD_SKUS = Array.from({ length: 2_000 }, (_, i) => `spread ${i}`);
const LOCATIONS_OF_EACH = 5;

export interface Stocked {
  /** The five that have what is asked for. */
  locationIds: string[];
  catalogue: CatalogueSize;
}

/** Fills PostgreSQL; what the gateway knows of it, it learns as of any change behind it. */
export async function stockUp(bench: Bench, databaseUrl: string): Promise<Stocked> {
  const catalogue = { ...bench.pick(FULL, QUICK), everywhere: false, seed: 1 };
  const truth = new Truth({ url: databaseUrl, statementMsMax: 60_000 });
  try {
    await fillCatalogue(truth, catalogue);
    const skus = [HOT_SKU, ...SPREAD_SKUS];
    await insertProducts(truth, skus.map(productOf));
    // Warehouses, which serve the whole country: every tenth.
    const locationIds = Array.from({ length: LOCATIONS_OF_EACH }, (_, i) => locationAt(catalogue, i * 10).id);
    const levels = skus.flatMap((sku) =>
      locationIds.map((locationId) => ({ sku, locationId, onHand: PLENTY, reorderPoint: 0 })),
    );
    await openLevels(truth, levels, "bench");
    // Each of these orders must be able to leave from any of the five.
    await truth.query(
      `UPDATE locations SET capacity_per_day = 1000000000, current_utilization = 0, service_regions = '{US}',
         operating_days = '{1,2,3,4,5,6,7}' WHERE id = ANY($1)`,
      [locationIds],
    );
    await truth.query("VACUUM ANALYZE");
    // What loading has left to write is the load's. And a server that has run for a while has log files to use again: a
    // new one is 16 MB of zeros, on disk before anybody may go on.
    await truth.query("CHECKPOINT");
    return { locationIds, catalogue };
  } finally {
    await truth.close();
  }
}

function productOf(sku: string): Parameters<typeof insertProducts>[1][number] {
  return {
    sku,
    facts: {
      title: sku,
      priceAmount: 1_000,
      priceCurrency: "USD",
      weightGrams: 500,
      lengthMm: 100,
      widthMm: 100,
      heightMm: 100,
      hazmat: false,
      oversized: false,
      refrigerated: false,
      preorder: false,
    },
  };
}
