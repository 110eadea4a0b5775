// Chooses from where an order ships, by what the gateway knows of products and places and what the hot store shows of
// the shelves.
import type { FulfilmentPlan, OrderRequest } from "@dropgate/contracts/fulfilment";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { choosePlan, type NoPlan } from "@dropgate/inventory/fulfilment/choose";
import { productOf } from "@dropgate/inventory/fulfilment/facts-of-rows";
import type { Location, Stock } from "@dropgate/inventory/fulfilment/model";
import { loadPostalTable } from "@dropgate/inventory/fulfilment/places";
import { tableRates } from "@dropgate/inventory/fulfilment/rates";
import type { Catalogue } from "./catalogue.ts";

/** What the shelves have of each SKU. @throws when it cannot be told */
export type Shelves = (skus: readonly string[]) => Promise<ReadonlyMap<string, readonly Stock[]>>;

const rates = tableRates();

/** @throws HotStoreAway, or when PostgreSQL is away */
export async function planOrder(
  catalogue: Catalogue,
  shelves: Shelves,
  order: OrderRequest,
): Promise<Outcome<FulfilmentPlan>> {
  const skus = order.items.map(({ sku }) => sku);
  const [products, places, levels, postalTable] = await Promise.all([
    catalogue.products(skus),
    catalogue.places(),
    shelves(skus),
    loadPostalTable(),
  ]);
  const mixed = new Set(products.map(({ priceCurrency }) => priceCurrency));
  if (mixed.size > 1) return refuse("MIXED_CURRENCIES", { detail: `They are ${[...mixed].join(" and ")}.` });
  const stock = [...levels.values()].flat();
  const circumstances = { now: places.now, postalTable, rates };
  const facts = { products: products.map(productOf), stock };
  // Whoever has none of it cannot be chosen: mostly a few of hundreds remain.
  const near = new Set<Location>();
  for (const { locationId, available } of stock) {
    const location = available > 0 ? places.byId.get(locationId) : undefined;
    if (location !== undefined) near.add(location);
  }
  const choice = choosePlan(order, { ...facts, locations: [...near] }, circumstances);
  if (choice.ok) return { ok: true, value: choice.plan };
  // Why not is a question about all of them.
  const full = near.size < places.locations.length ? chooseAmong(places.locations) : choice;
  return full.ok ? { ok: true, value: full.plan } : refusalOf(full, order);

  function chooseAmong(locations: readonly Location[]): ReturnType<typeof choosePlan> {
    return choosePlan(order, { ...facts, locations }, circumstances);
  }
}

/** Why there is no plan, in words, with the lines that are to blame. */
export function refusalOf(why: NoPlan, order: Pick<OrderRequest, "items">): Refusal {
  switch (why.refusal) {
    case "UNKNOWN_PRODUCT":
      return refuse("PRODUCT_NOT_FOUND", {
        errors: pointersTo(why.skus, order, "There is no such product."),
      });
    case "WANTED_DATE_PAST":
      return refuse("WANTED_DATE_PAST", {
        errors: [{ pointer: "/requestedDeliveryDate", detail: "This day is past everywhere." }],
      });
    case "WANTED_DATE_NOT_REACHABLE":
      return refuse("WANTED_DATE_NOT_REACHABLE", { detail: `The earliest is ${why.earliest}.` });
    case "NO_ROUTE":
      return refuse("NO_ROUTE", {
        errors: pointersTo(why.skus, order, "No location may ship it to this address, at this speed."),
      });
    case "INSUFFICIENT_STOCK":
      return refuse("INSUFFICIENT_STOCK", {
        detail: why.short
          .map(
            ({ sku, requested, available }) => `Of ${sku} ${requested} are wanted and ${available} in reach.`,
          )
          .join(" "),
        errors: pointersTo(
          why.short.map(({ sku }) => sku),
          order,
          "There are not enough.",
        ),
      });
  }
}

function pointersTo(
  skus: readonly string[],
  { items }: Pick<OrderRequest, "items">,
  detail: string,
): { pointer: string; detail: string }[] {
  const named = new Set(skus);
  return items.flatMap(({ sku }, i) => (named.has(sku) ? [{ pointer: `/items/${i}/sku`, detail }] : []));
}
