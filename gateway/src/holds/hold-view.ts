// A hold as it is shown: to its shopper, the merchant, and over the socket.
import type { Hold } from "@dropgate/contracts/hold";
import type { HoldRow } from "@dropgate/sql/holds/hold-row";

export function holdView(hold: HoldRow): Hold {
  return {
    holdId: hold.holdId,
    saleId: hold.saleId,
    entryId: hold.entryId,
    sku: hold.sku,
    unit: hold.unit,
    quantity: 1,
    state: hold.state,
    offeredAt: hold.offeredAt.toISOString(),
    claimBy: hold.claimBy.toISOString(),
    expiresAt: hold.expiresAt?.toISOString() ?? null,
    extended: hold.extended,
    ...(hold.orderId !== null && { orderId: hold.orderId }),
  };
}
