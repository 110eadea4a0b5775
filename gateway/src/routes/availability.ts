// What shoppers are told of products, what a merchant's server asks before it fills a cart, and an operator's rebuild.
import { refuse } from "@dropgate/contracts/refusals";
import { checkCart } from "@dropgate/inventory/hot/cart-check";
import { rebuildStock } from "@dropgate/inventory/hot/rebuild";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import type { Services } from "../services.ts";

type AvailabilityRoutes = Pick<
  Handlers,
  "getAvailability" | "listAvailabilities" | "checkCart" | "rebuildStock"
>;

export function availabilityRoutes({ truth, stock, shopWindow }: Services): AvailabilityRoutes {
  return {
    async getAvailability(call) {
      const body = await shopWindow.body(parameter(call, "sku"), placeOf(call.query));
      return body === null ? refuse("PRODUCT_NOT_FOUND") : { ok: true, status: 200, body };
    },

    async listAvailabilities({ query }) {
      const place = placeOf(query);
      const bodies = await Promise.all([...new Set(query.sku)].map((sku) => shopWindow.body(sku, place)));
      const items = bodies.filter((body) => body !== null);
      return { ok: true, status: 200, body: `{"items":[${items.join()}]}` };
    },

    checkCart: async ({ body }) => json(200, await checkCart({ truth, stock }, body)),

    rebuildStock: async ({ body }) => json(200, { skus: await rebuildStock({ truth, stock }, body.sku) }),
  };
}

function placeOf({ country, postalCode }: { country?: string | undefined; postalCode?: string | undefined }) {
  return country === undefined ? null : { country, postalCode };
}
