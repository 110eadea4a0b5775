// Asks warehouses to pick, to stop, to send stock elsewhere, to count. Within the transaction of what makes it
// necessary, after its levels: so it is asked exactly if that happened. A worker sends it (queue-worker/src/warehouse).
import type { ShipToAddress } from "@dropgate/contracts/fulfilment";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { CycleCount } from "@dropgate/contracts/wms-requests";
import type { Statements } from "@dropgate/sql";
import type { Reference } from "@dropgate/sql/levels/write-level-changes";
import { readLocation } from "@dropgate/sql/locations/location-row";
import { readProduct } from "@dropgate/sql/products/product-row";
import { insertRequests, type NewRequest } from "@dropgate/sql/warehouse/insert-requests";
import { type RequestRow, readRequest } from "@dropgate/sql/warehouse/request-row";
import { newWmsRequestId } from "../ids.ts";

interface Item {
  sku: string;
  quantity: number;
}

/** What a warehouse can be asked. `reference` is what the ledger says it was asked for. */
export type Asking = { locationId: string; reference: Reference; actor: string } & (
  | {
      ask: "pick";
      orderId: string;
      items: readonly Item[];
      shipTo: ShipToAddress | null;
      method: string | null;
    }
  | { ask: "cancel"; orderId: string; reason: string | null }
  | { ask: "transfer"; transferId: string; toLocationId: string; items: readonly Item[] }
  | { ask: "count"; sku: string; reason: string | null }
);

/**
 * @param askings in the order in which the warehouse is to hear them, as far as they are of one order or transfer
 * @returns the ids of the requests, in that order
 */
export async function askWarehouse(tx: Statements, askings: readonly Asking[]): Promise<string[]> {
  const requests = askings.map((asking) => requestOf(asking, newWmsRequestId()));
  await insertRequests(tx, requests);
  return requests.map(({ id }) => id);
}

/** Pure. @throws RangeError when nothing is to be picked or sent */
export function requestOf(asking: Asking, id: string): NewRequest {
  const { locationId, reference, actor } = asking;
  const common = { id, kind: asking.ask, locationId, reference, actor };
  const head = { requestId: id, locationId };
  switch (asking.ask) {
    case "pick": {
      const { orderId, shipTo, method } = asking;
      const items = bySku(asking.items);
      const body = { ...head, requestType: "PICK_REQUEST" as const, orderId, items, shipTo, method };
      return { ...common, orderKey: `order ${orderId}`, orderId, body };
    }
    case "cancel": {
      const { orderId, reason } = asking;
      const body = { ...head, requestType: "CANCEL_REQUEST" as const, orderId, reason };
      return { ...common, orderKey: `order ${orderId}`, orderId, body };
    }
    case "transfer": {
      const { transferId, toLocationId } = asking;
      const items = bySku(asking.items);
      const body = { ...head, requestType: "TRANSFER_REQUEST" as const, transferId, toLocationId, items };
      return { ...common, orderKey: `transfer ${transferId}`, orderId: null, body };
    }
    case "count": {
      const { sku, reason } = asking;
      const body = { ...head, requestType: "COUNT_REQUEST" as const, sku, reason };
      return { ...common, orderKey: `count ${sku}`, orderId: null, body };
    }
  }
}

/** Two lines of one SKU are one errand. */
function bySku(items: readonly Item[]): Item[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of items) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  if (sums.size === 0) throw new RangeError("a warehouse is asked for nothing");
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Within the caller's transaction: an operator wants a shelf counted. */
export async function askForCountIn(
  tx: Statements,
  { locationId, sku, reason }: CycleCount,
  actor: string,
): Promise<Outcome<RequestRow>> {
  if ((await readProduct(tx, sku)) === null) return refuse("PRODUCT_NOT_FOUND");
  if ((await readLocation(tx, locationId)) === null) return refuse("LOCATION_NOT_FOUND");
  const reference = { type: "level", id: `${sku} ${locationId}` };
  const [id = ""] = await askWarehouse(tx, [
    { ask: "count", locationId, sku, reason: reason ?? null, reference, actor },
  ]);
  const request = await readRequest(tx, id);
  if (request === null) throw new Error(`request ${id} was written but is not there`);
  return { ok: true, value: request };
}
