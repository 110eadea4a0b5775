// Writes a made-up catalogue into PostgreSQL, a few thousand rows a statement. Begun again it goes on: what is there
// stays as it is.
import type { Statements } from "@dropgate/sql";
import { insertLocations, insertProducts, openLevels } from "@dropgate/sql/catalogue/insert-catalogue";
import { type CatalogueSize, locationAt, productAt, type Shelf, shelvesOf } from "./catalogue.ts";

export interface Filled {
  products: number;
  locations: number;
  levels: number;
}

/** Some 50 ms of PostgreSQL each. */
const ROWS_AT_ONCE = 2_000;

/**
 * @param onProgress told after each statement what is new so far
 * @returns what is new
 */
export async function fillCatalogue(
  truth: Statements,
  size: CatalogueSize,
  onProgress: (filled: Filled, skus: number) => void = () => {},
): Promise<Filled> {
  const filled: Filled = { products: 0, locations: 0, levels: 0 };
  const places = Array.from({ length: size.locations }, (_, i) => locationAt(size, i));
  filled.locations = await insertLocations(truth, places);
  let shelves: Shelf[] = [];
  const put = async (least: number): Promise<void> => {
    while (shelves.length >= least && shelves.length > 0) {
      const some = shelves.slice(0, ROWS_AT_ONCE);
      shelves = shelves.slice(ROWS_AT_ONCE);
      filled.levels += await openLevels(truth, some, "seed");
    }
  };
  for (let from = 0; from < size.skus; from += ROWS_AT_ONCE) {
    const until = Math.min(size.skus, from + ROWS_AT_ONCE);
    const numbers = Array.from({ length: until - from }, (_, i) => from + i);
    filled.products += await insertProducts(
      truth,
      numbers.map((number) => productAt(size, number)),
    );
    for (const number of numbers) {
      shelves.push(...shelvesOf(size, number));
      await put(ROWS_AT_ONCE);
      onProgress(filled, number + 1);
    }
  }
  await put(1);
  onProgress(filled, size.skus);
  return filled;
}
