// The display layer: what product pages read. It is made from the hot layer by one filler at a time, kept for half a
// minute and dropped when stock changes; where it is away the hot layer is read, and where that is away too, nobody
// knows. The truth is asked for the product alone: a crowd that reads pages must not reach the levels in PostgreSQL.
import {
  CATALOGUE_READ_MAX,
  DISPLAY_MS_MAX,
  DISPLAY_WAIT_MS,
  DISPLAY_WAITS_MAX,
} from "@dropgate/contracts/limits";
import type { DisplayAnswer } from "@dropgate/lua/stock-store";
import type { Statements } from "@dropgate/sql";
import { type ProductRow, readProducts } from "@dropgate/sql/products/product-row";
import type { Product } from "../fulfilment/model.ts";
import { ReadsTogether } from "../reads-together.ts";
import { type Band, bandsOf } from "./bands.ts";
import type { HotStock } from "./hot-stock.ts";

/** What is shown of a SKU, as the display layer keeps it. */
export interface Shown {
  /** ISO, when the stock was looked at. */
  asOf: string;
  product: Product & { preorder: boolean };
  bands: Record<string, Band>;
}

/** `absent`: there is no such product. `unknown`: no layer that could tell can be asked. */
export type ShownAnswer = Shown | "absent" | "unknown";

export interface ShownStockParts {
  truth: Statements;
  stock: HotStock;
  lowStockThreshold: number;
  /** Whether an error is a store that is away; any other is a bug and thrown on. */
  isAway: (error: unknown) => boolean;
  /** Told to the reader as `asOf`, and decides nothing. */
  now: () => Date;
  /** From 0 to 1. */
  random: () => number;
}

/** What a crowd found missing together is not missing together again: each is shown for some part of the time less. */
const SHOWN_LESS_PART = 0.4;

export class ShownStock {
  readonly #parts: ShownStockParts;
  readonly #products: ReadsTogether<ProductRow>;

  constructor(parts: ShownStockParts) {
    this.#parts = parts;
    this.#products = new ReadsTogether(
      async (skus) => new Map((await readProducts(parts.truth, skus)).map((row) => [row.sku, row])),
      { batchMax: CATALOGUE_READ_MAX },
    );
  }

  async read(sku: string): Promise<ShownAnswer> {
    for (let waits = 0; ; waits += 1) {
      const answer = await this.#unlessAway(this.#readDisplay(sku));
      // A display that is away, or a filler that takes its time: made for this caller alone.
      if (answer === null || ("wait" in answer && waits >= DISPLAY_WAITS_MAX)) return this.#make(sku);
      if ("text" in answer) return JSON.parse(answer.text) as Shown; // as #fill wrote it
      if ("fill" in answer) return this.#fill(sku, answer.fill);
      await new Promise((resolve) => setTimeout(resolve, DISPLAY_WAIT_MS));
    }
  }

  async #readDisplay(sku: string): Promise<DisplayAnswer> {
    return (await this.#parts.stock.store(sku)).readDisplay();
  }

  async #fill(sku: string, token: string): Promise<ShownAnswer> {
    const made = await this.#make(sku);
    if (typeof made === "object") {
      const store = await this.#parts.stock.store(sku);
      const showMs = Math.round(DISPLAY_MS_MAX * (1 - SHOWN_LESS_PART * this.#parts.random()));
      await this.#unlessAway(store.fillDisplay(token, JSON.stringify(made), showMs));
    }
    return made;
  }

  async #make(sku: string): Promise<ShownAnswer> {
    const { stock, lowStockThreshold, now } = this.#parts;
    const asOf = now().toISOString();
    const found = await this.#unlessAway(this.#products.of(sku).then((product) => ({ product })));
    if (found === null) return "unknown";
    // Looked for first: made-up SKUs leave no trace in the hot store.
    if (found.product === undefined) return "absent";
    const looked = await this.#unlessAway(stock.look([sku]));
    if (looked === null) return "unknown";
    const bands = bandsOf(looked.get(sku) ?? [], lowStockThreshold);
    return { asOf, product: productOf(found.product), bands };
  }

  async #unlessAway<Value>(asked: Promise<Value>): Promise<Value | null> {
    try {
      return await asked;
    } catch (error) {
      if (this.#parts.isAway(error)) return null;
      throw error;
    }
  }
}

function productOf(row: ProductRow): Shown["product"] {
  const { sku, weightGrams, hazmat, oversized, refrigerated, preorder } = row;
  const dimensionsMm = { length: row.lengthMm, width: row.widthMm, height: row.heightMm };
  return { sku, weightGrams, dimensionsMm, hazmat, oversized, refrigerated, preorder };
}
