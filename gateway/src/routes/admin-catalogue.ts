// What an operator does with products and locations: add, look at, change.

import { refuse } from "@dropgate/contracts/refusals";
import { createLocationIn, patchLocationIn } from "@dropgate/inventory/locations/locations";
import { putWmsSecretIn, readWmsSecretState } from "@dropgate/inventory/locations/wms-secret";
import { createProductIn, patchProductIn } from "@dropgate/inventory/products/products";
import { listLocations, readLocation } from "@dropgate/sql/locations/location-row";
import { listProducts, readProduct } from "@dropgate/sql/products/product-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf, changeOnce } from "../inventory/changes.ts";
import { locationView, productView } from "../inventory/views.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_SKU, pageOf, readCursor } from "./cursor.ts";

type CatalogueRoutes = Pick<
  Handlers,
  | "createProduct"
  | "listProducts"
  | "getProduct"
  | "patchProduct"
  | "createLocation"
  | "listLocations"
  | "getLocation"
  | "patchLocation"
  | "getWmsSecret"
  | "putWmsSecret"
>;

const created = (): number => 201;

export function catalogueRoutes({ truth, idempotency, sealer, callers }: Services): CatalogueRoutes {
  return {
    createProduct: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => createProductIn(tx, call.body, actor),
        productView,
        created,
      ),

    async listProducts({ query }) {
      const after = readCursor(query.cursor, { sku: CURSOR_SKU });
      if (after === "invalid") return badCursor();
      const rows = await listProducts(truth, after?.sku ?? null, query.limit + 1);
      return json(
        200,
        pageOf(rows, query.limit, productView, ({ sku }) => [sku]),
      );
    },

    async getProduct(call) {
      const row = await readProduct(truth, parameter(call, "sku"));
      return row === null ? refuse("PRODUCT_NOT_FOUND") : json(200, productView(row));
    },

    patchProduct: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => patchProductIn(tx, parameter(call, "sku"), call.body, actor),
        productView,
      ),

    createLocation: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => createLocationIn(tx, call.body, actor),
        locationView,
        created,
      ),

    async listLocations({ query }) {
      const after = readCursor(query.cursor, { id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listLocations(truth, after?.id ?? null, query.limit + 1);
      return json(
        200,
        pageOf(rows, query.limit, locationView, ({ id }) => [id]),
      );
    },

    async getLocation(call) {
      const row = await readLocation(truth, parameter(call, "locationId"));
      return row === null ? refuse("LOCATION_NOT_FOUND") : json(200, locationView(row));
    },

    patchLocation: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => patchLocationIn(tx, parameter(call, "locationId"), call.body, actor),
        locationView,
      ),

    async getWmsSecret(call) {
      const state = await readWmsSecretState(truth, parameter(call, "locationId"));
      return state.ok ? json(200, state.value) : state;
    },

    async putWmsSecret(call) {
      const actor = actorOf(call);
      const put = await truth.transaction((tx) =>
        putWmsSecretIn(tx, sealer, parameter(call, "locationId"), call.body, actor),
      );
      callers.forgetWmsSecrets();
      return put.ok ? json(200, put.value) : put;
    },
  };
}
