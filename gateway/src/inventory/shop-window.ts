// What shoppers are told of products, as bytes that serve everybody who asks within a second: a product page that is
// read ten thousand times a second costs a look at the display layer now and then.
import type { Availability } from "@dropgate/contracts/availability";
import {
  AVAILABILITY_BODY_MS,
  LOCATIONS_REMEMBERED_MAX,
  LOCATIONS_REMEMBERED_MS,
  SHOWN_REMEMBERED_MAX,
} from "@dropgate/contracts/limits";
import type { Location } from "@dropgate/inventory/fulfilment/model";
import { loadPostalTable } from "@dropgate/inventory/fulfilment/places";
import { tableRates } from "@dropgate/inventory/fulfilment/rates";
import { type AskedPlace, availabilityOf, unknownAvailability } from "@dropgate/inventory/hot/availability";
import { sumOf } from "@dropgate/inventory/hot/cart-check";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { type Shown, ShownStock } from "@dropgate/inventory/hot/shown-stock";
import { requestOf } from "@dropgate/inventory/locations/locations";
import type { Truth } from "@dropgate/sql";
import { listLocations } from "@dropgate/sql/locations/location-row";
import { isAway } from "../edge/faults.ts";
import { AheadOfTime } from "./ahead-of-time.ts";

export interface ShopWindowParts {
  truth: Truth;
  stock: HotStock;
  lowStockThreshold: number;
  exactFigures: boolean;
}

export class ShopWindow {
  readonly #parts: ShopWindowParts;
  readonly #shown: ShownStock;
  readonly #rates = tableRates();
  readonly #bodies = new AheadOfTime<string | null>({
    keepMs: AVAILABILITY_BODY_MS,
    keptMax: SHOWN_REMEMBERED_MAX,
  });
  #locations: { known: Promise<Location[]>; untilMs: number } | null = null;

  constructor(parts: ShopWindowParts) {
    this.#parts = parts;
    this.#shown = new ShownStock({ ...parts, isAway, now: () => new Date(), random: Math.random });
  }

  /** The JSON of its availability; null when there is no such product. */
  body(sku: string, place: AskedPlace): Promise<string | null> {
    // With its mark before it no SKU is the same as a list, which begins with a bracket.
    const name = place === null ? `=${sku}` : JSON.stringify([sku, place.country, place.postalCode]);
    return this.#bodies.of(name, async () => {
      const told = await this.#look(sku, place);
      return told === null ? null : JSON.stringify(told);
    });
  }

  async #look(sku: string, place: AskedPlace): Promise<Availability | null> {
    const shown = await this.#shown.read(sku);
    const now = new Date();
    if (shown === "absent") return null;
    if (shown === "unknown") return unknownAvailability(sku, now);
    const locations = await this.#knownLocations();
    const figure = await this.#figure(shown);
    const circumstances = { now, postalTable: await loadPostalTable(), rates: this.#rates };
    return availabilityOf(shown, locations, place, figure, circumstances);
  }

  /** What is left, read from the hot layer this moment: a figure that is half a minute old is not told. */
  async #figure({ product: { sku }, bands }: Shown): Promise<number | null> {
    const { exactFigures, stock, lowStockThreshold } = this.#parts;
    if (!exactFigures || !Object.values(bands).includes("few")) return null;
    try {
      const left = sumOf((await stock.look([sku])).get(sku) ?? []);
      return left > 0 && left <= lowStockThreshold ? left : null;
    } catch (error) {
      if (isAway(error)) return null;
      throw error;
    }
  }

  /** As they were a few seconds ago; while PostgreSQL is away, as they were last. */
  async #knownLocations(): Promise<Location[]> {
    const before = this.#locations;
    if (before !== null && before.untilMs > performance.now()) return before.known;
    const known = listLocations(this.#parts.truth, null, LOCATIONS_REMEMBERED_MAX).then((rows) =>
      rows.map(({ id, ...facts }) => ({ id, ...requestOf(facts) })),
    );
    this.#locations = { known, untilMs: performance.now() + LOCATIONS_REMEMBERED_MS };
    try {
      return await known;
    } catch (error) {
      this.#locations = before;
      if (!isAway(error)) throw error;
      // Status and message do not need them.
      return before === null ? [] : before.known;
    }
  }
}
