// What a gateway remembers of products and locations for some seconds, and PostgreSQL's clock, by which cut-offs are
// judged: a choice of locations must not cost a statement for each.
import {
  CATALOGUE_LOCATIONS_MAX,
  CATALOGUE_MS,
  CATALOGUE_PRODUCTS_MAX,
  CATALOGUE_READ_MAX,
} from "@dropgate/contracts/limits";
import { locationOf } from "@dropgate/inventory/fulfilment/facts-of-rows";
import type { Location } from "@dropgate/inventory/fulfilment/model";
import { ReadsTogether } from "@dropgate/inventory/reads-together";
import type { Truth } from "@dropgate/sql";
import { listLocations } from "@dropgate/sql/locations/location-row";
import { type ProductRow, readProducts } from "@dropgate/sql/products/product-row";
import { readClock } from "@dropgate/sql/sales/lock-sale";

interface Places {
  locations: readonly Location[];
  byId: ReadonlyMap<string, Location>;
  /** PostgreSQL's time at this process's moment `atMs`. */
  clock: Date;
  atMs: number;
}

interface Known {
  row: ProductRow;
  atMs: number;
  /** It is being read anew. */
  isRenewed: boolean;
}

export class Catalogue {
  readonly #truth: Truth;
  #places: Promise<Places> | null = null;
  #placesMs = Number.NEGATIVE_INFINITY;
  readonly #products = new Map<string, Known>();
  readonly #productReads = new ReadsTogether((skus) => this.#readProducts(skus), {
    batchMax: CATALOGUE_READ_MAX,
  });

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** All locations, and what time it is by PostgreSQL. @throws when it is away and what is known is too old */
  async places(): Promise<Pick<Places, "locations" | "byId"> & { now: Date }> {
    const nowMs = performance.now();
    if (this.#places === null || nowMs - this.#placesMs > CATALOGUE_MS) {
      this.#placesMs = nowMs;
      const read = this.#readPlaces();
      this.#places = read;
      read.catch(() => {
        if (this.#places === read) this.#places = null;
      });
    }
    const { locations, byId, clock, atMs } = await this.#places;
    return { locations, byId, now: new Date(clock.getTime() + performance.now() - atMs) };
  }

  /** Those of the products that there are. Nobody waits for one that was read a moment ago. */
  async products(skus: readonly string[]): Promise<ProductRow[]> {
    const nowMs = performance.now();
    const rows = await Promise.all(
      [...new Set(skus)].map(async (sku) => {
        const there = this.#products.get(sku);
        if (there === undefined || nowMs - there.atMs >= CATALOGUE_MS) return this.#productReads.of(sku);
        if (nowMs - there.atMs >= CATALOGUE_MS / 2 && !there.isRenewed) this.#renew(sku, there);
        return there.row;
      }),
    );
    return rows.filter((row) => row !== undefined);
  }

  #renew(sku: string, there: Known): void {
    there.isRenewed = true;
    this.#productReads.of(sku).catch(() => {
      // PostgreSQL is away: whoever asks next tries again, and is told so once this one is too old.
      there.isRenewed = false;
    });
  }

  async #readProducts(skus: readonly string[]): Promise<Map<string, ProductRow>> {
    const rows = await readProducts(this.#truth, skus);
    if (this.#products.size + rows.length > CATALOGUE_PRODUCTS_MAX) this.#products.clear();
    const atMs = performance.now();
    for (const row of rows) this.#products.set(row.sku, { row, atMs, isRenewed: false });
    return new Map(rows.map((row) => [row.sku, row]));
  }

  async #readPlaces(): Promise<Places> {
    const [rows, clock] = await Promise.all([
      listLocations(this.#truth, null, CATALOGUE_LOCATIONS_MAX),
      readClock(this.#truth),
    ]);
    const locations = rows.map(locationOf);
    const byId = new Map(locations.map((location) => [location.id, location]));
    return { locations, byId, clock, atMs: performance.now() };
  }
}
