// Finds an entry and proves whose it is: from its id to its sale and lane, from the caller's proof to the
// shopper, from both to the card; and to PostgreSQL where Redis has no card of it.
import type { Entry } from "@dropgate/contracts/entry";
import { placeOfEntry, type Shopper, type ShopperKey } from "@dropgate/contracts/ids";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { cardOf } from "@dropgate/inventory/cards";
import { entryIdFor, placeOfShopper } from "@dropgate/inventory/ids";
import type { Card } from "@dropgate/lua/card";
import type { Truth } from "@dropgate/sql";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { readHolds } from "@dropgate/sql/holds/hold-row";
import type { Who } from "../callers/callers.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { SaleRegistry } from "../sales/registry.ts";
import { entryView, type Purchase } from "./entry-view.ts";
import type { Joining } from "./joining.ts";

/** An entry that the caller proved to be theirs. */
export interface OwnEntry {
  sale: KnownSale;
  entryId: string;
  shopper: Shopper;
  lane: number;
  key: ShopperKey;
  /** Of a token; null when a cookie or JWT proved the shopper only. */
  attempt: number | null;
}

export interface EntryDeskParts {
  truth: Truth;
  sales: SaleRegistry;
  joining: Joining;
}

export class EntryDesk {
  readonly #parts: EntryDeskParts;

  constructor(parts: EntryDeskParts) {
    this.#parts = parts;
  }

  /** @throws when the sale is not known here and PostgreSQL is away */
  async own(entryId: string, who: Who): Promise<Outcome<OwnEntry>> {
    if (who.kind === "nobody") return refuse("UNAUTHENTICATED");
    if (who.kind === "key" || who.kind === "operator" || who.kind === "warehouse") return refuse("FORBIDDEN");
    const place = placeOfEntry(entryId);
    const sale = place === null ? null : await this.#parts.sales.findByTag(place.tag);
    if (place === null || sale === null || place.lane >= sale.ids.laneCount) return refuse("ENTRY_NOT_FOUND");
    const shopper = who.kind === "entry" ? (who.claims.shopper as Shopper) : who.shopper;
    if (who.kind === "shopper" && who.sale !== null && who.sale !== sale.id) {
      return refuse("FORBIDDEN", { detail: "The token is for another sale." });
    }
    const { shopperKey: key, lane } = placeOfShopper(sale.ids, shopper);
    const proven =
      who.kind === "entry"
        ? who.claims.entry === entryId && who.claims.sale === sale.id
        : lane === place.lane;
    if (!proven) return this.#foreign(sale, entryId, place.lane);
    const attempt = who.kind === "entry" ? who.claims.attempt : null;
    return { ok: true, value: { sale, entryId, shopper, lane, key, attempt } };
  }

  /** The entry as it is now. @throws LaneShut, HotStoreAway, or PostgreSQL's error */
  async show(own: OwnEntry): Promise<Outcome<Entry>> {
    const { sale, entryId, lane, key, shopper } = own;
    const card = await this.#lookAt(sale, lane, key);
    if (card !== null && entryIdFor(sale.ids, lane, shopper, card.attempt) === entryId) {
      return { ok: true, value: await this.view(sale, entryId, card) };
    }
    const row = (await readEntries(this.#parts.truth, [entryId]))[0];
    if (row) {
      return row.shopper === shopper
        ? { ok: true, value: await this.view(sale, entryId, cardOf(row)) }
        : refuse("FORBIDDEN");
    }
    if (own.attempt === null) {
      // A shopper of the same lane is no proof: the id itself says whose first entry it is.
      const isOwn = card === null && entryIdFor(sale.ids, lane, shopper, 1) === entryId;
      return isOwn ? refuse("ENTRY_NOT_FOUND") : this.#foreign(sale, entryId, lane);
    }
    // A receipt of ours that neither store knows: Redis lost the last second before it was stored. The
    // shopper has not left, so they have their place again, under the same id.
    const joined = await this.#parts.joining.join(sale, shopper, own.attempt);
    if (!joined.ok) return joined;
    return { ok: true, value: await this.view(sale, joined.value.entryId, joined.value.card) };
  }

  /** Of a closed sale PostgreSQL knows as much as Redis, which need not keep it. */
  async #lookAt(sale: KnownSale, lane: number, key: ShopperKey): Promise<Card | null> {
    try {
      return await this.#parts.joining.look(sale, lane, key);
    } catch (error) {
      if (sale.phase !== "closed") throw error;
      return null;
    }
  }

  /** A card's view; of a purchased one with its order, which PostgreSQL knows. */
  async view(sale: KnownSale, entryId: string, card: Card): Promise<Entry> {
    let purchase: Purchase | null = null;
    if (card.state === "purchased" && card.holdId !== null) {
      const hold = (await readHolds(this.#parts.truth, [card.holdId]))[0];
      if (hold?.orderId) purchase = { orderId: hold.orderId, unit: hold.unit };
    }
    return entryView(
      entryId,
      card,
      { id: sale.id, phase: sale.phase, serving: sale.serving, allSold: sale.allSold },
      purchase,
    );
  }

  /** Somebody else's, or nobody's? One that was just joined may not be a row yet. */
  async #foreign(sale: KnownSale, entryId: string, lane: number): Promise<Outcome<never>> {
    if (this.#parts.joining.journal.holds(sale, lane)) return refuse("FORBIDDEN");
    const row = (await readEntries(this.#parts.truth, [entryId]))[0];
    return refuse(row ? "FORBIDDEN" : "ENTRY_NOT_FOUND");
  }
}
