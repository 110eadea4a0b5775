// What an operator does with stock that is under way: has it sent to another location, tells of a delivery that a
// supplier owes, and closes a transfer of which something never came.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { PurchaseOrderCreate, TransferCreate } from "@dropgate/contracts/wms";
import type { Statements } from "@dropgate/sql";
import { readKnown } from "@dropgate/sql/wms/read-world";
import {
  insertPurchaseOrder,
  insertTransfer,
  lockTransfer,
  type TransferRow,
  writeClosed,
} from "@dropgate/sql/wms/transfers";
import { newTransferId } from "../ids.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";
import { askWarehouse } from "../warehouse/asking.ts";

/** What of these is not known; null: all is. */
async function refusalOf(
  tx: Statements,
  items: readonly { sku: string }[],
  locations: Readonly<Record<string, string>>,
): Promise<ReturnType<typeof refuse> | null> {
  const { skus, places } = await readKnown(
    tx,
    items.map(({ sku }) => sku),
    Object.values(locations),
  );
  const unknown = items.flatMap(({ sku }, i) =>
    skus.has(sku) ? [] : [{ pointer: `/items/${i}/sku`, detail: "There is no such product." }],
  );
  if (unknown.length > 0) return refuse("PRODUCT_NOT_FOUND", { errors: unknown });
  const nowhere = Object.entries(locations).flatMap(([field, id]) =>
    places.has(id) ? [] : [{ pointer: `/${field}`, detail: "There is no such location." }],
  );
  return nowhere.length > 0 ? refuse("LOCATION_NOT_FOUND", { errors: nowhere }) : null;
}

/** Within the caller's transaction. Stock moves when the warehouses say so. */
export async function requestTransferIn(
  tx: Statements,
  request: TransferCreate,
  actor: string,
): Promise<Outcome<TransferRow>> {
  const { fromLocationId, toLocationId, items } = request;
  if (fromLocationId === toLocationId) {
    return refuse("INVALID_REQUEST", {
      errors: [{ pointer: "/toLocationId", detail: "It is the location that it comes from." }],
    });
  }
  const refusal = await refusalOf(tx, items, { fromLocationId, toLocationId });
  if (refusal !== null) return refusal;
  const transferId = request.transferId ?? newTransferId();
  if (!(await insertTransfer(tx, { transferId, fromLocationId, toLocationId }, items))) {
    return refuse("TRANSFER_EXISTS");
  }
  const reference = { type: "transfer", id: transferId };
  await askWarehouse(tx, [
    { ask: "transfer", locationId: fromLocationId, transferId, toLocationId, items, reference, actor },
  ]);
  return made(await lockTransfer(tx, transferId));
}

function made(row: TransferRow | null): Outcome<TransferRow> {
  return row === null ? refuse("TRANSFER_NOT_FOUND") : { ok: true, value: row };
}

/** Within the caller's transaction. Again is the same answer; what comes after all is stock that came. */
export async function closeTransferIn(
  tx: Statements,
  transferId: string,
  actor: string,
): Promise<Outcome<TransferRow>> {
  const transfer = await lockTransfer(tx, transferId);
  if (transfer === null || transfer.closedAt !== null) return made(transfer);
  const { fromLocationId, toLocationId, items } = transfer;
  await writeClosed(tx, transferId);
  const changes = items.flatMap(({ sku, shipped, received }): LevelChange[] => {
    const lost = Math.max(0, shipped - received);
    if (lost === 0) return [];
    const common = {
      sku,
      type: "transfer.ended" as const,
      reference: { type: "transfer", id: transferId },
      actor,
      data: { lost },
    };
    return [
      { ...common, locationId: fromLocationId, deltas: { inTransitOut: -lost } },
      { ...common, locationId: toLocationId, deltas: { inTransitIn: -lost } },
    ];
  });
  const refused = (await actOnLevelsIn(tx, changes)).find((outcome) => !outcome.ok);
  if (refused?.ok === false) throw new Error(`transfer ${transferId}: ${refused.refusal} ${refused.detail}`);
  return made(await lockTransfer(tx, transferId));
}

/** Within the caller's transaction. */
export async function orderPurchaseIn(
  tx: Statements,
  request: PurchaseOrderCreate,
  actor: string,
): Promise<Outcome<PurchaseOrderCreate>> {
  const { purchaseOrderId, locationId, items } = request;
  const refusal = await refusalOf(tx, items, { locationId });
  if (refusal !== null) return refusal;
  if (!(await insertPurchaseOrder(tx, { purchaseOrderId, locationId }, items))) {
    return refuse("PURCHASE_ORDER_EXISTS");
  }
  const changes = items.map(
    ({ sku, quantity }): LevelChange => ({
      sku,
      locationId,
      deltas: { inTransitIn: quantity },
      type: "purchase.ordered",
      reference: { type: "purchase-order", id: purchaseOrderId },
      actor,
      groupId: purchaseOrderId,
    }),
  );
  const refused = (await actOnLevelsIn(tx, changes)).find((outcome) => !outcome.ok);
  return refused?.ok === false ? refused : { ok: true, value: request };
}
